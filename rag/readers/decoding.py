"""From bytes to text: byte order mark, UTF-8, and only then detection."""

from __future__ import annotations

import codecs
import re
import string
from typing import TYPE_CHECKING

from rag.errors import UnreadableFileError

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatch

# UTF-32 first: its little-endian mark begins with the one of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_ASCII = string.printable.encode()
_WESTERN = "cp1252"

MAX_WESTERN_SHARE = 0.1
"""Share of bytes above 127 up to which Windows-1252 is tried before everything else.

English, Spanish and French sentences have under 0.09; the detector alone takes a sentence with
three accents for Big5 and one with "£5" for HP Roman-8. Czech or Greek text has 0.2 and more.
"""


def decode(data: bytes, declared: str | None = None) -> str:
    """Decode a text file strictly: no character is ever replaced by U+FFFD.

    Args:
        data: the whole file.
        declared: the encoding that the file itself names, tried after UTF-8.

    Raises:
        UnreadableFileError: the bytes are no text, or in no encoding that can be told.
    """
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return _decode_strictly(data, marked)
    if b"\0" not in data:
        for encoding in ("utf-8", declared):
            text = _try(data, encoding)
            if text is not None:
                if len(_CONTROL.findall(data)) > len(data) / 100:
                    raise _binary()
                return text
    return _detect(data)


def _decode_strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"It begins as {encoding.upper()} text but byte {error.start} does not fit; "
            "it was not read.",
            "Save it again as UTF-8.",
        ) from None


def _try(data: bytes, encoding: str | None) -> str | None:
    try:
        return data.decode(encoding) if encoding else None
    except (UnicodeDecodeError, LookupError):
        return None


def _detect(data: bytes) -> str:
    from charset_normalizer import from_bytes

    match: CharsetMatch | None = None
    if b"\0" not in data and _share_above_ascii(data) <= MAX_WESTERN_SHARE:
        match = from_bytes(data, cp_isolation=[_WESTERN]).best()
    match = match or from_bytes(data).best()
    # Zero bytes make sense in two-byte and four-byte encodings only.
    if match is None or (b"\0" in data and not match.encoding.startswith(("utf_16", "utf_32"))):
        raise _binary()
    return str(match)


def _share_above_ascii(data: bytes) -> float:
    return len(data.translate(None, _ASCII)) / max(1, len(data))


def _binary() -> UnreadableFileError:
    return UnreadableFileError(
        "It is binary, or in an encoding that could not be told; it was not read.",
        "Save it as UTF-8 text, or export it as PDF or .docx.",
    )
