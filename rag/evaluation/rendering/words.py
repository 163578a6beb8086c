"""What all reports call things."""

from __future__ import annotations

from dataclasses import dataclass

from rag.evaluation.floor import Floor
from rag.evaluation.gate import SuiteRun
from rag.evaluation.reports import CaseResult, EvalReport, Share, Totals
from rag.schema import Answer, Summary


@dataclass(frozen=True, slots=True)
class Measure:
    """A share with its name and what the floor asks of it."""

    name: str
    share: Share
    bound: float | None = None
    at_least: bool = True

    @property
    def asked(self) -> str:
        """What the floor asks; empty where it leaves the measure open."""
        if self.bound is None:
            return ""
        return f"{'at least' if self.at_least else 'at most'} {self.bound:.1%}"


def measures(totals: Totals, floor: Floor | None) -> tuple[Measure, ...]:
    """The shares that a run is judged by."""
    asked = floor or Floor()
    return (
        Measure("right answers", totals.right, asked.right_share),
        Measure("citations of the right sentence", totals.citation, asked.citation_share),
        Measure("precision of citations", totals.citation_precision, asked.citation_precision),
        Measure("recall of citations", totals.citation_recall, asked.citation_recall),
        Measure(
            "abstentions where the articles do not say", totals.abstention, asked.abstention_share
        ),
        Measure(
            "false refusals", totals.false_refusal, asked.false_refusal_share_max, at_least=False
        ),
    )


def details(totals: Totals) -> tuple[Measure, ...]:
    """The shares that tell where it goes wrong; those of nothing are left out."""
    found = (
        Measure("expected figures shown, exact or rounded", totals.figures),
        Measure("abstentions that are right, of all", totals.abstention_precision),
        Measure("all needed sentences among the first ten found", totals.all_evidence),
        Measure("one of them there", totals.any_hit),
        Measure("mean reciprocal rank of the first of them", totals.reciprocal_rank),
        Measure("figures of summaries that their sentence states", totals.summary_precision),
        Measure("key figures that summaries give", totals.summary_coverage),
    )
    return tuple(measure for measure in found if measure.share.whole)


def faults(totals: Totals, floor: Floor | None = None) -> tuple[tuple[str, int, int | None], ...]:
    """What should not be there at all: name, count, and how many the floor allows."""
    asked = floor or Floor()
    return (
        ("Wrong figures shown", totals.wrong_figures, asked.wrong_figures_max),
        ("Misbound figures", totals.misbound_figures, asked.misbound_figures_max),
        ("Unsupported figures", totals.unsupported_figures, asked.unsupported_figures_max),
        ("Questions stopped by an error", totals.errors, None),
    )


def as_it_should(totals: Totals) -> Share:
    """Cases that ended as they should: answered right, or rightly not."""
    if totals.answerable == totals.cases:
        return totals.right
    if not totals.answerable:
        return totals.abstention
    return Share(totals.right.part + totals.abstention.part, totals.cases)


def percent(value: float | None) -> str:
    """A share as a percentage; that of nothing is none."""
    return "none" if value is None else f"{value:.1%}"


def interval(share: Share) -> str:
    """The 95% interval of a share; empty for a share of nothing."""
    if share.interval is None:
        return ""
    low, high = share.interval
    return f"{low:.1%} to {high:.1%}"


def seconds(report: EvalReport) -> str:
    """How long questions took."""
    median, p95 = (
        "none" if value is None else f"{value:.1f}" for value in (report.median_s, report.p95_s)
    )
    return f"Seconds a question: median {median}, p95 {p95}."


def minutes(duration_s: float) -> str:
    """A duration for people.

    >>> minutes(59.6), minutes(3720)
    ('1 min', '1 h 2 min')
    """
    hours, rest = divmod(round(duration_s / 60), 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"


def verdict(result: CaseResult) -> str:
    """The outcome; that of a right answer that fails says that there is more to it."""
    score = result.score
    return "right, but" if score.right and not score.passed else score.outcome.value


def change(run: SuiteRun, result: CaseResult) -> str:
    """How a case stands to the baseline: lost, won, new, same; empty where there is none."""
    comparison = run.comparison
    if comparison is None:
        return ""
    if result.case.id not in comparison.before:
        return "new"
    passed = comparison.before[result.case.id].passed
    return "same" if passed == result.score.passed else "won" if result.score.passed else "lost"


def given(result: CaseResult) -> Answer | Summary | None:
    """What came back; None where an error stopped the question."""
    return result.answer or result.summary


def given_text(result: CaseResult) -> str:
    """The words that came back, on one line; empty where an error stopped the question."""
    reply = given(result)
    if reply is None:
        return ""
    text = reply.text if isinstance(reply, Answer) else " ".join(p.text for p in reply.points)
    return " ".join(text.split())
