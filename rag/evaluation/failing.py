"""Which failed cases do most harm, and why each failed, as far as the harness can see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rag.evaluation.cases import Case
from rag.evaluation.gate import SuiteRun
from rag.evaluation.gold import met, place_of, sources_at
from rag.evaluation.reports import CaseResult
from rag.evaluation.scores import FigureResult, FigureVerdict, Outcome, Score
from rag.evidence import admissible
from rag.schema import Answer

# What says something false is worse than what says nothing.
_MISBOUND, _UNSUPPORTED, _STOPPED, _RIGHT_BUT = 1, 2, 4, 5
_HARM = {
    Outcome.WRONG: 0,
    Outcome.ANSWERED_UNANSWERABLE: 3,
    Outcome.MISSING: 4,
    Outcome.FALSE_REFUSAL: 6,
}
_READ_AS = "The question was read as: "
_REFUSED = "could not be verified: "
_SAID = {
    FigureVerdict.BOUND_LOST: "has another bound than the sentence",
    FigureVerdict.WRONG_SCALE: "is off by a scale",
    FigureVerdict.WRONG_SCOPE: "is of another group, place or period",
    FigureVerdict.TURNED: "is said with the opposite sense",
    FigureVerdict.WRONG: "is another figure",
}


def worst(runs: Sequence[SuiteRun], n: int) -> tuple[tuple[SuiteRun, CaseResult], ...]:
    """Return the failed results that do most harm, worst first, at most ``n``.

    Before all stand lost cases that must never be lost. Then come wrong answers, behind them those
    with a figure of something else and those with one that no cited sentence states; then answers
    where there is none, half answers, right ones with a wrong citation, and what was refused: of
    these one of each kind, then a second of each.
    """
    failed = [(run, result) for run in runs for result in run.report.failed]
    ordered = sorted(failed, key=lambda item: _harm(*item))
    seen: Counter[str] = Counter()
    turns = []
    for run, result in ordered:
        refused = result.score.outcome is Outcome.FALSE_REFUSAL
        turns.append((*_harm(run, result)[:2], seen[result.case.kind] if refused else 0))
        seen[result.case.kind] += refused
    order = sorted(range(len(ordered)), key=lambda i: turns[i])
    return tuple(ordered[i] for i in order[:n])


def _harm(run: SuiteRun, result: CaseResult) -> tuple[bool, int, int, bool]:
    comparison, score = run.comparison, result.score
    return (
        comparison is None or result not in comparison.lost_musts,
        _class(score),
        -len(score.wrong_figures) - len(score.unsupported_figures),
        comparison is None or result not in comparison.lost,
    )


def _class(score: Score) -> int:
    if score.error is not None:
        return _STOPPED  # it said nothing
    if score.outcome is Outcome.WRONG and score.misbound_figures:
        return _MISBOUND
    harm = _HARM.get(score.outcome, _RIGHT_BUT)
    return min(harm, _UNSUPPORTED) if score.unsupported_figures else harm


def reason(
    result: CaseResult, mapping: Mapping[str, str] | None = None, *, quoting: bool = True
) -> str:
    """Return why a case failed, in a few words.

    Args:
        result: one that did not pass.
        mapping: for another edition of the articles, the id there by the id in the case.
        quoting: whether words of the answer and of what verification said of it may stand there;
            figures may always.
    """
    score, answer = result.score, result.answer
    if score.error is not None:
        return (
            f"stopped by an error: {score.error.rstrip('.')}" if quoting else "an error stopped it"
        )
    if answer is None:
        return score.explanation if quoting else "not all key figures are there as stated"
    if score.outcome is Outcome.FALSE_REFUSAL:
        return _why_refused(result.case, answer, mapping, quoting=quoting)
    return "; ".join(_why_wrong(result, answer, mapping)) or score.outcome.value


# --- what was refused ----------------------------------------------------------------------


def _why_refused(
    case: Case, answer: Answer, mapping: Mapping[str, str] | None, *, quoting: bool
) -> str:
    """Follow the sentence that answers from search to verification, to where it was lost."""
    n_found = len(answer.evidence)
    found = [sources_at(case, place_of(one), mapping) for one in answer.evidence]
    if not any(found):
        return f"no sentence that answers is among those found ({n_found})"
    tried = admissible(_read_as(answer, case), answer.evidence)
    order = [i for i, one in enumerate(tried, start=1) if sources_at(case, place_of(one), mapping)]
    partly = met(case, frozenset().union(*found)) < 1
    if refused := next((note for note in answer.notes if _REFUSED in note), None):
        said = f": {refused.partition(_REFUSED)[2].rstrip('.')}" if quoting else ""
        return f"an answer was written and refused by the verifier{said}"
    if not order:
        rank = next(i for i, one in enumerate(found, start=1) if one)
        why = "not near enough, of another period, or without a figure of the kind"
        return f"found as number {rank} of {n_found}, but not admissible: {why}"
    if partly:
        return "a part of the needed sentences is not among those found"
    place = f"number {order[0]} of {len(tried)} to be tried"
    return f"found, {place}, and the model declined or did not decide"


def _read_as(answer: Answer, case: Case) -> str:
    found = (note.removeprefix(_READ_AS) for note in answer.notes if note.startswith(_READ_AS))
    return next(found, case.question)


# --- what was said -------------------------------------------------------------------------


def _why_wrong(
    result: CaseResult, answer: Answer, mapping: Mapping[str, str] | None
) -> Iterator[str]:
    case, score = result.case, result.score
    if score.outcome is Outcome.ANSWERED_UNANSWERABLE:
        yield "the articles do not say; a near sentence was taken for the answer"
    in_place = [figure for figure in score.figures if figure.verdict in _SAID]
    yield from (f"{one.shown} {_SAID[one.verdict]}" for one in in_place)
    others = [text for text in score.wrong_figures if text not in {one.shown for one in in_place}]
    if others and case.answerable:
        yield f"shown beside or instead of the answer: {', '.join(others)}"
    if score.misbound_figures:
        yield "the cited sentence states it of something else"
    if missing := [str(f.expected) for f in score.figures if _is_missing(f)]:
        yield f"not said: {', '.join(missing)}"
    if score.unsupported_figures:
        yield f"stated by no cited sentence: {', '.join(score.unsupported_figures)}"
    if not case.answerable:
        return
    if score.citation_right:
        yield "the right sentence is cited"
    elif any(sources_at(case, place_of(one), mapping) for one in answer.evidence):
        yield "the right sentence was found, and another is cited"
    else:
        yield f"the right sentence is not among those found ({len(answer.evidence)})"


def _is_missing(figure: FigureResult) -> bool:
    return figure.verdict is FigureVerdict.MISSING
