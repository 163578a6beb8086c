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
from rag.readers.limits import MAX_JSON_MARKS
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
        for number, line in _lines(text):
            try:
                record = _parse(line)
            except UnreadableFileError as error:
                yield Refusal(f"{source}#{number}", f"Line {number}: {error.message}", error.hint)
            else:
                yield _read_record(record, source, number, "application/jsonl")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank with their numbers, from 1."""
    # str.splitlines would break at U+2028, which JSON allows inside a string.
    for number, match in enumerate(re.finditer(r"[^\n]*\n?", text), start=1):
        if line := match[0].strip():
            yield number, line


def _parse(text: str) -> Any:
    if sum(map(text.count, "[{,")) > MAX_JSON_MARKS:
        raise UnreadableFileError(
            f"It has more than {MAX_JSON_MARKS:,} brackets and commas; it was not read.",
            "Split it into smaller files, or write an object a line (.jsonl).",
        )
    try:
        return json.loads(text)
    except RecursionError:
        reason = "its brackets lie too deep in one another"
    except ValueError as error:
        reason = str(error)
    raise UnreadableFileError(
        f"It is no JSON ({reason}); it was not read.", "Check it with a JSON validator."
    )


def _is_lines(text: str) -> bool:
    """Whether most lines are an object each, or parts of one, and there is one at least."""
    n_lines = n_objects = n_parts = 0
    for _, line in _lines(text):
        n_lines += 1
        n_objects += line[0] == "{" and line[-1] == "}"
        n_parts += line[0] == "{" or line[-1] == "}"
    if n_objects >= min(2, n_lines):
        return n_objects * 2 >= n_lines
    # A file of few lines that was cut off, or overwritten: one that can be read is enough.
    return n_parts * 2 >= n_lines and any(_is_object(line) for _, line in _lines(text))


def _is_object(line: str) -> bool:
    try:
        return isinstance(_parse(line), dict)
    except UnreadableFileError:
        return False


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
    try:
        if _MARKUP.search(text):
            text = main_text(f"<html><body><article>{text}</article></body></html>")
        return make_document(
            text,
            source=source,
            media_type=media_type,
            stated=metadata_from(record),
            stated_id=scalar(record.get("id")),
            number=number,
        )
    except UnreadableFileError as error:
        return Refusal(f"{source}#{number}", f"Record {number}: {error.message}", error.hint)


def _refused(source: str, number: int, why: str) -> Refusal:
    reason = f"Record {number} was not read: {why}."
    return Refusal(f"{source}#{number}", reason, _NO_RECORDS)
