"""Articles whose sentences can be changed or taken out, each change checked by reading it back.

A place is a sentence of an article, or its title. Edits are made in the Markdown, so that the
front matter and everything else stays as it was; offsets are those of the text that is read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rag.errors import InputError
from rag.figures import find_figures
from rag.readers import read_bytes
from rag.readers.decoding import decode
from rag.schema import Document, Figure, Span
from rag.text import split_sentences

Key = tuple[str, int]
"""Names a place: the article's id, and the sentence counted from 0, or :data:`TITLE`."""

TITLE = -1
_TITLE_LINE = re.compile(r"^title:[ \t]*(.*)$", re.M)


@dataclass(frozen=True)
class Place:
    """A sentence or a title, where it stands in the text and in the file."""

    key: Key
    text: str
    start: int
    """In the article's text; 0 for a title."""
    in_file: int | None
    """In the file; None where marks or line breaks set it in other characters there."""
    paragraph: int

    @property
    def is_sentence(self) -> bool:
        """Whether it is no title."""
        return self.key[1] != TITLE

    @property
    def end(self) -> int:
        """Behind its last character in the article's text."""
        return self.start + len(self.text)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures it states."""
        return find_figures(self.text)


@dataclass(frozen=True, slots=True)
class Edit:
    """What becomes of a piece of a place; a place without text left is taken out."""

    key: Key
    span: Span
    """In the place's text."""
    text: str
    """What stands there instead."""


@dataclass(frozen=True, slots=True)
class Article:
    """A Markdown file, the article that is read from it, and its places."""

    path: Path
    """In the folder of articles."""
    raw: str
    document: Document
    places: tuple[Place, ...]


def read_articles(folder: Path) -> dict[str, Article]:
    """Return the articles of the Markdown files in a folder and its folders, by id.

    Raises:
        InputError: there is none, one cannot be read, or two have the same id.
    """
    articles: dict[str, Article] = {}
    for path in sorted(folder.rglob("*.md")):
        raw = decode(path.read_bytes()).replace("\r\n", "\n")
        article = _article(path.relative_to(folder), raw)
        if article is None or article.document.info.id in articles:
            raise InputError(
                f"{path} is no article of its own; nothing was changed.",
                "Name a folder of Markdown articles, each with an id of its own.",
            )
        articles[article.document.info.id] = article
    if not articles:
        raise InputError(
            f"There is no Markdown in {folder}; nothing was changed.", "Name another folder."
        )
    return articles


def edited(article: Article, edits: Iterable[Edit]) -> Article | None:
    """Return the article with edits made; None where it does not read as they say.

    That is so where a place is set in other characters in the file, where two edits touch, and
    where without one sentence its neighbours would be read as one.
    """
    by_place: dict[Key, list[Edit]] = defaultdict(list)
    for edit in edits:
        by_place[edit.key].append(edit)
    raw = article.raw
    for place in sorted(article.places, key=lambda place: place.in_file or 0, reverse=True):
        text = place_text(place, by_place.get(place.key, ()))
        if text is None or (text != place.text and place.in_file is None):
            return None
        if text != place.text and place.in_file is not None:
            raw = _replaced(raw, Span(place.in_file, place.in_file + len(place.text)), text)
    wanted = [place_text(place, by_place.get(place.key, ())) for place in article.places]
    result = _article(article.path, raw)
    if result is None or result.document.info.id != article.document.info.id:
        return None
    read_back = [place.text for place in result.places]
    return result if read_back == [text for text in wanted if text] else None


def moved(span: Span, old: Article, new: Article, edits: Sequence[Edit]) -> Span | None:
    """Return where a span of the old text is in the new one; None where it was taken out."""
    kept = [p for p in old.places if p.is_sentence and not _is_taken_out(p, edits)]
    now = [place for place in new.places if place.is_sentence]
    ends = []
    for offset, is_end in ((span.start, False), (span.end, True)):
        for before, after in zip(kept, now, strict=True):
            if before.start <= offset < before.end + is_end and offset >= before.start + is_end:
                own = [edit for edit in edits if edit.key == before.key]
                ends.append(after.start + _shifted(offset - before.start, own))
    return Span(*ends) if len(ends) == 2 else None


def place_text(place: Place, edits: Iterable[Edit]) -> str | None:
    """Return the words of a place with edits made; None where two of them touch."""
    text, before = place.text, len(place.text) + 1
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        if edit.span.end > before:
            return None
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
        before = edit.span.start
    return text


def _is_taken_out(place: Place, edits: Iterable[Edit]) -> bool:
    return place_text(place, [edit for edit in edits if edit.key == place.key]) == ""


def _shifted(offset: int, edits: Iterable[Edit]) -> int:
    return offset + sum(
        len(edit.text) - len(edit.span) for edit in edits if edit.span.end <= offset
    )


def _replaced(raw: str, span: Span, text: str) -> str:
    """The file with other words in a place; one taken out leaves no double space."""
    end = span.end
    if not text:
        end += len(raw[end:]) - len(raw[end:].lstrip(" "))
    return raw[: span.start] + text + raw[end:]


def _article(path: Path, raw: str) -> Article | None:
    found = list(read_bytes(raw.encode(), path.name, path.suffix))
    if len(found) != 1 or not isinstance(found[0], Document):
        return None
    return Article(path, raw, found[0], tuple(_places(found[0], raw)))


def _places(document: Document, raw: str) -> Iterable[Place]:
    id_ = document.info.id
    body = 0
    if document.info.title:
        line = _TITLE_LINE.search(raw)
        at = raw.find(document.info.title, line.start(1), line.end(1)) if line else -1
        yield Place((id_, TITLE), document.info.title, 0, at if at >= 0 else None, TITLE)
        body = line.end() if line else 0
    for number, sentence in enumerate(split_sentences(document.text)):
        text = document.text[sentence.span.start : sentence.span.end]
        at = raw.find(text, body)
        body = at + len(text) if at >= 0 else body
        in_file = at if at >= 0 else None
        yield Place((id_, number), text, sentence.span.start, in_file, sentence.paragraph)
