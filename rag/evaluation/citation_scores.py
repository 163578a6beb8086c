"""Whether an answer cites the sentences that state it, and whether those state its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rag.evaluation.cases import Case
from rag.evaluation.figure_verdicts import figures_in
from rag.evaluation.gold import met, place_of, sources_at
from rag.figures import Agreement, agree
from rag.schema import CheckedFigure, Citation, Figure, FigureKind, Verdict

_COMPUTED = "computed"
"""Verdict on a figure that is worked out from stated ones: it stands in no sentence."""
_WHOLE = (FigureKind.PERCENT, Decimal(100))


@dataclass(frozen=True, slots=True)
class CitationScore:
    """The citations of one answer against the gold sentences of its case."""

    precision: float
    """Citations that are of a gold sentence, of all; 0 where nothing is cited."""
    recall: float
    """Needed gold sentences that are cited, of all that are needed."""
    any_right: bool


def score_citations(
    case: Case, citations: Sequence[Citation], mapping: Mapping[str, str] | None
) -> CitationScore:
    """Score the citations of an answer to an answerable case.

    precision = citations of a gold sentence / citations,  recall = needs that they meet / needs

    Where nothing is cited both are 0, and no citation is right; an answer that is an abstention is
    not asked for its precision.
    """
    hits = [sources_at(case, place_of(citation), mapping) for citation in citations]
    right = sum(map(bool, hits))
    return CitationScore(
        precision=right / len(hits) if hits else 0.0,
        recall=met(case, frozenset().union(*hits)),
        any_right=right > 0,
    )


def is_supported(
    figure: Figure, checked: Sequence[CheckedFigure], citations: Sequence[Citation]
) -> bool:
    """Whether a cited sentence states a figure, whatever its bound, or it is computed.

    A computed figure stands in no sentence: it is supported where verification says so, and so is
    what its formula takes from no article. The day of a cited article is known of the article.
    """
    if figure.kind is FigureKind.DATE and figure.value in _days(citations):
        return True
    return (
        _has(_stated(citations), figure)
        or _is_computed(figure, checked)
        or _is_constant(figure, checked)
    )


def unsupported_figures(
    figures: Sequence[Figure], checked: Sequence[CheckedFigure], citations: Sequence[Citation]
) -> tuple[str, ...]:
    """Return the figures that are not supported, or that verification refused."""
    unstated = [f.text for f in figures if not is_supported(f, checked, citations)]
    refused = [one.figure.text for one in checked if one.verdict is Verdict.UNSUPPORTED]
    return tuple(dict.fromkeys(unstated + refused))


def misbound_figures(
    wrong: Sequence[Figure], citations: Sequence[Citation], near: Sequence[Figure]
) -> tuple[str, ...]:
    """Return those of the wrong figures that a cited sentence states: of something else.

    Args:
        wrong: figures that are shown as the answer and are not it.
        citations: what the answer cites.
        near: wrong figures that are the expected one but for bound or scale; they are of the
            right thing.
    """
    stated = _stated(citations)
    return tuple(figure.text for figure in wrong if figure not in near and _has(stated, figure))


def _days(citations: Sequence[Citation]) -> set[Decimal]:
    """The days of the cited articles, as values of dates."""
    days = (citation.document.published for citation in citations)
    return {Decimal(day.strftime("%Y%m%d")) for day in days if day}


def _stated(citations: Sequence[Citation]) -> list[Figure]:
    return [figure for citation in citations for figure in figures_in(citation.quote)]


def _has(stated: Sequence[Figure], figure: Figure) -> bool:
    return any(agree(figure, other) is not Agreement.DIFFERENT for other in stated)


def _is_computed(figure: Figure, checked: Sequence[CheckedFigure]) -> bool:
    return any(
        one.verdict == _COMPUTED
        and (one.figure.value, one.figure.kind, one.figure.unit)
        == (figure.value, figure.kind, figure.unit)
        for one in checked
    )


def _is_constant(figure: Figure, checked: Sequence[CheckedFigure]) -> bool:
    """Whether a formula needs it and no article states it: the whole, or the months of a year."""
    formulas = [one.formula for one in checked if one.verdict == _COMPUTED and one.formula]
    if figure.kind is not FigureKind.DURATION and (figure.kind, figure.value) != _WHOLE:
        return False
    return _has([f for formula in formulas for f in figures_in(formula)], figure)
