"""How often a claim check gives the verdict that it should: precision and recall a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rag.evaluation.claim_cases import DraftCase
from rag.metrics import Interval, share, wilson_interval
from rag.schema import CheckedDraft, ClaimVerdict


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """One figure of a case: the verdict that was expected and the one that was given."""

    case: DraftCase
    figure: str
    expected: ClaimVerdict
    given: ClaimVerdict | None
    """None where the check did not see the figure."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole with its Wilson interval."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None where there is no whole."""
        return share(self.part, self.whole)

    @property
    def interval(self) -> Interval | None:
        """Two-sided, 95%; None where there is no whole."""
        return wilson_interval(self.part, self.whole)


def check_cases(
    cases: Iterable[DraftCase], check: Callable[[str], CheckedDraft]
) -> tuple[ClaimResult, ...]:
    """Check the text of each case and lay its verdicts beside those expected.

    Figures are told apart by their words and, where these are the same, by their order.
    """
    results: list[ClaimResult] = []
    for case in cases:
        checked = check(case.text)
        given: dict[str, list[ClaimVerdict]] = {}
        for claim in checked.claims:
            given.setdefault(claim.statement.figure.text, []).append(claim.verdict)
        for expected in case.claims:
            of_text = given.get(expected.figure)
            verdict = of_text.pop(0) if of_text else None
            results.append(ClaimResult(case, expected.figure, expected.verdict, verdict))
    return tuple(results)


def precision(results: Sequence[ClaimResult], verdict: ClaimVerdict) -> Share:
    """Of the figures that were given a verdict, how many should have it.

    given and expected / given; a share of nothing, whose value is None, where none was given it.
    """
    given = [result for result in results if result.given is verdict]
    return Share(sum(result.expected is verdict for result in given), len(given))


def recall(results: Sequence[ClaimResult], verdict: ClaimVerdict) -> Share:
    """Of the figures that should have a verdict, how many were given it.

    given and expected / expected; a share of nothing, whose value is None, where none should.
    A figure that the check did not see was given none.
    """
    expected = [result for result in results if result.expected is verdict]
    return Share(sum(result.given is verdict for result in expected), len(expected))


def confusions(results: Sequence[ClaimResult]) -> Counter[tuple[ClaimVerdict, ClaimVerdict | None]]:
    """How often each wrong verdict was given: (expected, given)."""
    return Counter(
        (result.expected, result.given) for result in results if result.expected is not result.given
    )
