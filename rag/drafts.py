"""A draft: a text that is not published yet, read as articles are, and its figures to be checked.

Dates and years are not checked by themselves: they say of when the other figures are. Ordinals
and identifiers are names. Ages and durations are claims as any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rag.errors import InputError
from rag.readers import read_path, read_stdin
from rag.schema import QUANTITIES, Document, Figure, Refusal, Span
from rag.text import normalise, split_sentences


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """One sentence of a draft."""

    span: Span
    """In the draft's text."""
    text: str
    lead: str | None
    """The sentence before it in the same paragraph; None where it opens one."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A normalised text and what is known of it."""

    text: str
    sentences: tuple[DraftSentence, ...]
    dated: date | None = None
    """The date that it will bear, where it states one: "last year" is counted from it."""
    name: str = "draft"


def is_checked(figure: Figure) -> bool:
    """Whether a figure is a claim of its own."""
    return figure.kind in QUANTITIES


def draft_of(text: str, *, dated: date | None = None, name: str = "draft") -> Draft:
    """Return a draft of any text; line ends, spaces and invisible characters are made plain.

    >>> [sentence.lead for sentence in draft_of("It rose. It fell.").sentences]
    [None, 'It rose.']
    """
    return _cut(normalise(text), dated, name)


def read_draft(source: str, stdin: bytes = b"") -> Draft:
    """Read the draft in a file, or from standard input.

    Args:
        source: path of the file; ``-`` for standard input.
        stdin: what came by it.

    Raises:
        InputError: there is no such file, it cannot be read, or it holds more than one text.
    """
    path = Path(source)
    if source != "-" and not path.is_file():
        raise InputError(f"There is no file {source}; nothing was checked.", "Check the path.")
    found = _texts(read_stdin(stdin) if source == "-" else read_path(path), source)
    if len(found) > 1:
        raise InputError(
            f"{source} holds {len(found)} texts; nothing was checked.",
            "Give each draft a file of its own.",
        )
    info = found[0].info
    return _cut(found[0].text, info.published, "standard input" if source == "-" else path.name)


def _texts(items: Iterable[Document | Refusal], source: str) -> list[Document]:
    found: list[Document] = []
    for item in items:
        if isinstance(item, Document):
            found.append(item)
        elif not found:
            raise InputError(
                f"{source} cannot be read: {item.reason}",
                item.hint or "A draft is a .md, .txt or .docx file, or - for standard input.",
            )
    if not found:
        raise InputError(f"{source} holds no text; nothing was checked.", "Check its content.")
    return found


def _cut(text: str, dated: date | None, name: str) -> Draft:
    sentences: list[DraftSentence] = []
    paragraph, lead = -1, None
    for found in split_sentences(text):
        written = text[found.span.start : found.span.end]
        lead = lead if found.paragraph == paragraph else None
        sentences.append(DraftSentence(found.span, written, lead))
        paragraph, lead = found.paragraph, written
    return Draft(text, tuple(sentences), dated, name)
