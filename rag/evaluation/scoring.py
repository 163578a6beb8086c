"""What one answer is worth against one case: no model judges, the same answer scores the same.

Only figures that an answer gives as its answer count. An abstention is one whatever nearest
sentence it names; an answer that quotes a second figure of the kind that was asked for leaves
it to the reader which of them is meant, and is wrong unless the case allows that figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rag.citations import without_markers
from rag.evaluation.cases import Case
from rag.evaluation.citation_scores import (
    CitationScore,
    misbound_figures,
    score_citations,
    unsupported_figures,
)
from rag.evaluation.figure_verdicts import compare, figure_results, figures_in, verdict_of
from rag.evaluation.retrieval_scores import NOTHING_FOUND, score_retrieval
from rag.evaluation.scores import (
    FigureResult,
    FigureVerdict,
    Outcome,
    RetrievalScore,
    Score,
    SummaryScore,
)
from rag.evaluation.senses import turned_figures
from rag.evaluation.subjects import swapped_figures
from rag.evaluation.summary_scores import score_summary
from rag.evaluation.wording import has_words
from rag.evaluation.wrong_figures import wrong_figures
from rag.schema import Answer, Figure, FigureKind, Status

__all__ = [
    "FigureResult",
    "FigureVerdict",
    "Outcome",
    "RetrievalScore",
    "Score",
    "SummaryScore",
    "compare",
    "failed_score",
    "figures_right",
    "score_answer",
    "score_summary",
]


def score_answer(case: Case, answer: Answer, mapping: Mapping[str, str] | None = None) -> Score:
    """Score one answer.

    Args:
        case: the question and what is expected.
        answer: what was answered.
        mapping: for another edition of the articles, the id there by the id in the case. The
            offsets of the case mean nothing there: a citation is right when it is of the same
            document and states a part of the answer that the gold sentence states.
    """
    retrieval = score_retrieval(case, answer.evidence, mapping) if case.answerable else None
    if answer.status is Status.ABSTAINED:
        return _abstention_score(case, retrieval)
    figures = figures_in(without_markers(answer.text))
    turned, swapped = turned_figures(case, answer.text), swapped_figures(case, answer.text)
    new = wrong_figures(case, figures)
    wrong = tuple(f for f in figures if f in {*new, *turned, *swapped})
    content = _content(case, answer.text, figures, wrong)
    cited = score_citations(case, answer.citations, mapping) if case.answerable else None
    unsupported = unsupported_figures(figures, answer.figures, answer.citations)
    near = [f for f in wrong if f not in swapped and _is_near(case, f)]
    results = figure_results(case, figures, new, _gold_sentences(case, answer, mapping))
    return Score(
        case_id=case.id,
        outcome=content.outcome,
        explanation=_explanation(content.reason, answer, cited, unsupported),
        citation_right=cited.any_right if cited else None,
        wrong_figures=tuple(figure.text for figure in _once(wrong)),
        unsupported_figures=unsupported,
        figures=tuple(_as_said(result, turned, swapped) for result in results),
        misbound_figures=misbound_figures(_once(wrong), answer.citations, near),
        citation_precision=cited.precision if cited else None,
        citation_recall=cited.recall if cited else None,
        retrieval=retrieval,
    )


def _once(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Each figure as it is first said: one that is told and then quoted is one figure."""
    said: dict[tuple[Decimal, FigureKind, str], Figure] = {}
    for figure in figures:
        said.setdefault((figure.value, figure.kind, figure.unit), figure)
    return tuple(said.values())


def failed_score(case: Case, error: Exception) -> Score:
    """Return the score of a case that an error stopped: it counts as wrong in every measure."""
    text = f"{type(error).__name__}: {error}"
    return Score(
        case_id=case.id,
        outcome=Outcome.WRONG,
        explanation=f"stopped by {text}",
        citation_right=False if case.answerable else None,
        error=text,
        figures=_all_missing(case),
        citation_precision=0.0 if case.answerable else None,
        citation_recall=0.0 if case.answerable else None,
        retrieval=NOTHING_FOUND if case.answerable and not case.summarize else None,
        summary=SummaryScore(0, 0, 0, len(case.figures), 0) if case.summarize else None,
    )


def figures_right(case: Case, text: str) -> bool:
    """Whether a text, whoever wrote it, says what an answerable case expects and nothing wrong."""
    figures = figures_in(text)
    wrong = (
        *wrong_figures(case, figures),
        *turned_figures(case, text),
        *swapped_figures(case, text),
    )
    return _content(case, text, figures, wrong).outcome is Outcome.RIGHT


def _is_near(case: Case, figure: Figure) -> bool:
    return any(verdict_of(case, expected, figure) is not None for expected in case.figures)


def _as_said(
    result: FigureResult, turned: Sequence[Figure], swapped: Sequence[Figure]
) -> FigureResult:
    """The result of a figure with what is said of it: the opposite, or of another subject."""
    if not result.verdict.right:
        return result
    if result.shown in {figure.text for figure in turned}:
        return replace(result, verdict=FigureVerdict.TURNED)
    if result.shown in {figure.text for figure in swapped}:
        return replace(result, verdict=FigureVerdict.WRONG_SCOPE)
    return result


def _abstention_score(case: Case, retrieval: RetrievalScore | None) -> Score:
    if not case.answerable:
        return Score(case.id, Outcome.ABSTAINED_RIGHT, "it abstained", citation_right=None)
    return Score(
        case_id=case.id,
        outcome=Outcome.FALSE_REFUSAL,
        explanation=f"expected {case.expected}; it abstained",
        citation_right=False,
        figures=_all_missing(case),
        citation_recall=0.0,
        retrieval=retrieval,
    )


def _all_missing(case: Case) -> tuple[FigureResult, ...]:
    return tuple(FigureResult(figure, FigureVerdict.MISSING, "") for figure in case.figures)


@dataclass(frozen=True, slots=True)
class _Content:
    """What the words of an answer come to."""

    outcome: Outcome
    reason: str


def _content(case: Case, text: str, figures: Sequence[Figure], wrong: Sequence[Figure]) -> _Content:
    """Compare the words of an answer with what a case expects."""
    if not case.answerable:
        return _Content(Outcome.ANSWERED_UNANSWERABLE, "an abstention was expected")
    results = figure_results(case, figures, (), ())
    absent = tuple(group for group in case.texts if not has_words(text, group))
    forbidden = [words for words in case.forbidden_texts if has_words(text, [words])]
    reason = f"expected {case.expected}"
    if wrong or forbidden:
        shown = ", ".join([figure.text for figure in wrong] + forbidden)
        return _Content(Outcome.WRONG, f"{reason}, not {shown}")
    if not absent and all(result.verdict.right for result in results):
        return _Content(Outcome.RIGHT, reason)
    # Words that hold nothing of a text answer are another answer, not half of one.
    if case.texts and not case.figures and len(absent) == len(case.texts):
        return _Content(Outcome.WRONG, reason)
    return _Content(Outcome.MISSING, reason)


def _explanation(
    reason: str, answer: Answer, cited: CitationScore | None, unsupported: Sequence[str]
) -> str:
    reasons = [reason, f"the answer was {' '.join(answer.text.split())!r}"]
    if cited and not cited.any_right:
        reasons.append("no citation is of a sentence that states it")
    if unsupported:
        reasons.append(f"no cited sentence states {', '.join(unsupported)}")
    return "; ".join(reasons)


def _gold_sentences(
    case: Case, answer: Answer, mapping: Mapping[str, str] | None
) -> tuple[str, ...]:
    """What the answer shows of the documents that state the answer, and the gold sentences."""
    gold = {document if mapping is None else mapping.get(document) for document in case.documents}
    quotes = [source.quote for source in case.sources]
    quotes += [cited.quote for cited in answer.citations if cited.document.id in gold]
    quotes += [one.sentence.text for one in answer.evidence if one.document.id in gold]
    return tuple(quotes)
