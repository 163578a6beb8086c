"""The check that every answer passes before anyone sees it as fact.

It knows nothing of how a text was made: markers must exist, each sentence must carry one, its
words must come from the sentences cited for it, and so must each of its figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from rag.binding import bare_figure
from rag.citations import find_markers, shared_content, without_markers
from rag.figures import Agreement, agree, bounded_span, find_figures
from rag.schema import CheckedFigure, Evidence, Figure, Finding, Span, Verdict, Verification
from rag.sense import opposes
from rag.text import split_sentences

# Seven of ten content words have to come from the cited sentences. Answers by the default model
# that are right have that; what was made up of the question's own words has 0.44 to 0.67.
_LEAST_SUPPORT = 0.7
# Where the sentence is about nearly all that was asked, an answer may bring more of the question's
# own words: "The high that sales reached in May was 144" of "after a high of 144 in May".
_LEAST_SUPPORT_NEAR = 0.6
_NEAR = 0.8

_SUPPORT = {Agreement.EXACT: Verdict.EXACT, Agreement.ROUNDED: Verdict.ROUNDED}


class EvidenceVerifier:
    """Verifier by markers, words and figures; needs no model."""

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
            prose = without_markers(sentence)
            if markers:
                cited = [evidence[marker - 1] for marker in markers]
                findings += _wording(prose, span, cited)
            for figure in find_figures(prose):
                checked = _check(_moved(figure, span.start), markers, evidence)
                figures.append(checked)
                if checked.verdict is Verdict.UNSUPPORTED:
                    message = f"No cited sentence states {figure.text!r}."
                    findings.append(Finding("unsupported", checked.figure.span, message))
        return Verification(tuple(figures), tuple(findings))


def restore_bounds(text: str, sentence: str) -> str:
    """Write each figure as the sentence bounds it: "more than" is not lost, and not made up.

    >>> restore_bounds("240,000 people left.", "They counted more than 240,000 people.")
    'More than 240,000 people left.'
    """
    stated = find_figures(sentence)
    for figure in reversed(find_figures(text)):
        source = next((s for s in stated if agree(figure, s) is Agreement.BOUND_LOST), None)
        if source is not None and not any(agree(figure, s) is Agreement.EXACT for s in stated):
            span, original = bounded_span(text, figure), bounded_span(sentence, source)
            written = sentence[original.start : original.end]
            text = text[: span.start] + written + text[span.end :]
    return text[:1].upper() + text[1:]


def _sentences_with_markers(text: str) -> Iterator[Span]:
    """Yield each sentence together with the markers that stand behind its full stop.

    Markers before the first sentence belong to it, and markers alone are a sentence.
    """
    found = split_sentences(without_markers(text))
    starts = [0, *(sentence.span.start for sentence in found[1:])] if text.strip() else []
    for start, end in pairwise([*starts, len(text)]):
        yield Span(start, end)


def _markers(
    sentence: str, n_evidence: int
) -> tuple[tuple[int, ...], tuple[tuple[int, Span], ...]]:
    """The markers of a sentence that exist, in order, and those that do not."""
    named = [(n, marker.span) for marker in find_markers(sentence) for n in marker.numbers]
    known = tuple(dict.fromkeys(n for n, _ in named if 1 <= n <= n_evidence))
    return known, tuple((n, span) for n, span in named if n not in known)


def _wording(prose: str, span: Span, cited: Sequence[Evidence]) -> Iterator[Finding]:
    """Find a sentence that says more than its source, or the opposite."""
    if bare_figure(prose) is not None:
        return  # says nothing else
    source = _read(cited)
    near = max(evidence.coverage for evidence in cited) >= _NEAR
    if shared_content(prose, source) < (_LEAST_SUPPORT_NEAR if near else _LEAST_SUPPORT):
        yield Finding("unsupported words", span, "It says more than the cited sentences do.")
    if opposes(prose, source):
        yield Finding("opposed", span, "It turns the sense of the cited sentences.")


def _read(cited: Sequence[Evidence]) -> str:
    """All words that the cited sentences and what is known of their articles offer."""
    parts = [
        part
        for e in cited
        for part in (
            e.sentence.text,
            e.lead.text if e.lead else None,
            e.document.title,
            e.document.publisher,
            e.document.author,
        )
    ]
    return " ".join(part for part in parts if part)


def _check(figure: Figure, markers: Sequence[int], evidence: Sequence[Evidence]) -> CheckedFigure:
    best: tuple[Verdict, int | None] = (Verdict.UNSUPPORTED, None)
    for marker in markers:
        for stated in _stated(evidence[marker - 1].sentence.text):
            verdict = _SUPPORT.get(agree(figure, stated))
            if verdict is Verdict.EXACT:
                return CheckedFigure(figure, verdict, marker)
            if verdict is not None and best[1] is None:
                best = (verdict, marker)
    return CheckedFigure(figure, *best)


def _stated(sentence: str) -> tuple[Figure, ...]:
    """The figures of an article's sentence; its footnote marks are none."""
    return find_figures(without_markers(sentence))


def _moved(figure: Figure, by: int) -> Figure:
    return replace(figure, span=_shifted(figure.span, by))


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)
