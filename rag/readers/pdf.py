"""PDF files that hold text."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rag.errors import UnreadableFileError
from rag.readers.documents import make_document
from rag.readers.limits import MAX_PDF_CHARACTERS
from rag.readers.metadata import Metadata
from rag.schema import Document, Refusal
from rag.text import normalise

if TYPE_CHECKING:
    import pypdf

MEDIA_TYPE = "application/pdf"

END_WINDOW = 1024
"""Bytes at the end that must hold %%EOF: what Acrobat accepts (ISO 32000-1, Annex H, note 18)."""

MIN_FULL_LINE = 0.75
"""Share of a page's longest line from which on a line may go on in the next.

In proportional type the lines of one column differ by a fifth in characters.
"""

MIN_RUNNING_PAGES = 3
"""Pages from which on a first or last line that repeats is a running head."""

_PRINT_HINT = "Open it in a PDF viewer and print it to a new PDF."
_OCR_HINT = "Run text recognition on it first, for example with ocrmypdf."


class PdfReader:
    """Reads .pdf files; keeps where each page begins."""

    def read(self, data: bytes, source: str) -> Iterator[Document | Refusal]:
        """Yield the one article of the file, and a refusal for each page that is an image.

        Raises:
            UnreadableFileError: the file is empty, encrypted, truncated, broken, too large
                unpacked, no PDF, or has no text at all.
        """
        _check_container(data)
        try:
            pages, images, stated = _extract(data)
        except UnreadableFileError:
            raise
        except Exception as error:  # noqa: BLE001 - broken objects raise anything: KeyError, zlib's…
            raise UnreadableFileError(
                f"It is broken ({type(error).__name__}: {error}); it was not read.",
                _PRINT_HINT,
            ) from None
        if not any(pages):
            what = "is only images (a scan)" if images else "has no text"
            raise UnreadableFileError(f"It {what}; it was not read.", _OCR_HINT)
        text, page_starts = join_pages(pages)
        yield make_document(
            text,
            source=source,
            media_type=MEDIA_TYPE,
            stated=_confirmed(stated, text),
            page_starts=page_starts,
        )
        for number in sorted(images):
            yield Refusal(
                f"{source}#page={number}",
                f"Page {number} is only an image; the other pages were read.",
                _OCR_HINT,
            )


def _check_container(data: bytes) -> None:
    if not data:
        raise UnreadableFileError("It is empty; it was not read.", "Check where it came from.")
    if b"%PDF-" not in data[:END_WINDOW]:
        raise UnreadableFileError("It is no PDF; it was not read.", "Check its name and content.")
    # An intact file may hold earlier ends (of the first page, of older versions); a truncated
    # one holds nothing but those, and pypdf would read what is left without a word.
    if b"%%EOF" not in data.rstrip(b"\0\r\n\t ")[-END_WINDOW:]:
        raise UnreadableFileError("It is truncated; it was not read.", "Fetch the file again.")


def _extract(data: bytes) -> tuple[list[str], set[int], Metadata]:
    """Return the pages' text, the numbers of pages that are images, and the file's metadata."""
    import pypdf
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    reader = pypdf.PdfReader(io.BytesIO(data))
    try:
        # Many files are encrypted with an empty password, against editing only.
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError
        pages = _texts(reader)
    except LimitReachedError as error:
        raise UnreadableFileError(
            f"It unpacks to more than is read ({error}); it was not read.", _PRINT_HINT
        ) from None
    except (DependencyError, FileNotDecryptedError):
        raise UnreadableFileError(
            "It is encrypted; it was not read.", "Save it without a password."
        ) from None
    numbered = enumerate(zip(reader.pages, pages, strict=True), start=1)
    images = {n for n, (page, text) in numbered if not text.strip() and _has_image(page)}
    return pages, images, _stated(reader)


def _texts(reader: pypdf.PdfReader) -> list[str]:
    texts = []
    n_characters = 0
    for page in reader.pages:
        texts.append(page.extract_text())
        n_characters += len(texts[-1])
        if n_characters > MAX_PDF_CHARACTERS:
            raise UnreadableFileError(
                f"It has more than {MAX_PDF_CHARACTERS:,} characters; it was not read.", _PRINT_HINT
            )
    return texts


def _has_image(page: pypdf.PageObject) -> bool:
    return len(page.images) > 0


def _stated(reader: pypdf.PdfReader) -> Metadata:
    info = reader.metadata
    return Metadata(title=info.title, author=info.author) if info else Metadata()


def _confirmed(stated: Metadata, text: str) -> Metadata:
    """Keep only what the text says as well: programs write file names and typists there.

    The date is never used: it is that of the file.
    """
    folded = " ".join(text.split()).casefold()

    def keep(field: str | None) -> str | None:
        wanted = " ".join(normalise(field or "").split())
        return wanted if wanted and wanted.casefold() in folded else None

    return Metadata(title=keep(stated.title), author=keep(stated.author))


# --- from lines to paragraphs --------------------------------------------------------------


def join_pages(pages: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """Join lines to paragraphs and pages to one normalised text.

    Running heads and page numbers go; a sentence that a page break cuts is joined.

    Returns:
        The text, and where each page begins in it.
    """
    lines = _without_running_heads([normalise(page).split("\n") for page in pages])
    words = frozenset(re.findall(r"\b\w+-\w+", " ".join(line for page in lines for line in page)))
    text = ""
    starts = []
    for page in lines:
        block = _join_lines(page, words)
        if block and text:
            text += " " if _goes_on(text, block) else "\n\n"
        starts.append(len(text))
        text += block
    return text, tuple(starts)


_PAGE_NUMBER = re.compile(r"(?:page )?[-–— ]*\d{1,4}[-–— ]*(?:(?:of|/) ?\d{1,4})?", re.IGNORECASE)


def _without_running_heads(pages: list[list[str]]) -> list[list[str]]:
    """Drop page numbers, and lines that stand first or last on half of the pages or more."""
    masked: Counter[str] = Counter()
    for page in pages:
        masked.update({_mask(line) for line in (page[0], page[-1])} - {""})
    limit = max(MIN_RUNNING_PAGES, len(pages) / 2)

    def runs(line: str) -> bool:
        return bool(_PAGE_NUMBER.fullmatch(line)) or masked[_mask(line)] >= limit

    trimmed = []
    for page in pages:
        start = 1 if runs(page[0]) else 0
        end = len(page) - 1 if len(page) > 1 and runs(page[-1]) else len(page)
        trimmed.append(page[start:end])
    return trimmed


def _mask(line: str) -> str:
    return re.sub(r"\d+", "0", line)


_HYPHEN = re.compile(r"\b(\w+)-$")
_TERMINAL = re.compile(r"[.!?:…][’”\"')\]]*$")
_NEW_ITEM = re.compile(r"(?:[•·▪*–-]|\(?\d{1,3}[.)])\s")


def _join_lines(lines: list[str], compounds: frozenset[str]) -> str:
    """Join the lines of a page to paragraphs, a blank line between them."""
    width = max((len(line) for line in lines), default=0)
    text = ""
    previous = ""
    for line in lines:
        if not previous or not line or not _continues(previous, line, width):
            text += "\n\n" if text and line else ""
            text += line
        elif (half := _HYPHEN.search(previous)) and line[0].islower():
            word = line.split(" ", 1)[0].rstrip(".,;:!?’”\"')")
            # "well-\nknown" keeps its hyphen where "well-known" stands elsewhere.
            keeps = f"{half[1]}-{word}" in compounds or half[1].isdigit()
            text = (text if keeps else text[:-1]) + line
        else:
            text += ("" if previous.endswith("-") else " ") + line
        previous = line
    return text


def _continues(previous: str, line: str, width: int) -> bool:
    """Whether a line goes on with the paragraph of the line before it."""
    if _NEW_ITEM.match(line):
        return False
    if len(previous) >= MIN_FULL_LINE * width:
        return True
    return line[0].islower() and not _TERMINAL.search(previous)


def _goes_on(text: str, block: str) -> bool:
    """Whether a page ends within a sentence."""
    return block[0].islower() and not _TERMINAL.search(text)
