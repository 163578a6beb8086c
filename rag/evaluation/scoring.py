"""What one answer is worth against one case: no model judges, the same answer scores the same.

Only figures that an answer gives as its answer count. An abstention is one whatever nearest
sentence it names; an answer that quotes a second figure of the kind that was asked for leaves
it to the reader which of them is meant, and is wrong unless the case allows that figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag.citations import without_markers
from rag.evaluation.cases import Case, ExpectedFigure, Source
from rag.evaluation.wording import folded, has_words
from rag.figures import Agreement, agree, find_figures
from rag.schema import Answer, Bound, Citation, Figure, FigureKind, Span, Status, Verdict


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

    @property
    def right(self) -> bool:
        """Whether the answer says what it should, or rightly nothing."""
        return self.outcome in {Outcome.RIGHT, Outcome.ABSTAINED_RIGHT}

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong with the answer: words, figures and citations."""
        return self.right and self.citation_right is not False and not self.unsupported_figures


def score_answer(case: Case, answer: Answer, mapping: Mapping[str, str] | None = None) -> Score:
    """Score one answer.

    Args:
        case: the question and what is expected.
        answer: what was answered.
        mapping: for another edition of the articles, the id there by the id in the case. The
            offsets of the case mean nothing there: a citation is right when it is of the same
            document and states an expected figure, or text where no figure is expected.
    """
    if answer.status is Status.ABSTAINED:
        return _abstention_score(case)
    figures = find_figures(without_markers(answer.text))
    cited: bool | None = None
    if case.answerable:
        content = _content(case, answer.text, figures)
        cited = any(_states(case, citation, mapping) for citation in answer.citations)
    else:
        shown = tuple(figure for figure in _new(case, figures) if figure.kind in _QUANTITIES)
        expected = "an abstention was expected"
        content = _Content(Outcome.ANSWERED_UNANSWERABLE, expected, shown)
    unsupported = _unsupported(answer, figures)
    reasons = [content.reason, f"the answer was {' '.join(answer.text.split())!r}"]
    if cited is False:
        reasons.append("no citation is of a sentence that states it")
    if unsupported:
        reasons.append(f"no cited sentence states {', '.join(unsupported)}")
    return Score(
        case_id=case.id,
        outcome=content.outcome,
        explanation="; ".join(reasons),
        citation_right=cited,
        wrong_figures=tuple(figure.text for figure in content.wrong),
        unsupported_figures=unsupported,
    )


def failed_score(case: Case, error: Exception) -> Score:
    """Return the score of a question that an error stopped: it counts as wrong."""
    text = f"{type(error).__name__}: {error}"
    cited = False if case.answerable else None
    return Score(case.id, Outcome.WRONG, f"stopped by {text}", citation_right=cited, error=text)


def _abstention_score(case: Case) -> Score:
    if case.answerable:
        explanation = f"expected {_expected(case)}; it abstained"
        return Score(case.id, Outcome.FALSE_REFUSAL, explanation, citation_right=False)
    return Score(case.id, Outcome.ABSTAINED_RIGHT, "it abstained", citation_right=None)


def compare(figure: Figure, expected: ExpectedFigure) -> Agreement:
    """How a figure of a text agrees with one that a case expects."""
    text = str(expected)
    bound: Bound = figure.bound if expected.bound is None else expected.bound
    span = Span(0, len(text))
    return agree(figure, Figure(text, expected.value, expected.kind, expected.unit, bound, span))


# --- what the answer says ------------------------------------------------------------------

_QUANTITIES = frozenset(FigureKind) - {
    FigureKind.YEAR,
    FigureKind.DATE,
    FigureKind.DURATION,
    FigureKind.ORDINAL,
    FigureKind.AGE,
    FigureKind.IDENTIFIER,
}
"""Kinds that a reader takes for an answer; the others are context unless they are asked for."""

_RIGHT = frozenset({Agreement.EXACT, Agreement.ROUNDED})


@dataclass(frozen=True, slots=True)
class _Content:
    """What the words of an answer come to; ``wrong`` are figures shown as the answer."""

    outcome: Outcome
    reason: str
    wrong: tuple[Figure, ...] = ()


def _content(case: Case, text: str, figures: Sequence[Figure]) -> _Content:
    """Compare the words of an answer with what an answerable case expects."""
    missing = tuple(
        expected
        for expected in case.figures
        if not any(compare(figure, expected) in _RIGHT for figure in figures)
    )
    absent = tuple(group for group in case.texts if not has_words(text, group))
    wrong = _wrong(case, figures, all_there=not missing)
    forbidden = [words for words in case.forbidden_texts if has_words(text, [words])]
    reason = f"expected {_expected(case)}"
    if wrong or forbidden:
        shown = ", ".join([figure.text for figure in wrong] + forbidden)
        return _Content(Outcome.WRONG, f"{reason}, not {shown}", wrong)
    if not missing and not absent:
        return _Content(Outcome.RIGHT, reason)
    # Words that hold nothing of a text answer are another answer, not half of one.
    if case.texts and not case.figures and len(absent) == len(case.texts):
        return _Content(Outcome.WRONG, reason)
    return _Content(Outcome.MISSING, reason)


def _wrong(case: Case, figures: Sequence[Figure], *, all_there: bool) -> tuple[Figure, ...]:
    """The figures that are shown as the answer and are not it.

    Those are the forbidden, and of the kinds that are asked for every new one. Where an expected
    figure is not there, a figure of another kind stands in its place: 18 for 18%.
    """
    kinds = {expected.kind for expected in case.figures}
    if case.figures and not all_there:
        kinds |= _QUANTITIES
    others = [
        figure
        for figure in figures
        if not any(compare(figure, expected) in _RIGHT for expected in case.figures)
    ]
    forbidden = [figure for figure in others if figure.value in case.forbidden_values]
    new = [figure for figure in _new(case, others) if figure.kind in kinds]
    return tuple(figure for figure in others if figure in forbidden or figure in new)


def _new(case: Case, figures: Sequence[Figure]) -> list[Figure]:
    """The figures that neither the question names nor the case allows."""
    asked = find_figures(case.question)
    return [
        figure
        for figure in figures
        if figure.value not in case.allowed
        and not any(agree(figure, named) is Agreement.EXACT for named in asked)
    ]


def _expected(case: Case) -> str:
    texts = (" or ".join(map(repr, group[:2])) for group in case.texts)
    return " and ".join([*map(str, case.figures), *texts])


# --- what the answer cites -----------------------------------------------------------------


def _states(case: Case, citation: Citation, mapping: Mapping[str, str] | None) -> bool:
    """Whether a citation is of a sentence that states the answer."""
    if mapping is None:
        return any(_is_of(source, citation) for source in case.sources)
    if citation.document.id not in {mapping.get(document) for document in case.documents}:
        return False
    if not case.figures:
        return any(has_words(citation.quote, group) for group in case.texts)
    stated = find_figures(citation.quote)
    return any(
        compare(figure, expected) is not Agreement.DIFFERENT
        for figure in stated
        for expected in case.figures
    )


def _is_of(source: Source, citation: Citation) -> bool:
    """Whether a citation and a gold quote have characters in common."""
    if citation.document.id != source.document:
        return False
    if source.span is not None:
        return citation.span.overlaps(source.span)
    quote, gold = folded(citation.quote), folded(source.quote)
    return bool(quote) and (quote in gold or gold in quote)


def _unsupported(answer: Answer, figures: Sequence[Figure]) -> tuple[str, ...]:
    """Figures that no cited sentence states, or that verification did not find supported."""
    stated = [figure for citation in answer.citations for figure in find_figures(citation.quote)]
    unstated = [figure.text for figure in figures if not _has(stated, figure)]
    flagged = [
        checked.figure.text for checked in answer.figures if checked.verdict is Verdict.UNSUPPORTED
    ]
    return tuple(dict.fromkeys(unstated + flagged))


def _has(stated: Sequence[Figure], figure: Figure) -> bool:
    """Whether one of the figures of a quote is that figure, whatever its bound."""
    return any(agree(figure, other) is not Agreement.DIFFERENT for other in stated)
