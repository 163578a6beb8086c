"""What a run comes to: every result, totals and shares over them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rag.evaluation.cases import Case
from rag.evaluation.retrieval_scores import NOTHING_FOUND
from rag.evaluation.scores import (
    FigureVerdict,
    Outcome,
    RetrievalScore,
    Score,
    SummaryScore,
)
from rag.metrics import Interval, effective_size, quantile, share, wilson_interval
from rag.schema import Answer, Summary


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case, what was answered and what that is worth."""

    case: Case
    answer: Answer | None
    """None where an error stopped the question, and of a summary."""
    score: Score
    seconds: float
    """Wall clock from question to answer or error."""
    summary: Summary | None = None

    @property
    def cluster(self) -> str:
        """What the result hangs together with: results on one article are not independent.

        That is the article of the first source; a case without sources stands alone.
        """
        return self.case.documents[0] if self.case.sources else f"case {self.case.id}"


@dataclass(frozen=True, slots=True)
class Share:
    """Part of a whole, or the sum of as many values from 0 to 1."""

    part: float
    whole: int
    effective: float | None = None
    """How many independent ones say as much, where they come in clusters; None: all of them."""

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return share(self.part, self.whole)

    @property
    def interval(self) -> Interval | None:
        """Wilson interval at 95%, with the effective size; None of nothing."""
        if self.value is None:
            return None
        size = self.whole if self.effective is None else self.effective
        return wilson_interval(self.value * size, size)

    def __str__(self) -> str:
        """As "3 of 4"; sums of values with two digits behind the point."""
        part = f"{self.part:.2f}".removesuffix(".00")
        return f"{part} of {self.whole}"


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums and means over results.

    Denominators are fixed by the cases, not by what was answered: an error or an abstention
    never makes a share better by leaving it. The three precisions and the figures of summaries
    are the exceptions: they are of what was shown. An error, and a value that is not a number,
    counts as 0.
    """

    cases: int
    answerable: int
    outcomes: Mapping[Outcome, int]
    """Outcomes that no case has may be left out."""
    figure_verdicts: Mapping[FigureVerdict, int]
    """How the expected figures of all cases fare; together as many as there are."""
    figures: Share
    """Expected figures that are there, exact or rounded, of all."""
    right: Share
    """The headline: cases with every expected figure exact or rounded, every text, and nothing
    wrong beside, of all that are answerable."""
    citation: Share
    """Cases in which a sentence that states the answer is cited, of all answerable ones."""
    citation_precision: Share
    """Mean of the answers to answerable cases that are no abstentions."""
    citation_recall: Share
    """Mean of the answerable cases."""
    false_refusal: Share
    """Abstentions among the answerable cases."""
    abstention: Share
    """Recall of abstention: cases that were not answered, of those that are not answerable."""
    abstention_precision: Share
    """Abstentions where the articles do not answer, of all abstentions."""
    all_evidence: Share
    """Cases with every needed sentence among the first ten found, of the answerable questions."""
    any_hit: Share
    """Cases with one of them there, of the answerable questions."""
    reciprocal_rank: Share
    """Mean of 1 / rank of the first of them, over the answerable questions."""
    summary_precision: Share
    """Figures of summaries that stand in the sentence cited for them, of all their figures."""
    summary_coverage: Share
    """Key figures that the summaries give, of all that the cases name."""
    summary_words: float | None
    """Median length of the summaries that were written; None where there are none."""
    wrong_figures: int
    unsupported_figures: int
    misbound_figures: int
    errors: int

    def count(self, outcome: Outcome) -> int:
        """How many cases have that outcome."""
        return self.outcomes.get(outcome, 0)


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took: nearest-rank quantiles of n times, None where n is 0."""

    n: int
    median_s: float | None
    p95_s: float | None


@dataclass(frozen=True, slots=True)
class EvalReport:
    """A whole run, in the order of the cases."""

    results: tuple[CaseResult, ...]

    @property
    def totals(self) -> Totals:
        """Sums over all cases."""
        return total(self.results)

    @property
    def kinds(self) -> dict[str, Totals]:
        """Sums a kind, in the order in which the kinds first appear."""
        names = dict.fromkeys(result.case.kind for result in self.results)
        return {name: total([r for r in self.results if r.case.kind == name]) for name in names}

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        """The results in which something is wrong."""
        return tuple(result for result in self.results if not result.score.passed)

    @property
    def median_s(self) -> float | None:
        """Seconds that half of the questions took at most."""
        return self.to_answer.median_s

    @property
    def p95_s(self) -> float | None:
        """Seconds that 95 of 100 questions took at most."""
        return self.to_answer.p95_s

    @property
    def to_answer(self) -> Spread:
        """From question to answer or error, of all cases."""
        return _spread([result.seconds for result in self.results])

    @property
    def to_first_token(self) -> Spread:
        """From question to the first token of the model, of the answers that tell of one.

        Where the model was not asked, an answer has 0 for it: that is no time and would flatter.
        Summaries tell of none.
        """
        timings = [result.answer.timing for result in self.results if result.answer]
        return _spread([timing.first_token_s for timing in timings if timing.first_token_s > 0])

    @property
    def settings_sha256(self) -> tuple[str, ...]:
        """Settings and models behind the answers; more than one means they changed midway."""
        sums = (result.answer.settings_sha256 for result in self.results if result.answer)
        return tuple(dict.fromkeys(sums))


def _spread(times: Sequence[float]) -> Spread:
    return Spread(len(times), quantile(times, 0.5), quantile(times, 0.95))


def total(results: Sequence[CaseResult]) -> Totals:
    """Sum up results; a share is Σ of values / how many there are, and None of no values."""
    scores = [result.score for result in results]
    answerable = [result for result in results if result.case.answerable]
    others = [result for result in results if not result.case.answerable]
    asked = [result for result in answerable if result.case.summarize is None]
    summaries = [result for result in results if result.case.summarize is not None]
    return Totals(
        cases=len(results),
        answerable=len(answerable),
        outcomes=Counter(score.outcome for score in scores),
        figure_verdicts=Counter(f.verdict for score in scores for f in score.figures),
        figures=_share(results, lambda r: [f.verdict.right for f in r.score.figures]),
        right=_share(answerable, lambda r: [r.score.outcome is Outcome.RIGHT]),
        citation=_share(answerable, lambda r: [r.score.citation_right]),
        citation_precision=_share(answerable, _precision),
        citation_recall=_share(answerable, lambda r: [r.score.citation_recall]),
        false_refusal=_share(answerable, lambda r: [_abstained(r)]),
        abstention=_share(others, lambda r: [_abstained(r)]),
        abstention_precision=_share(
            results, lambda r: [not r.case.answerable] if _abstained(r) else []
        ),
        all_evidence=_share(asked, lambda r: [_found(r).all_evidence]),
        any_hit=_share(asked, lambda r: [_found(r).any_hit]),
        reciprocal_rank=_share(asked, lambda r: [_found(r).reciprocal_rank]),
        summary_precision=_share(
            summaries, lambda r: _ones(_summary(r).stated_figures, _summary(r).shown_figures)
        ),
        summary_coverage=_share(
            summaries, lambda r: _ones(_summary(r).covered_figures, _summary(r).key_figures)
        ),
        summary_words=quantile([_summary(r).words for r in summaries if not r.score.error], 0.5),
        wrong_figures=sum(len(score.wrong_figures) for score in scores),
        unsupported_figures=sum(len(score.unsupported_figures) for score in scores),
        misbound_figures=sum(len(score.misbound_figures) for score in scores),
        errors=sum(score.error is not None for score in scores),
    )


Values = Sequence[float | None]
"""What one result adds to a mean: values from 0 to 1, None or NaN for what failed."""


def _share(results: Sequence[CaseResult], values_of: Callable[[CaseResult], Values]) -> Share:
    """Return the mean of the values of results, clustered by article."""
    found = [(_sound(value), r.cluster) for r in results for value in values_of(r)]
    values, clusters = [value for value, _ in found], [cluster for _, cluster in found]
    part = math.fsum(values)
    return Share(
        part=int(part) if part.is_integer() else part,
        whole=len(values),
        effective=effective_size(values, clusters),
    )


def _sound(value: float | None) -> float:
    """A value that could not be had, or is no number, is a failure."""
    return 0.0 if value is None or math.isnan(value) else float(value)


def _abstained(result: CaseResult) -> bool:
    return result.score.outcome in {Outcome.FALSE_REFUSAL, Outcome.ABSTAINED_RIGHT}


def _precision(result: CaseResult) -> Values:
    """An abstention cites nothing that could be wrong; an error would have."""
    return [] if _abstained(result) else [result.score.citation_precision]


def _found(result: CaseResult) -> RetrievalScore:
    return result.score.retrieval or NOTHING_FOUND


def _summary(result: CaseResult) -> SummaryScore:
    return result.score.summary or SummaryScore(0, 0, 0, len(result.case.figures), 0)


def _ones(part: int, whole: int) -> Values:
    return [1.0] * part + [0.0] * (whole - part)
