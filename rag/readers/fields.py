"""Fields of front matter and of records, under the names that they go by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.readers.dates import parse_date
from rag.readers.metadata import Metadata

TEXT_NAMES = ("text", "body", "content", "article")
TITLE_NAMES = ("title", "headline")
PUBLISHER_NAMES = ("publisher", "source", "outlet", "sitename")
AUTHOR_NAMES = ("author", "authors", "byline")
DATE_NAMES = ("published", "published_at", "publication_date", "date")


def metadata_from(fields: Mapping[str, Any]) -> Metadata:
    """Return the metadata that fields state; one that cannot be read is None."""
    days = (parse_date(fields.get(name)) for name in DATE_NAMES)
    publisher = first_text(fields, PUBLISHER_NAMES)
    author = first_text(fields, AUTHOR_NAMES)
    return Metadata(
        title=first_text(fields, TITLE_NAMES),
        # "source" is an address or a path as often as a name.
        publisher=publisher if publisher and "/" not in publisher else None,
        author=author.removeprefix("By ").removeprefix("by ") if author else None,
        published=next(filter(None, days), None),
    )


def first_text(fields: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    """Return the text of the first of ``names`` that has one."""
    return next(filter(None, (scalar(fields.get(name)) for name in names)), None)


def scalar(value: object) -> str | None:
    """Return a field as text: a string or number, the name of an object, a list of those."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, dict):
        return scalar(value.get("name")) if not isinstance(value.get("name"), dict | list) else None
    if isinstance(value, list):
        names = [scalar(one) for one in value[:20] if not isinstance(one, list)]
        return ", ".join(filter(None, names)) or None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
