"""From bytes to text: byte order mark, UTF-8, and only then detection."""

from __future__ import annotations

import codecs
import io
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
_CONTROL = bytes({*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F})
_ASCII = string.printable.encode()
_WESTERN = "cp1252"
# What a page may name. Python has codecs beside these that are no encodings of text, decode in
# quadratic time (punycode) or give lone surrogates (raw_unicode_escape).
_DECLARABLE = re.compile(
    r"utf-(?:8|16|32)(?:-[bl]e)?|ascii|cp(?:125\d|8\d\d|932|949)|iso8859-\d+|koi8-[ru]"
    r"|mac-(?:roman|cyrillic|greek|latin2|turkish)|tis-620|big5(?:hkscs)?|gb(?:2312|k|18030)|hz"
    r"|shift_jis(?:_2004|x0213)?|euc_(?:jp|kr)|iso2022_(?:jp|kr)"
)
_PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}

MAX_WESTERN_SHARE = 0.1
"""Share of bytes above 127 up to which Windows-1252 is tried before everything else.

English, Spanish and French sentences have under 0.09; the detector alone takes a sentence with
three accents for Big5 and one with "£5" for HP Roman-8. Czech or Greek text has 0.2 and more.
"""

MIN_UTF8_SHARE = 0.2
"""Share of the runs of bytes above 127 that are whole UTF-8 characters, from which on a text
that is no UTF-8 is a damaged one. Runs of one-byte encodings are such characters by chance only:
none in French or Greek, one word in fifty ("Её") in Russian, one in twenty of Chinese in GBK."""

_SAMPLE = 256 * 1024
"""Bytes that the detector sees: it decodes them once for each of 90 candidates, so that 50 MB of
zeros took 7 s to be called binary."""


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
        text = _try(data, "utf-8")
        if text is None and _is_damaged_utf8(data):
            return _decode_strictly(data, "utf-8")
        if text is None:
            text = _try(data, _declarable(declared))
        if text is not None:
            if _count(_CONTROL, data) > len(data) / 100:
                raise _binary(data)
            return text
    return _detect(data)


def _decode_strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(
            f"It begins as {encoding.upper()} text but byte {error.start} does not fit; "
            "it was not read.",
            "It was cut off, or mixes two encodings: save it again as UTF-8.",
        ) from None


def _try(data: bytes, encoding: str | None) -> str | None:
    try:
        return data.decode(encoding) if encoding else None
    except UnicodeDecodeError:
        return None


def _declarable(declared: str | None) -> str | None:
    try:
        name = codecs.lookup(declared).name if declared else ""
    except LookupError:
        return None
    # As browsers do (WHATWG, Encoding): pages that name these mean quotes by bytes 145 to 148.
    name = _WESTERN if name in {"ascii", "iso8859-1"} else name
    return name if _DECLARABLE.fullmatch(name) else None


_HIGH_RUN = re.compile(rb"[\x80-\xff]+")  # bytes above 127
# Lone surrogates count as well: programs that write them mean UTF-8.
_UTF8_RUN = re.compile(
    rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|\xe0[\xa0-\xbf][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})+"
)


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether text that is no UTF-8 was some: it was cut amid a character, or pasted together."""
    sample = _sample(data)
    runs = _HIGH_RUN.findall(sample)
    whole = [bool(_UTF8_RUN.fullmatch(run)) for run in runs]
    if all(whole[:-1]) and len(whole) > 1 and sample[-1] > 127:
        return True  # cut amid the last character
    # A single one may be chance: the end of a quote in capitals, "É»", is one in Windows-1252.
    return all(whole) or (sum(whole) > 1 and sum(whole) >= MIN_UTF8_SHARE * len(runs))


def _detect(data: bytes) -> str:
    from charset_normalizer import from_bytes

    sample = _sample(data)
    match: CharsetMatch | None = None
    if b"\0" not in data and _share_above_ascii(sample) <= MAX_WESTERN_SHARE:
        match = from_bytes(sample, cp_isolation=[_WESTERN]).best()
    match = match or from_bytes(sample).best()
    # Zero bytes make sense in two-byte and four-byte encodings only.
    if match is None or (b"\0" in data and not match.encoding.startswith(("utf_16", "utf_32"))):
        raise _binary(data)
    if sample is data:
        return str(match)
    text = _try(data, match.encoding)
    if text is None:
        raise _binary(data)
    return text


def _sample(data: bytes) -> bytes:
    """Return what tells the encoding: all of a small file, lines with accents of a large one."""
    if len(data) <= _SAMPLE:
        return data
    if b"\0" in data:
        return data[:_SAMPLE]
    lines = bytearray()
    for line in io.BytesIO(data):
        if accent := _HIGH_RUN.search(line):
            lines += line[max(0, accent.start() - 80) :][:_SAMPLE]
        if len(lines) > _SAMPLE:
            break
    # The last character may be cut; a space is never a part of one.
    return bytes(lines[: lines.rfind(b" ") + 1 or None])


def _share_above_ascii(data: bytes) -> float:
    return 1 - _count(_ASCII, data) / max(1, len(data))


def _count(wanted: bytes, data: bytes) -> int:
    return len(data) - len(data.translate(None, wanted))


def _binary(data: bytes) -> UnreadableFileError:
    for magic, packer in _PACKED.items():
        if data.startswith(magic):
            return UnreadableFileError(
                f"It is packed ({packer}); it was not read.", "Unpack it first."
            )
    return UnreadableFileError(
        "It is binary, or in an encoding that could not be told; it was not read.",
        "Save it as UTF-8 text, or export it as PDF or .docx.",
    )
