"""Plain text."""

from __future__ import annotations

from collections.abc import Iterator

from rag.readers.decoding import decode
from rag.readers.documents import make_document
from rag.readers.lines import unwrap
from rag.schema import Document
from rag.text import normalise


class PlainReader:
    """Reads .txt files; every line or, where lines are hard-wrapped, every block is a paragraph."""

    def read(self, data: bytes, source: str) -> Iterator[Document]:
        """Yield the one article of the file.

        Raises:
            UnreadableFileError: the file is empty or binary.
        """
        text = unwrap(normalise(decode(data)))
        yield make_document(text, source=source, media_type="text/plain")
