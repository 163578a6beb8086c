"""Lines: joining those that a fixed width broke, so that a line is a paragraph again."""

from __future__ import annotations

import re

MIN_WIDTH = 45
MAX_WIDTH = 100
"""Text is hard-wrapped at 60 to 80 characters (RFC 2646, PEP 8, mail programs); with a margin."""

MIN_FULL_SHARE = 0.5
"""Share of line breaks that the width must explain, or the text is no wrapped text."""

_SENTENCE_END = re.compile(r"[.!?:;…|][’”\"')\]]*$")
_LIST_ITEM = re.compile(r"(?:[-*+•·]|\(?\d{1,3}[.)]|#{1,6}|[|>])\s")


def unwrap(text: str) -> str:
    """Join the lines of hard-wrapped, normalised text; leave any other text as it is.

    A break was made by the width when the next line's first word would not have fitted, or when
    a long line ends amid a sentence that goes on in lower case. Blank lines and list items stay
    where they are.
    """
    lines = text.split("\n")
    breaks = [i for i in range(1, len(lines)) if _may_join(lines[i - 1], lines[i])]
    joined = {i for i in breaks if _goes_on(lines[i - 1], lines[i])} | _full(lines, breaks)
    pieces = lines[:1]
    for i, line in enumerate(lines[1:], start=1):
        pieces += [" " if i in joined else "\n", line]
    return "".join(pieces)


def _may_join(line: str, following: str) -> bool:
    return bool(line and following and not line.startswith("#") and not _LIST_ITEM.match(following))


def _goes_on(line: str, following: str) -> bool:
    return len(line) >= MIN_WIDTH and following[0].islower() and not _SENTENCE_END.search(line)


def _full(lines: list[str], breaks: list[int]) -> set[int]:
    """Return the breaks that the width made; none where the text has no one width."""
    width = max((len(line) for line in lines if " " in line), default=0)
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        return set()
    full = {i for i in breaks if len(lines[i - 1]) + 1 + len(lines[i].split(" ")[0]) > width}
    return full if len(full) >= max(2, MIN_FULL_SHARE * len(breaks)) else set()


_ROW = re.compile(r"^[ \t]*\|(.*)\|[ \t]*$", re.M)
_RULE = re.compile(r"^(?=[^\n]*---)[ \t|:-]+(?:\n|\Z)", re.M)
_BULLET = re.compile(r"^[ \t]*[-*+•][ \t]+", re.M)


def strip_layout(text: str) -> str:
    """Take rules, bullets and the outer bars of table rows off lines; cells keep a bar between."""
    return _BULLET.sub("", _ROW.sub(lambda row: row[1].replace("|", " | "), _RULE.sub("", text)))
