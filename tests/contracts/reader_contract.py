"""What every reader must do; subclass and say how to make one and what it reads."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from rag.errors import UnreadableFileError
from rag.protocols import Reader
from rag.readers import read_path
from rag.schema import Document, Refusal
from rag.text import normalise

N_MUTANTS = 60


class ReaderContract:
    """Subclasses give ``reader``, ``article`` (a good file), ``suffix`` and ``media_types``."""

    suffix: str
    media_types: frozenset[str]
    knows_truncation = False
    """Whether the format tells a file that was cut off from a shorter one."""

    @pytest.fixture
    def reader(self) -> Reader:
        raise NotImplementedError

    @pytest.fixture
    def article(self) -> bytes:
        raise NotImplementedError

    @pytest.fixture
    def documents(self, reader: Reader, article: bytes) -> list[Document]:
        found = list(reader.read(article, f"/news/The File{self.suffix}"))
        return [one for one in found if isinstance(one, Document)]

    def test_text_is_normalised(self, documents: list[Document]) -> None:
        assert documents
        for document in documents:
            assert document.text
            assert normalise(document.text) == document.text

    def test_offsets_lie_inside_the_text_in_order(self, documents: list[Document]) -> None:
        for document in documents:
            starts = [span.start for span in document.boilerplate]
            assert starts == sorted(starts)
            assert all(len(s) > 0 and s.end <= len(document.text) for s in document.boilerplate)
            assert list(document.page_starts) == sorted(document.page_starts)
            assert all(0 <= start <= len(document.text) for start in document.page_starts)

    def test_info_says_what_is_known_and_nothing_empty(self, documents: list[Document]) -> None:
        assert len({document.info.id for document in documents}) == len(documents)
        for info in (document.info for document in documents):
            assert info.id == info.id.strip() != ""
            assert info.source.startswith(f"/news/The File{self.suffix}")
            assert info.media_type in self.media_types
            assert len(bytes.fromhex(info.content_sha256)) == 32
            for field in (info.title, info.publisher, info.author):
                assert field is None or field == " ".join(field.split()) != ""
            assert info.published is None or type(info.published) is date
            assert not isinstance(info.published, datetime)

    def test_reading_twice_gives_the_same(self, reader: Reader, article: bytes) -> None:
        assert list(reader.read(article, "/a")) == list(reader.read(article, "/a"))

    def test_sum_does_not_depend_on_the_place(self, reader: Reader, article: bytes) -> None:
        assert sums(reader, article, "/a/b") == sums(reader, article, "/c/d")

    @pytest.mark.parametrize("data", [b"", b" \n\r\n "], ids=["nothing", "blank"])
    def test_empty_file_is_refused(self, reader: Reader, data: bytes) -> None:
        refused(reader, data)

    def test_binary_file_is_refused(self, reader: Reader) -> None:
        refused(reader, random.Random(1).randbytes(5000))  # noqa: S311

    def test_truncated_file_is_refused_or_is_a_shorter_one(
        self, reader: Reader, article: bytes
    ) -> None:
        for end in sorted({*range(0, len(article) - 1, len(article) // 7 + 1), len(article) - 30}):
            if self.knows_truncation:
                refused(reader, article[:end])
            else:
                read_or_refused(reader, article[:end])

    def test_damaged_file_never_breaks_the_reader(self, reader: Reader, article: bytes) -> None:
        rng = random.Random(2)  # noqa: S311
        for _ in range(N_MUTANTS):
            damaged = bytearray(article)
            for _ in range(rng.randint(1, 20)):
                damaged[rng.randrange(len(damaged))] = rng.randrange(256)
            read_or_refused(reader, bytes(damaged))

    def test_file_on_disk_is_not_changed(self, article: bytes, tmp_path: Path) -> None:
        path = tmp_path / f"The File{self.suffix}"
        path.write_bytes(article)
        before = path.stat()
        read = list(read_path(path))
        assert any(isinstance(one, Document) for one in read)
        assert (path.read_bytes(), path.stat().st_mtime_ns) == (article, before.st_mtime_ns)
        assert [p.name for p in tmp_path.iterdir()] == [path.name]


def sums(reader: Reader, data: bytes, source: str) -> Sequence[str]:
    found = reader.read(data, source)
    return [one.info.content_sha256 for one in found if isinstance(one, Document)]


def outcome(reader: Reader, data: bytes) -> list[Document | Refusal]:
    """What the reader gives; an error as the one refusal that it becomes."""
    try:
        return list(reader.read(data, "/x"))
    except UnreadableFileError as error:
        return [Refusal("/x", error.message, error.hint)]


def refused(reader: Reader, data: bytes) -> None:
    """The file is refused with a reason and a hint, or every record of it is."""
    found = outcome(reader, data)
    assert found
    assert all(isinstance(one, Refusal) and "read" in one.reason and one.hint for one in found)


def read_or_refused(reader: Reader, data: bytes) -> None:
    """Nothing but documents and refusals with a reason comes out."""
    for one in outcome(reader, data):
        assert one.text if isinstance(one, Document) else one.reason and one.hint
