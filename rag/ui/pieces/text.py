"""Text that stays text, whatever it says.

Article text, names of files and what a model wrote must stay text. Four things could make it
more: HTML, Markdown (Gradio renders both), formulas, and templates that Gradio evaluates. So
:func:`plain` writes every ASCII character that is no letter, digit or space as a numeric entity,
which none of the four takes for its own. Behind that stand Gradio's sanitiser and the server's
Content-Security-Policy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rag.markup import UNSEEN
from rag.schema import DocumentInfo

# All that a renderer could take for a sign of its own: ASCII without letters, digits and space.
_ACTIVE = re.compile(r"[^A-Za-z0-9 \x80-\U0010ffff]")


def plain(text: str) -> str:
    r"""Write text so that HTML, Markdown, formulas and templates leave it alone.

    >>> plain("5 < 6")
    '5 &#60; 6'
    >>> plain("**a**\nb")
    '&#42;&#42;a&#42;&#42;<br>b'
    """
    return "<br>".join(map(_line, text.splitlines()))


def flowing(text: str) -> str:
    r"""Write a part of a longer text: a line end at either end of it is kept.

    >>> flowing("a\n")
    'a<br>'
    """
    return "<br>".join(map(_line, text.split("\n")))


def source(document: DocumentInfo, page: int | None = None) -> str:
    """Title, then outlet, date and page."""
    return (
        f"<bdi>{plain(document.name)}</bdi> <span>{plain(' · '.join(facts(document, page)))}</span>"
    )


def also_in(copies: Sequence[DocumentInfo]) -> str:
    """The other outlets that have the same sentence; empty where there are none."""
    if not copies:
        return ""
    places = "; ".join(f"{copy.publisher or copy.name}, {day(copy.published)}" for copy in copies)
    return f'<p class="also">{plain(f"also in: {places}")}</p>'


def facts(document: DocumentInfo, page: int | None = None) -> list[str]:
    """What is known beside the title, as words."""
    return [
        *([document.publisher] if document.publisher else []),
        day(document.published),
        *([f"page {page}"] if page is not None else []),
    ]


def day(when: date | None) -> str:
    """A date as people write it."""
    return "no date" if when is None else f"{when.day} {when:%B %Y}"


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> counted(1, "article"), counted(1200, "article")
    ('1 article', '1,200 articles')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def clipped(text: str, width: int) -> str:
    """The beginning of a text, whole words of it."""
    return text if len(text) <= width else text[: width - 1].rsplit(" ", 1)[0] + "…"


def _line(line: str) -> str:
    return _ACTIVE.sub(_entity, UNSEEN.sub("", line))


def _entity(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"
