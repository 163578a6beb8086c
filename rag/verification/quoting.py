"""Lines that quote: a figure, the words of its sentence that say so, and the marker.

    More than 240,000: “More than 240,000 people left between June and November.” [1]

What stands there word for word needs no weighing of words: it is either in the sentence or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.citations import strip_markers
from rag.figures import bounded_span, find_figures
from rag.schema import CheckedFigure, Evidence, Figure, Span, Verdict

_LINE = re.compile(r"(?P<head>[^“”\n]{1,80}): “(?P<quote>[^\n]+)” \[(?P<marker>\d{1,3})\]")


def quoted_figures(line: str, evidence: Sequence[Evidence]) -> tuple[CheckedFigure, ...]:
    """Return the figure of a line that quotes; none where it is no such line, or not verbatim.

    The quote is whole words of the cited sentence and cuts no figure, and what stands before it is
    one of its figures as the sentence bounds it: neither "40,000" nor "240,000" of "more than
    240,000". Kind and unit are those that the figure has in its sentence.
    """
    match = _LINE.fullmatch(line)
    if match is None or not 1 <= int(match["marker"]) <= len(evidence):
        return ()
    marker = int(match["marker"])
    sentence = " ".join(strip_markers(evidence[marker - 1].sentence.text).split())
    for figure, bounded in _quoted(sentence, match["quote"]):
        stated = sentence[bounded.start : bounded.end]
        # The line begins with a capital, whatever the sentence has.
        if stated[1:] == match["head"][1:] and stated[:1].upper() == match["head"][:1].upper():
            start = figure.span.start - bounded.start
            span = Span(start, start + len(figure.text))
            shown = replace(figure, text=line[span.start : span.end], span=span)
            return (CheckedFigure(shown, Verdict.EXACT, marker),)
    return ()


def quoted_words(line: str, evidence: Sequence[Evidence]) -> tuple[CheckedFigure, ...] | None:
    """Return the figures of words before the whole sentence that has them; None for other lines.

    Kim Lee: “The survey was led by Kim Lee of the harbour office.” [1]
    """
    match = _LINE.fullmatch(line)
    if match is None or not 1 <= int(match["marker"]) <= len(evidence):
        return None
    marker = int(match["marker"])
    sentence = " ".join(evidence[marker - 1].sentence.text.split())
    words = rf"(?<!\w){re.escape(match['head'])}(?!\w)"
    if sentence != match["quote"] or not re.search(words, sentence, re.IGNORECASE):
        return None
    figures = find_figures(match["head"])
    return tuple(CheckedFigure(figure, Verdict.EXACT, marker) for figure in figures)


def _quoted(sentence: str, quote: str) -> Iterator[tuple[Figure, Span]]:
    """Yield the figures that a quote holds, each with its span and its bound's."""
    figures = [(figure, bounded_span(sentence, figure)) for figure in find_figures(sentence)]
    for place in re.finditer(rf"(?<!\w){re.escape(quote)}(?!\w)", sentence):
        inside = [
            (figure, span)
            for figure, span in figures
            if place.start() <= span.start and span.end <= place.end()
        ]
        touched = [
            span for _, span in figures if span.start < place.end() and place.start() < span.end
        ]
        if len(inside) == len(touched):
            yield from inside
