"""What the answer to one case is worth: values only, the rules stand in the modules beside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rag.evaluation.cases import ExpectedFigure


class Outcome(StrEnum):
    """How an answer fares; every case has exactly one."""

    RIGHT = "right"
    ABSTAINED_RIGHT = "abstained right"
    WRONG = "wrong"
    """A wrong figure or text is shown as the answer, or an error stopped the question."""
    MISSING = "missing"
    """Nothing wrong is shown, but something that was asked for is not there."""
    FALSE_REFUSAL = "false refusal"
    """An abstention, though the articles state the answer."""
    ANSWERED_UNANSWERABLE = "answered unanswerable"
    """An answer, though the articles state none."""


class FigureVerdict(StrEnum):
    """How one expected figure fares; :mod:`rag.evaluation.figure_verdicts` has the formulas."""

    EXACT = "exact"
    ROUNDED = "rounded"
    BOUND_LOST = "bound lost"
    """The value with another bound: "more than" dropped, added or changed."""
    WRONG_SCALE = "wrong scale"
    """Off by a thousand, a million or a billion; or by a hundred, between percent and ratio."""
    WRONG_SCOPE = "wrong scope"
    """A figure of the right article that is of another period, group or place."""
    TURNED = "turned"
    """The figure, and the opposite said with it: "rose by 18%" for "fell by 18%"."""
    WRONG = "wrong"
    MISSING = "missing"
    """No figure is shown in its place."""

    @property
    def right(self) -> bool:
        """Whether the expected figure is there."""
        return self in {FigureVerdict.EXACT, FigureVerdict.ROUNDED}


@dataclass(frozen=True, slots=True)
class FigureResult:
    """One expected figure and what was shown in its place."""

    expected: ExpectedFigure
    verdict: FigureVerdict
    shown: str
    """Text of the figure that was shown in its place, empty where none was."""


@dataclass(frozen=True, slots=True)
class RetrievalScore:
    """What was found before anything was written, over the first ten sentences."""

    all_evidence: bool | None
    """Whether every sentence that is needed is there."""
    any_hit: bool | None
    """Whether one of them is there."""
    reciprocal_rank: float | None
    """1 / rank of the first of them, 0 where none is there."""


@dataclass(frozen=True, slots=True)
class SummaryScore:
    """What a summary comes to, beside the figures that the case names."""

    stated_figures: int
    """Figures of the summary that stand in a sentence which their own point cites."""
    shown_figures: int
    covered_figures: int
    """Key figures of the case that the summary gives, exact or rounded."""
    key_figures: int
    words: int
    """Length, markers left out."""

    @property
    def figure_precision(self) -> float | None:
        """Stated of shown figures; None of a summary without figures."""
        return self.stated_figures / self.shown_figures if self.shown_figures else None

    @property
    def coverage(self) -> float | None:
        """Covered of key figures; None where the case names none."""
        return self.covered_figures / self.key_figures if self.key_figures else None


@dataclass(frozen=True, slots=True)
class Score:
    """One answer against one case."""

    case_id: str
    outcome: Outcome
    explanation: str
    """What was expected and what was there."""
    citation_right: bool | None
    """Whether a sentence that states the answer is cited; None where the articles state none."""
    wrong_figures: tuple[str, ...] = ()
    """Figures shown as the answer that are not it."""
    unsupported_figures: tuple[str, ...] = ()
    """Figures of the answer that none of its cited sentences states."""
    error: str | None = None
    """What stopped the question, where something did."""
    figures: tuple[FigureResult, ...] = ()
    """One of each expected figure, in the order of the case."""
    misbound_figures: tuple[str, ...] = ()
    """Those of the wrong figures that a cited sentence does state, of something else."""
    citation_precision: float | None = None
    """Share of the citations that are of a gold sentence; None for abstentions and where the
    articles state no answer."""
    citation_recall: float | None = None
    """Share of the needed gold sentences that are cited; None where the articles state none."""
    retrieval: RetrievalScore | None = None
    """None where there is nothing to find, and for summaries."""
    summary: SummaryScore | None = None

    @property
    def right(self) -> bool:
        """Whether the answer says what it should, or rightly nothing."""
        return self.outcome in {Outcome.RIGHT, Outcome.ABSTAINED_RIGHT}

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong with the answer: words, figures and citations."""
        return self.right and self.citation_right is not False and not self.unsupported_figures
