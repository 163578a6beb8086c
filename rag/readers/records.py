"""JSON and JSON lines: many articles in one file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from rag.errors import UnreadableFileError
from rag.readers.decoding import decode
from rag.readers.documents import make_document
from rag.readers.fields import TEXT_NAMES, first_text, metadata_from, scalar
from rag.readers.html import main_text
from rag.schema import Document, Refusal

_MARKUP = re.compile(r"</(?:p|div|h[1-6]|ul|blockquote)>|<br ?/?>", re.IGNORECASE)
_NO_RECORDS = "Give objects with a text field: text, body, content or article."


class RecordsReader:
    """Reads .json (an object, a list of objects, or an object that holds one) and .jsonl."""

    def read(self, data: bytes, source: str) -> Iterator[Document | Refusal]:
        """Yield an article or a refusal for each record, in the file's order.

        Records count from 1: the lines of JSON lines, the items of a list.

        Raises:
            UnreadableFileError: the file is empty, binary, or no JSON at all.
        """
        text = decode(data)
        if not text.strip():
            raise UnreadableFileError("It is empty; it was not read.", _NO_RECORDS)
        try:
            parsed = _parse(text)
        except UnreadableFileError:
            if not _is_lines(text):
                raise
            yield from self._read_lines(text, source)
        else:
            for number, record in enumerate(_records(parsed), start=1):
                yield _read_record(record, source, number, "application/json")

    def _read_lines(self, text: str, source: str) -> Iterator[Document | Refusal]:
        # str.splitlines would break at U+2028, which JSON allows inside a string.
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip():
                continue
            try:
                record = _parse(line)
            except UnreadableFileError as error:
                yield Refusal(f"{source}#{number}", f"Line {number}: {error.message}", error.hint)
            else:
                yield _read_record(record, source, number, "application/jsonl")


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = str(error) or type(error).__name__
        raise UnreadableFileError(
            f"It is no JSON ({reason}); it was not read.", "Check it with a JSON validator."
        ) from None


def _is_lines(text: str) -> bool:
    """Whether at least two lines, or the only one, look like an object each."""
    lines = [line for line in text.split("\n") if line.strip()]
    n_objects = sum(line.strip()[0] == "{" and line.strip()[-1] == "}" for line in lines)
    return n_objects >= min(2, len(lines)) and n_objects * 2 >= len(lines)


def _records(parsed: Any) -> list[Any]:
    if isinstance(parsed, list):
        records = parsed
    elif isinstance(parsed, dict) and not first_text(parsed, TEXT_NAMES):
        # An export: {"count": 2, "articles": [{...}, {...}]}.
        lists = (v for v in parsed.values() if isinstance(v, list) and v and isinstance(v[0], dict))
        records = next(lists, [parsed])
    else:
        records = [parsed]
    if not any(isinstance(record, dict) for record in records):
        raise UnreadableFileError("It holds no records; it was not read.", _NO_RECORDS)
    return records


def _read_record(record: Any, source: str, number: int, media_type: str) -> Document | Refusal:
    if not isinstance(record, dict):
        return _refused(source, number, "it is no object")
    text = next((t for n in TEXT_NAMES if isinstance(t := record.get(n), str) and t.strip()), None)
    if text is None:
        return _refused(source, number, "it has no text")
    if _MARKUP.search(text):
        text = main_text(f"<html><body><article>{text}</article></body></html>")
    try:
        return make_document(
            text,
            source=source,
            media_type=media_type,
            stated=metadata_from(record),
            stated_id=scalar(record.get("id")),
            number=number,
        )
    except UnreadableFileError:
        return _refused(source, number, "it has no text")


def _refused(source: str, number: int, why: str) -> Refusal:
    reason = f"Record {number} was not read: {why}."
    return Refusal(f"{source}#{number}", reason, _NO_RECORDS)
