"""Lines that quote: a figure, the words of its sentence that say so, and the marker.

    More than 240,000: “More than 240,000 people left between June and November.” [1]

What stands there word for word needs no weighing of words: it is either in the sentence or not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.citations import strip_markers
from rag.figures import find_figures
from rag.schema import CheckedFigure, Evidence, Verdict

_LINE = re.compile(r"(?P<head>[^“”\n:]{1,80}): “(?P<quote>[^\n]+)” \[(?P<marker>\d{1,3})\]")


def quoted_figures(line: str, evidence: Sequence[Evidence]) -> tuple[CheckedFigure, ...]:
    """Return the figures of a line that quotes; none where it is no such line, or not verbatim."""
    match = _LINE.fullmatch(line)
    if match is None or not 1 <= int(match["marker"]) <= len(evidence):
        return ()
    marker = int(match["marker"])
    sentence = _plain(strip_markers(evidence[marker - 1].sentence.text))
    head, quote = _plain(match["head"]), _plain(match["quote"])
    if quote not in sentence or head not in sentence:
        return ()
    return tuple(
        CheckedFigure(figure, Verdict.EXACT, marker) for figure in find_figures(match["head"])
    )


def _plain(text: str) -> str:
    """Without regard to white space and to the capital that a line begins with."""
    return " ".join(text.split()).casefold()
