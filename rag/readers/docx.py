"""Word documents (.docx)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rag.errors import UnreadableFileError
from rag.readers.documents import make_document
from rag.readers.limits import MAX_MARKUP, MAX_UNPACKED
from rag.readers.metadata import Metadata
from rag.readers.word import PARAGRAPH, lines_of, style_of, text_of
from rag.schema import Document

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_OLE_MAGIC = b"\xd0\xcf\x11\xe0"
_LARGE_PART = 1024 * 1024
"""Bytes: pictures below it are not looked into."""

# Byte order marks, the zeros of UTF-16, and whitespace.
_BEFORE_MARKUP = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_SAVE_HINT = "Open it in a word processor and save it again as .docx or PDF."


class DocxReader:
    """Reads paragraphs and, a row a line, tables.

    Core properties are not used: author and dates there are those of the file, not of the
    article, and the title is often that of a template.
    """

    def read(self, data: bytes, source: str) -> Iterator[Document]:
        """Yield the one article of the file.

        Raises:
            UnreadableFileError: the file is empty, encrypted, broken, too large unpacked, or no
                .docx.
        """
        _check_container(data)
        try:
            import docx

            word = docx.Document(io.BytesIO(data))
            _check_declarations(word)
            text = "\n\n".join(lines_of(word.element.body))
            title = _title(word)
        except UnreadableFileError:
            raise
        except Exception as error:  # noqa: BLE001 - broken parts raise anything: KeyError, lxml's…
            raise UnreadableFileError(
                f"It is broken or no .docx ({type(error).__name__}: {error}); it was not read.",
                _SAVE_HINT,
            ) from None
        yield make_document(
            text, source=source, media_type=MEDIA_TYPE, stated=Metadata(title=title)
        )


def _check_container(data: bytes) -> None:
    """Look at the zip's list of members before anything is unpacked."""
    if not data:
        raise UnreadableFileError("It is empty; it was not read.", _SAVE_HINT)
    if data.startswith(_OLE_MAGIC):
        raise UnreadableFileError(
            "It is encrypted, or in Word's old .doc format; it was not read.", _SAVE_HINT
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            # No member gives more than its announced size: zipfile stops there.
            members = archive.infolist()
            _check_size(sum(member.file_size for member in members), MAX_UNPACKED, "")
            markup = sum(m.file_size for m in members if _is_markup(archive, m))
    except UnreadableFileError:
        raise
    except Exception as error:  # noqa: BLE001 - broken lists raise anything: struct's, zlib's…
        raise UnreadableFileError(
            f"It is truncated or no .docx ({error}); it was not read.", _SAVE_HINT
        ) from None
    _check_size(markup, MAX_MARKUP, " of text and markup")


def _is_markup(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a part is parsed, by its content: any name may be declared to be the text."""
    if member.filename.lower().endswith((".xml", ".rels")):
        return True
    if member.file_size < _LARGE_PART:
        return False
    with archive.open(member) as part:
        return part.read(64).lstrip(_BEFORE_MARKUP).startswith(b"<")


def _check_size(unpacked: int, limit: int, what: str) -> None:
    if unpacked > limit:
        raise UnreadableFileError(
            f"It unpacks to {unpacked / 1e6:,.0f} MB{what}, more than {limit / 1e6:,.0f} MB; "
            "it was not read.",
            _SAVE_HINT,
        )


def _check_declarations(word: WordDocument) -> None:
    """Refuse what ECMA-376 forbids (part 2, 8.1.4) and no program writes: entities hide text."""
    for part in word.part.package.iter_parts():
        element = getattr(part, "element", None)
        if element is not None and element.getroottree().docinfo.doctype:
            raise UnreadableFileError(
                f"Its part {part.partname} declares a document type, as only forged files do; "
                "it was not read.",
                _SAVE_HINT,
            )


def _title(word: WordDocument) -> str | None:
    """Return the paragraph in the style "Title", else the only one in "Heading 1"."""
    styled: dict[str, list[str]] = {"Title": [], "Heading 1": []}
    # Once for all: python-docx takes 0.8 ms to look one up.
    names: dict[Any, str | None] = {style.style_id: style.name for style in word.styles}
    for paragraph in word.element.body.iterchildren(PARAGRAPH):
        name = names.get(style_of(paragraph)) or ""
        if name in styled and (text := text_of(paragraph)).strip():
            styled[name].append(text)
    if styled["Title"]:
        return styled["Title"][0]
    return styled["Heading 1"][0] if len(styled["Heading 1"]) == 1 else None
