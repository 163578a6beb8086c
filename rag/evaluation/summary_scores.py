"""What a summary is worth against the key figures of its article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.citations import strip_markers, without_markers
from rag.evaluation.cases import Case, ExpectedFigure
from rag.evaluation.citation_scores import is_supported, misbound_figures, score_citations
from rag.evaluation.figure_verdicts import figures_in, right_figure, verdict_of
from rag.evaluation.scores import FigureResult, FigureVerdict, Outcome, Score, SummaryScore
from rag.evaluation.senses import turned_figures
from rag.evaluation.wording import has_words
from rag.figures import Agreement, agree
from rag.schema import Citation, Figure, Summary, SummaryPoint


def score_summary(case: Case, summary: Summary, mapping: Mapping[str, str] | None = None) -> Score:
    """Score the summary of one article.

    A summary may give any figure of its article. It is *wrong* where it shows a forbidden figure
    or word, a figure with another bound than the sentence cited for it has, or a key figure with
    its sense turned; *missing* where a key figure or text is not there; else *right*. A figure is
    stated, or else unsupported, by the sentences that its own point cites. Precision of citations
    is the share that is of the article; their recall is that of the sentences that the case names.

    Args:
        case: one with ``summarize`` set.
        summary: what was written.
        mapping: as for :func:`rag.evaluation.scoring.score_answer`.
    """
    figures = [figure for point in summary.points for figure in _figures(point)]
    citations = [citation for point in summary.points for citation in point.citations]
    results = tuple(_key_figure(case, expected, figures) for expected in case.figures)
    forbidden = [figure for figure in figures if figure.value in case.forbidden_values]
    lost = [figure for point in summary.points for figure in _bounds_lost(point)]
    turned = [figure for point in summary.points for figure in turned_figures(case, point.text)]
    unsupported = [text for point in summary.points for text in _unsupported(point)]
    wrong = tuple(dict.fromkeys(figure.text for figure in [*forbidden, *lost, *turned]))
    shown, missing = [*wrong, *_words(case, summary)], _missing(case, summary, results)
    cited = score_citations(case, citations, mapping)
    return Score(
        case_id=case.id,
        outcome=Outcome.WRONG if shown else Outcome.MISSING if missing else Outcome.RIGHT,
        explanation=_explanation(shown, missing, unsupported),
        citation_right=cited.any_right,
        wrong_figures=wrong,
        unsupported_figures=tuple(dict.fromkeys(unsupported)),
        figures=results,
        misbound_figures=tuple(dict.fromkeys(misbound_figures(forbidden, citations, ()))),
        citation_precision=_of_article(case, citations, mapping),
        citation_recall=cited.recall,
        summary=_measured(summary, results, n_shown=len(figures), n_unsupported=len(unsupported)),
    )


def _measured(
    summary: Summary, results: Sequence[FigureResult], *, n_shown: int, n_unsupported: int
) -> SummaryScore:
    return SummaryScore(
        stated_figures=n_shown - n_unsupported,
        shown_figures=n_shown,
        covered_figures=sum(result.verdict.right for result in results),
        key_figures=len(results),
        words=len(strip_markers(_text(summary)).split()),
    )


def _text(summary: Summary) -> str:
    return "\n".join(point.text for point in summary.points)


def _figures(point: SummaryPoint) -> tuple[Figure, ...]:
    return figures_in(without_markers(point.text))


def _key_figure(case: Case, expected: ExpectedFigure, figures: Sequence[Figure]) -> FigureResult:
    if (there := right_figure(case, expected, figures)) is not None:
        return there
    for figure in figures:
        if verdict_of(case, expected, figure) is FigureVerdict.BOUND_LOST:
            return FigureResult(expected, FigureVerdict.BOUND_LOST, figure.text)
    return FigureResult(expected, FigureVerdict.MISSING, "")


def _unsupported(point: SummaryPoint) -> list[str]:
    return [
        figure.text
        for figure in _figures(point)
        if not is_supported(figure, point.figures, point.citations)
    ]


def _bounds_lost(point: SummaryPoint) -> list[Figure]:
    """Figures of a point whose value a sentence that it cites has, but never with that bound."""
    stated = [f for citation in point.citations for f in figures_in(citation.quote)]
    lost = []
    for figure in _figures(point):
        found = {agree(figure, other) for other in stated}
        if Agreement.BOUND_LOST in found and Agreement.EXACT not in found:
            lost.append(figure)
    return lost


def _words(case: Case, summary: Summary) -> list[str]:
    text = _text(summary)
    return [words for words in case.forbidden_texts if has_words(text, [words])]


def _missing(case: Case, summary: Summary, results: Sequence[FigureResult]) -> list[str]:
    text = _text(summary)
    figures = [str(result.expected) for result in results if not result.verdict.right]
    return figures + [repr(group[0]) for group in case.texts if not has_words(text, group)]


def _of_article(
    case: Case, citations: Sequence[Citation], mapping: Mapping[str, str] | None
) -> float:
    wanted = case.summarize or ""
    article = wanted if mapping is None else mapping.get(wanted)
    right = sum(citation.document.id == article for citation in citations)
    return right / len(citations) if citations else 0.0


def _explanation(shown: Sequence[str], missing: Sequence[str], unsupported: Sequence[str]) -> str:
    reasons = [
        f"it shows {', '.join(shown)}" if shown else "",
        f"it leaves out {', '.join(missing)}" if missing else "",
        f"no sentence cited for them states {', '.join(unsupported)}" if unsupported else "",
    ]
    return "; ".join(filter(None, reasons)) or "all key figures are there"
