"""An answer to take along: as plain text or as Markdown, its sentences and where they stand."""

from __future__ import annotations

import re

from rag.schema import Answer, Citation
from rag.ui.pieces.text import day

_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+!|~$-])")


def as_text(answer: Answer) -> str:
    """The answer, then each sentence that it rests on with title, outlet and date."""
    lines = [answer.text]
    for citation in answer.citations:
        lines += ["", f"[{citation.marker}] “{citation.quote}”", f"    {_place(citation)}"]
    return "\n".join(lines)


def as_markdown(answer: Answer) -> str:
    r"""The same as Markdown; signs in what articles say are escaped.

    >>> _escaped("a *b*")
    'a \\*b\\*'
    """
    lines = [_escaped(answer.text)]
    for citation in answer.citations:
        quote = _escaped(f"[{citation.marker}] “{citation.quote}”")
        lines += ["", f"> {quote}  ", f"> — {_escaped(_place(citation))}"]
    return "\n".join(lines)


def _place(citation: Citation) -> str:
    info = citation.document
    parts = [info.name, info.publisher, day(info.published)]
    page = [f"page {citation.page}"] if citation.page else []
    copies = [f"also in: {c.publisher or c.name}, {day(c.published)}" for c in citation.also_in]
    return "; ".join([", ".join([part for part in parts if part] + page), *copies])


def _escaped(text: str) -> str:
    return _MARKDOWN_SIGNS.sub(r"\\\1", text)
