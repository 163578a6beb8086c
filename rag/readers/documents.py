"""Making a document of what a format gave: one way for every reader."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import asdict
from itertools import groupby
from pathlib import PurePath

from rag.errors import UnreadableFileError
from rag.readers.boilerplate import find_boilerplate
from rag.readers.metadata import Metadata, cut_stamp, find_metadata
from rag.schema import Document, DocumentInfo, Span
from rag.text import normalise

MAX_ID_CHARACTERS = 60
MAX_FIELD_CHARACTERS = 500
"""Longer than any headline; a field beyond it holds something else and is not used."""


def make_document(
    text: str,
    *,
    source: str,
    media_type: str,
    stated: Metadata | None = None,
    stated_id: str | None = None,
    number: int | None = None,
    page_starts: tuple[int, ...] = (),
) -> Document:
    """Normalise a text, find what it says about itself, and mark its boilerplate.

    Args:
        text: the article; already normalised where ``page_starts`` are given.
        source: as in ``DocumentInfo``, without the record's number.
        media_type: of the file.
        stated: what the file's own metadata say; goes before what is found in the text.
        stated_id: the article's own id; else it is made from the file's name.
        number: which record of the file, from 1.
        page_starts: offsets of the pages in ``text``.

    Raises:
        UnreadableFileError: there is no text.
    """
    whole = normalise(text)
    stamp, text = cut_stamp(whole)
    if not text:
        raise UnreadableFileError("It has no text; it was not read.", "Check the file's content.")
    n_cut = len(whole) - len(text)
    found, head = find_metadata(text)
    metadata = _clean(stated or Metadata()).or_else(stamp).or_else(found)
    return Document(
        info=DocumentInfo(
            id=_one_line(stated_id) or _id_from(source, number),
            source=source if number is None else f"{source}#{number}",
            media_type=media_type,
            content_sha256=content_sha256(text, metadata),
            title=metadata.title,
            publisher=metadata.publisher,
            author=metadata.author,
            published=metadata.published,
        ),
        text=text,
        page_starts=tuple(max(0, start - n_cut) for start in page_starts),
        boilerplate=_united((*head, *find_boilerplate(text))),
    )


def content_sha256(text: str, metadata: Metadata) -> str:
    """Return the sum by which a changed article is told from an unchanged one."""
    fields = json.dumps(asdict(metadata), default=str, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{fields}\n{text}".encode()).hexdigest()


def slug(name: str) -> str:
    """Return ``name`` in lower-case ASCII letters, digits and hyphens, 60 at most.

    >>> slug("Über-Preise  2024 (final)")
    'uber-preise-2024-final'
    """
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name)[:MAX_ID_CHARACTERS].strip("-")


def _id_from(source: str, number: int | None) -> str:
    stem = slug(source if source.startswith("stdin:") else PurePath(source).stem)
    if not stem:  # a name in another script, or in none: names of files are bytes
        name = PurePath(source).name.encode("utf-8", "surrogatepass")
        stem = hashlib.sha256(name).hexdigest()[:12]
    return stem if number is None else f"{stem}-{number}"


def _one_line(stated: str | None) -> str | None:
    one_line = " ".join(normalise(stated or "").split())
    return one_line if 0 < len(one_line) <= MAX_FIELD_CHARACTERS else None


def _clean(stated: Metadata) -> Metadata:
    """Normalise stated fields to one line each; an empty or endless one is none."""
    return Metadata(
        title=_one_line(stated.title),
        publisher=_one_line(stated.publisher),
        author=_one_line(stated.author),
        published=stated.published,
    )


def _united(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Sort spans and drop those that another one holds."""
    starts = groupby(sorted(spans), key=lambda span: span.start)
    return tuple(max(same, key=len) for _, same in starts)
