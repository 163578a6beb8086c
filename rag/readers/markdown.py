"""Markdown with or without YAML front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from rag.readers.decoding import decode
from rag.readers.documents import make_document
from rag.readers.fields import metadata_from, scalar
from rag.readers.lines import strip_layout, unwrap
from rag.readers.metadata import Metadata
from rag.schema import Document
from rag.text import normalise

_PLAIN_FIELD = re.compile(r"([A-Za-z][\w -]*):(?:[ \t]+(?![\[{&*!|>%@`])(.*))?")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
MAX_FRONT_MATTER = 16_384
"""Characters. PyYAML takes 0.03 s for as much of it, and 0.6 s where all are opening brackets."""


class MarkdownReader:
    """Reads .md files: front matter becomes metadata, marks are taken off the text."""

    def read(self, data: bytes, source: str) -> Iterator[Document]:
        """Yield the one article of the file.

        Raises:
            UnreadableFileError: the file is empty or binary.
        """
        fields, body = split_front_matter(decode(data))
        text, heading = strip_marks(unwrap(normalise(body)))
        yield make_document(
            text,
            source=source,
            media_type="text/markdown",
            stated=metadata_from(fields).or_else(Metadata(title=heading)),
            stated_id=scalar(fields.get("id")),
        )


def split_front_matter(text: str) -> tuple[Mapping[str, Any], str]:
    """Return the fields of the front matter and the rest; malformed front matter is text."""
    import yaml

    text = text.replace("\r\n", "\n").lstrip("\ufeff\n ")
    match = _FRONT_MATTER.match(text, 0, MAX_FRONT_MATTER)
    if not match:
        return {}, text
    try:
        fields = yaml.load(match["yaml"], _loader())  # noqa: S506 - a safe one
    except Exception:  # noqa: BLE001 - tags that their values do not fit raise anything: KeyError…
        fields = _plain_fields(match["yaml"]) or text
    if fields is None:
        return {}, text[match.end() :]
    return (fields, text[match.end() :]) if isinstance(fields, dict) else ({}, text)


def _plain_fields(matter: str) -> dict[str, str]:
    """The fields of lines that are "name: value"; none where there are others.

    "title: Live: ferry aground" is no YAML, for its second colon, and yet a title: of 320 articles
    by people who knew of no parser, 70 had one.
    """
    lines = [line.rstrip() for line in matter.splitlines() if line.strip()]
    fields = list(map(_PLAIN_FIELD.fullmatch, lines))
    if not all(fields):
        return {}
    return {field[1]: (field[2] or "").strip().strip("\"'") for field in fields if field}


@cache
def _loader() -> Any:
    import yaml

    class Loader(yaml.SafeLoader):
        """Reads "<<" as any other key: merged mappings of 500 bytes can grow to gigabytes."""

        def flatten_mapping(self, node: yaml.MappingNode) -> None:
            """Leave the mapping as it is written."""

    Loader.add_constructor("tag:yaml.org,2002:merge", lambda _loader, node: str(node.value))
    return Loader


# Each pattern stops at the first character that could begin another match, so that no text
# makes them read it twice.
_DROPPED_LINES = re.compile(
    r"^[ \t]*(?:=+|\*{3,}|_{3,}|(?:\*[ \t]){2,}\*|```[^`\n]*|~~~[^~\n]*"
    r"|\[[^\[\]\n]+\]:[ \t]*\S[^\n]*)[ \t]*$",
    re.M,
)
_COMMENT = re.compile(r"<!--(?:(?!-->|<!--).)*-->", re.S)
_HEADING = re.compile(r"^(#{1,6}) ([^\n]*)$", re.M)
_SETEXT = re.compile(r"^([^\n]+)\n=+$", re.M)
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.M)
_TARGET = r"\((?:[^()\n]|\([^()\n]*\))*\)"
_LINK = re.compile(rf"!?\[([^\[\]\n]*)\](?:{_TARGET}|\[[^\[\]\n]*\])")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\n]+\]")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]*>")
_STRONG = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*\n]+)(?<=[^\s*])\1(?!\w)")
_UNDERSCORE = re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])([^_\n]+)(?<=[^\s_])\1(?!\w)")
_STRUCK = re.compile(r"~~([^~\n]+)~~")
_CODE = re.compile(r"(?<!`)`+([^`\n]+)`+")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~]|$)", re.M)


def strip_marks(text: str) -> tuple[str, str | None]:
    """Return normalised text without Markdown's marks, and its heading of the first level.

    Of links the text stays, of images the description; link targets, comments and rules go.
    """
    text = _COMMENT.sub("", text)
    first = _HEADING.search(text) or _SETEXT.search(text)
    text = _SETEXT.sub(r"\1\n", text)
    text = _HEADING.sub(lambda heading: heading[2].rstrip("# "), text)
    text = _inline(strip_layout(_QUOTED.sub("", _DROPPED_LINES.sub("", text))))
    if first is None or first[1].startswith("##"):
        return text, None
    heading = first[2].rstrip("# ") if first.re is _HEADING else first[1]
    return text, _inline(heading) or None


def _inline(text: str) -> str:
    text = _FOOTNOTE.sub("", text)
    text = _LINK.sub(r"\1", _LINK.sub(r"\1", text))  # twice: an image may be a link's text
    text = _TAG.sub("", _AUTOLINK.sub(r"\1", text))
    for pattern in (_STRONG, _UNDERSCORE):
        text = pattern.sub(r"\2", text)
    return _ESCAPE.sub(r"\1", _CODE.sub(r"\1", _STRUCK.sub(r"\1", text)))
