"""Web pages saved as HTML: the main text by trafilatura, the date only where it is stated."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from rag.errors import UnreadableFileError
from rag.readers.dates import parse_date
from rag.readers.decoding import decode
from rag.readers.documents import make_document
from rag.readers.limits import MAX_ELEMENTS, MAX_MARKUP
from rag.readers.lines import strip_layout
from rag.readers.metadata import Metadata
from rag.schema import Document

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
# Pictures that the page holds itself; of one with 10 MB libxml2 would read no further.
_EMBEDDED = re.compile(r"(?<=;base64,)[A-Za-z0-9+/=]{200,}")
_EXPORT_HINT = "Save the page with its text shown, or copy the text into a .txt file."


class HtmlReader:
    """Reads .html and .htm files."""

    def read(self, data: bytes, source: str) -> Iterator[Document]:
        """Yield the one article of the page, without navigation, comments and footers.

        Raises:
            UnreadableFileError: the page is empty or binary, or has no article text.
        """
        charset = _CHARSET.search(data, 0, 4096)
        page = decode(data, charset[1].decode("ascii") if charset else None)
        if not page.strip():
            raise UnreadableFileError("It is empty; it was not read.", _EXPORT_HINT)
        page = _XML_DECLARATION.sub("", page, count=1)
        tree = _parsed(page := _EMBEDDED.sub("", page))
        text = _extracted(page)
        if not text:
            raise UnreadableFileError(
                "The page has no article text; it was not read.", _EXPORT_HINT
            )
        yield make_document(
            text, source=source, media_type="text/html", stated=_stated_metadata(tree)
        )


def main_text(page: str) -> str:
    """Return the article of a page, a paragraph a line; empty where there is none.

    Raises:
        UnreadableFileError: the page is too large or too deep to be read as a whole.
    """
    page = _EMBEDDED.sub("", page)
    _parsed(page)
    return _extracted(page)


def _parsed(page: str) -> Any:
    """Return the tree of a page that was parsed to its end; None where there is none."""
    from trafilatura import load_html

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    _check("characters", len(page), MAX_MARKUP)
    tree = load_html(page)
    if tree is None:
        return None
    # libxml2 stops at its own limits, and what follows would be missing without a word.
    log = getattr(tree.getroottree().parser, "error_log", ())
    if stopped := [entry for entry in log if entry.type_name == "ERR_RESOURCE_LIMIT"]:
        why = stopped[0].message.partition(",")[0].strip()
        raise UnreadableFileError(
            f"Its end cannot be reached ({why}); it was not read.", _EXPORT_HINT
        )
    _check("elements", sum(1 for _ in tree.iter()), MAX_ELEMENTS)
    return tree


def _check(what: str, n: int, limit: int) -> None:
    if n > limit:
        raise UnreadableFileError(
            f"The page has {n:,} {what}, more than {limit:,}; it was not read.", _EXPORT_HINT
        )


def _extracted(page: str) -> str:
    from trafilatura import bare_extraction

    extracted = bare_extraction(page, include_comments=False, with_metadata=False)
    return strip_layout(str(extracted.text or "")).strip() if extracted else ""


def _stated_metadata(tree: Any) -> Metadata:
    from trafilatura.metadata import extract_metadata

    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    if tree is None:
        return Metadata()
    # The date it finds is not used: it falls back on the address, on images and on any date of
    # the text.
    found = extract_metadata(tree, date_config={"extensive_search": False, "original_date": True})
    # Without a stated name trafilatura gives the host of the canonical link.
    is_host = found.hostname and found.hostname in (found.sitename or "").lower()
    return Metadata(
        title=found.title,
        publisher=None if is_host else found.sitename,
        author=found.author,
        published=_published(tree),
    )


# Compared in lower case without separators.
_DATE_KEYS = frozenset(
    {
        *("articlepublished", "articlepublishedtime", "date", "datepublished", "dcdate"),
        *("dcdateissued", "dctermsissued", "parselypubdate", "pubdate", "publicationdate"),
        *("publishdate", "publisheddate", "sailthrudate"),
    }
)


def _published(tree: Any) -> date | None:
    """Return the day of publication that the page's own markup states, or None."""
    stated = [*_linked_data_dates(tree), *_meta_dates(tree), *_time_dates(tree)]
    return next(filter(None, map(parse_date, stated)), None)


def _linked_data_dates(tree: Any) -> Iterator[str]:
    for script in tree.xpath('//script[@type="application/ld+json"]'):
        try:
            pending: list[Any] = [json.loads(script.text_content())]
        except (ValueError, RecursionError):
            continue
        while pending:
            node = pending.pop()
            if isinstance(node, list):
                pending += reversed(node)
            elif isinstance(node, dict):
                # Not every object inside: articles that the page links to have their own dates.
                pending += [node.get("@graph"), node.get("mainEntity")]
                if isinstance(day := node.get("datePublished"), str):
                    yield day


def _meta_dates(tree: Any) -> Iterator[str]:
    for meta in tree.xpath("//meta[@content]"):
        key = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if re.sub(r"[^a-z]", "", key.lower()) in _DATE_KEYS:
            yield meta.get("content")


def _time_dates(tree: Any) -> Iterator[str]:
    yield from tree.xpath(
        '//*[@itemprop="datePublished"]/@*[name()="datetime" or name()="content"]'
    )
    yield from tree.xpath("//time[@pubdate]/@datetime")
