"""What a run comes to: every result, totals and shares over them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.evaluation.cases import Case
from rag.evaluation.scoring import Outcome, Score
from rag.metrics import Interval, quantile, share, wilson_interval
from rag.schema import Answer


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case, what was answered and what that is worth."""

    case: Case
    answer: Answer | None
    """None where an error stopped the question."""
    score: Score
    seconds: float
    """Wall clock from question to answer or error."""


@dataclass(frozen=True, slots=True)
class Share:
    """Part of a whole; both are cases."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return share(self.part, self.whole)

    @property
    def interval(self) -> Interval | None:
        """Wilson interval at 95%; None of nothing."""
        return wilson_interval(self.part, self.whole)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over results.

    Denominators are fixed by the cases, not by what was answered: an error or an abstention
    never makes a share better by leaving it. Precision of abstention is the exception.
    """

    cases: int
    answerable: int
    outcomes: Mapping[Outcome, int]
    """Outcomes that no case has may be left out."""
    cited: int
    """Answerable cases in which a sentence that states the answer is cited."""
    wrong_figures: int
    unsupported_figures: int
    errors: int

    def count(self, outcome: Outcome) -> int:
        """How many cases have that outcome."""
        return self.outcomes.get(outcome, 0)

    @property
    def right(self) -> Share:
        """Answerable cases with everything that is expected and nothing wrong, of all such."""
        return Share(self.count(Outcome.RIGHT), self.answerable)

    @property
    def abstention(self) -> Share:
        """Cases that the articles do not answer and that were not answered, of all such."""
        return Share(self.count(Outcome.ABSTAINED_RIGHT), self.cases - self.answerable)

    @property
    def abstention_precision(self) -> Share:
        """Abstentions where the articles do not answer, of all abstentions."""
        right = self.count(Outcome.ABSTAINED_RIGHT)
        return Share(right, right + self.count(Outcome.FALSE_REFUSAL))

    @property
    def citation(self) -> Share:
        """Answerable cases in which a sentence that states the answer is cited, of all such."""
        return Share(self.cited, self.answerable)


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
        return quantile([result.seconds for result in self.results], 0.5)

    @property
    def p95_s(self) -> float | None:
        """Seconds that 95 of 100 questions took at most."""
        return quantile([result.seconds for result in self.results], 0.95)

    @property
    def settings_sha256(self) -> tuple[str, ...]:
        """Settings and models behind the answers; more than one means they changed midway."""
        sums = (result.answer.settings_sha256 for result in self.results if result.answer)
        return tuple(dict.fromkeys(sums))


def total(results: Sequence[CaseResult]) -> Totals:
    """Sum up results."""
    scores = [result.score for result in results]
    return Totals(
        cases=len(results),
        answerable=sum(result.case.answerable for result in results),
        outcomes=Counter(score.outcome for score in scores),
        cited=sum(score.citation_right is True for score in scores),
        wrong_figures=sum(len(score.wrong_figures) for score in scores),
        unsupported_figures=sum(len(score.unsupported_figures) for score in scores),
        errors=sum(score.error is not None for score in scores),
    )
