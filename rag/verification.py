"""The check that every answer passes before anyone sees it as fact.

It knows nothing of how a text was made: markers must exist, each sentence must carry one, and
each figure must be stated by a sentence that is cited for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.citations import find_markers, without_markers
from rag.figures import Agreement, agree, bounded_text, find_figures
from rag.schema import CheckedFigure, Evidence, Figure, Finding, Span, Verdict, Verification
from rag.text import split_sentences

_SUPPORT = {Agreement.EXACT: Verdict.EXACT, Agreement.ROUNDED: Verdict.ROUNDED}


class FigureVerifier:
    """Verifier by figures and markers; needs no model."""

    def verify(self, text: str, evidence: Sequence[Evidence]) -> Verification:
        """Check markers and figures; marker n is ``evidence[n - 1]``."""
        figures: list[CheckedFigure] = []
        findings: list[Finding] = []
        for span in _sentences_with_markers(text):
            sentence = text[span.start : span.end]
            markers, unknown = _markers(sentence, len(evidence))
            findings += [
                Finding("unknown marker", _shifted(s, span.start), f"There is no sentence [{n}].")
                for n, s in unknown
            ]
            if not markers:
                findings.append(Finding("uncited", span, "No sentence is cited for this."))
            for figure in find_figures(without_markers(sentence)):
                checked = _check(_moved(figure, span.start), markers, evidence)
                figures.append(checked)
                if checked.verdict is Verdict.UNSUPPORTED:
                    message = f"No cited sentence states {figure.text!r}."
                    findings.append(Finding("unsupported", checked.figure.span, message))
        return Verification(tuple(figures), tuple(findings))


def restore_bounds(text: str, sentence: str) -> str:
    """Give figures back the "more than" or "about" that the sentence states and the text lost.

    >>> restore_bounds("240,000 people left.", "They counted more than 240,000 people.")
    'more than 240,000 people left.'
    """
    stated = find_figures(sentence)
    for figure in reversed(find_figures(text)):
        for candidate in stated:
            if agree(figure, candidate) is Agreement.BOUND_LOST:
                bounded = bounded_text(candidate)
                text = text[: figure.span.start] + bounded + text[figure.span.end :]
                break
    return text


def _sentences_with_markers(text: str) -> Iterator[Span]:
    """Yield each sentence together with the markers that stand behind its full stop."""
    starts = [found.span.start for found in split_sentences(without_markers(text))]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield Span(start, end)


def _markers(
    sentence: str, n_evidence: int
) -> tuple[tuple[int, ...], tuple[tuple[int, Span], ...]]:
    """The markers of a sentence that exist, in order, and those that do not."""
    named = [(n, marker.span) for marker in find_markers(sentence) for n in marker.numbers]
    known = tuple(dict.fromkeys(n for n, _ in named if 1 <= n <= n_evidence))
    return known, tuple((n, span) for n, span in named if n not in known)


def _check(figure: Figure, markers: Sequence[int], evidence: Sequence[Evidence]) -> CheckedFigure:
    best: tuple[Verdict, int | None] = (Verdict.UNSUPPORTED, None)
    for marker in markers:
        for stated in find_figures(evidence[marker - 1].sentence.text):
            verdict = _SUPPORT.get(agree(figure, stated))
            if verdict is Verdict.EXACT:
                return CheckedFigure(figure, verdict, marker)
            if verdict is not None and best[1] is None:
                best = (verdict, marker)
    return CheckedFigure(figure, *best)


def _moved(figure: Figure, by: int) -> Figure:
    return replace(figure, span=_shifted(figure.span, by))


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
