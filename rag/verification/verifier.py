"""The verifier of answers: markers, words and figures against evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from rag.binding import bare_figure
from rag.citations import find_markers, without_markers
from rag.schema import CheckedFigure, Evidence, Figure, Finding, Span, Verdict, Verification
from rag.sense import opposes
from rag.text import split_sentences
from rag.verification.lookup import Found, look_up
from rag.verification.quoting import quoted_figures, quoted_words
from rag.verification.reading import read
from rag.verification.sources import Source, source_of
from rag.verification.wording import LEAST_SUPPORT, LEAST_WITH_FIGURES, support

# A sentence that is about nearly all that was asked may be told with more of the question's own
# words: "The high that sales reached in May was 144" of "after a high of 144 in May".
_NEAR = 0.8


class EvidenceVerifier:
    """Verifier by markers, words and figures; needs no model."""

    def verify(self, text: str, evidence: Sequence[Evidence]) -> Verification:
        """Check markers and figures; marker n is ``evidence[n - 1]``.

        A line that quotes (:mod:`rag.verification.quoting`) is right when it is verbatim.
        """
        if quoted := quoted_figures(text, evidence):
            return Verification(quoted, ())
        if (words := quoted_words(text, evidence)) is not None:
            return Verification(words, ())
        figures: list[CheckedFigure] = []
        findings: list[Finding] = []
        for span in sentences_with_markers(text):
            sentence = text[span.start : span.end]
            markers, unknown = known_markers(sentence, len(evidence))
            findings += unknown_markers(unknown, span.start)
            prose = without_markers(sentence)
            if not markers:
                findings.append(Finding("uncited", span, "No sentence is cited for this."))
            sources = [source_of(marker, evidence[marker - 1]) for marker in markers]
            checked, wrong, _ = check_figures(prose, span.start, sources, sources)
            if sources:
                covers = max(evidence[marker - 1].coverage for marker in markers) >= _NEAR
                bound = covers or bool(checked and not wrong)
                findings += wording_findings(prose, span, sources, has_figures=bound)
            figures += checked
            findings += wrong
        return Verification(tuple(figures), tuple(findings))


def sentences_with_markers(text: str) -> Iterator[Span]:
    """Yield each sentence together with the markers that stand behind its full stop.

    Markers before the first sentence belong to it, and markers alone are a sentence.
    """
    found = split_sentences(without_markers(text))
    starts = [0, *(sentence.span.start for sentence in found[1:])] if text.strip() else []
    for start, end in pairwise([*starts, len(text)]):
        yield Span(start, end)


Named = tuple[int, Span]
"""A number of a marker and where the marker stands."""


def known_markers(sentence: str, count: int) -> tuple[tuple[int, ...], tuple[Named, ...]]:
    """Return the markers of a sentence from 1 to ``count``, in order, and those that are not."""
    found = [(n, marker.span) for marker in find_markers(sentence) for n in marker.numbers]
    known = tuple(dict.fromkeys(n for n, _ in found if 1 <= n <= count))
    return known, tuple((n, span) for n, span in found if n not in known)


def unknown_markers(unknown: Sequence[Named], start: int) -> Iterator[Finding]:
    """Yield a finding for each marker of nothing in the sentence that begins at ``start``."""
    for n, span in unknown:
        yield Finding("unknown marker", shifted(span, start), f"There is no sentence [{n}].")


def check_figures(
    prose: str, start: int, sources: Sequence[Source], rivals: Sequence[Source]
) -> tuple[list[CheckedFigure], list[Finding], list[Source]]:
    """Look up each figure of a sentence that begins at ``start`` in its text.

    Returns the figures, what is wrong with them, and the sources that state them.
    """
    said = read(prose)
    checked: list[CheckedFigure] = []
    findings: list[Finding] = []
    used: list[Source] = []
    for figure in said.figures:
        found = look_up(said, figure, sources, rivals)
        moved = replace(figure, span=shifted(figure.span, start))
        marker = found.source.marker if found.source else None
        checked.append(CheckedFigure(moved, found.verdict, marker))
        findings += _objections(moved, found)
        used += [found.source] if found.source else []
    return checked, findings, used


def _objections(figure: Figure, found: Found) -> Iterator[Finding]:
    if found.verdict is Verdict.UNSUPPORTED:
        message = f"No cited sentence states {figure.text!r}."
        yield Finding("unsupported", figure.span, message)
    if found.verdict is Verdict.MISBOUND:
        message = f"In the cited sentence {figure.text!r} {found.reason}."
        yield Finding("misbound", figure.span, message)


def wording_findings(
    prose: str, span: Span, sources: Sequence[Source], *, has_figures: bool
) -> Iterator[Finding]:
    """Find a sentence that has too few words of its sources, or turns their sense.

    Args:
        prose: the sentence, without markers.
        span: where it stands in its text.
        sources: what it may rest on.
        has_figures: whether it states figures, and each is bound.
    """
    if bare_figure(prose) is not None:
        return  # says nothing else
    if support(prose, sources) < (LEAST_WITH_FIGURES if has_figures else LEAST_SUPPORT):
        yield Finding("unsupported words", span, "It says more than the cited sentences do.")
    if opposes(prose, " ".join(source.words for source in sources)):
        yield Finding("opposed", span, "It turns the sense of the cited sentences.")


def shifted(span: Span, by: int) -> Span:
    """A span of a sentence as one of its text."""
    return Span(span.start + by, span.end + by)
