"""The page's newsroom over a real library, with the real embedder and no chat model."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import ui_files
from reader_files import packed_pdf

from rag.pipeline import Pipeline
from rag.schema import Filters
from rag.settings import Settings
from rag.ui import newsroom, uploads
from rag.ui.apart import Item, Limits, read_apart
from rag.ui.newsroom import Newsroom

pytestmark = pytest.mark.models


@pytest.fixture
def room(
    tmp_path: Path, embedder_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Newsroom]:
    with Pipeline(Settings(library=tmp_path / "library")) as pipeline:
        yield Newsroom(pipeline)


def silent(_step: str) -> None:
    """Be told and do nothing."""


def titles(room: Newsroom) -> list[str]:
    return sorted(info.name for info in room.documents())


def test_every_format_is_taken_and_kept_in_the_library(room: Newsroom, tmp_path: Path) -> None:
    steps: list[str] = []
    added = room.add(ui_files.write(tmp_path / "files"), on_step=steps.append)
    assert added.refused == ()
    assert len(added.articles) == len(ui_files.FORMATS)
    assert "Reading ships-pdf.pdf, 4 of 7 files" in steps
    assert steps[-1].startswith("Embedded 7 of 7")
    kept = sorted(path.name for path in (tmp_path / "library" / newsroom.UPLOADS).iterdir())
    assert kept == sorted(f"ships-{kind}.{kind}" for kind in ui_files.FORMATS)
    assert list((tmp_path / "files").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.exe", b"MZ", "No reader for .exe"),
        ("a", b"text", "No reader for files without an ending"),
        ("a.txt", b"", "empty"),
        ("a.pdf", b"no pdf at all", ""),
        ("<img src=x onerror=alert(1)>.txt", b"\0\1\2" * 99, ""),
    ],
)
def test_a_bad_file_says_why_and_leaves_nothing(
    name: str, content: bytes, reason: str, room: Newsroom, tmp_path: Path
) -> None:
    bad, good = tmp_path / name, tmp_path / "good.txt"
    bad.write_bytes(content)
    good.write_bytes(ui_files.article("txt"))
    added = room.add([bad, good], on_step=silent)
    (refusal,) = added.refused
    assert reason in refusal.reason
    assert refusal.reason
    assert str(tmp_path) not in refusal.source
    assert len(added.articles) == 1
    assert [path.name for path in (tmp_path / "library" / newsroom.UPLOADS).iterdir()] == [
        "good.txt"
    ]


def test_a_file_that_is_too_large_is_not_read(
    room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newsroom, "MAX_UPLOAD_BYTES", 10)
    large = tmp_path / "large.txt"
    large.write_bytes(ui_files.article("txt"))
    (refusal,) = room.add([large], on_step=silent).refused
    assert "more than" in refusal.reason
    assert "rag index" in refusal.hint
    assert uploads.MAX_UPLOAD_BYTES > 10


def test_a_slow_upload_holds_up_nobody_else_and_says_why_it_was_refused(
    room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, others_are_done = tmp_path / "slow.pdf", threading.Event()
    line = b"BT /F1 9 Tf 72 700 Td (The quay counted 12 ships in May.) Tj ET\n"
    slow.write_bytes(packed_pdf(line * 20_000, n_pages=500))
    room.limits = Limits(read=1.0, all=600.0)
    begun = threading.Event()

    def read_slowly(files: Sequence[Path], **how: Any) -> tuple[Item, ...]:
        if files[0].name == slow.name:  # for as long as it takes, on a machine of any speed
            begun.set()
            assert others_are_done.wait(600)
        return read_apart(files, **how)

    monkeypatch.setattr(newsroom, "read_apart", read_slowly)
    with ThreadPoolExecutor(1) as other:
        refused = other.submit(lambda: room.add([slow], on_step=silent))
        assert begun.wait(60)
        good = tmp_path / "good.txt"
        good.write_bytes(ui_files.article("txt"))
        assert len(room.add([good], on_step=silent).articles) == 1
        assert len(room.paste("A pier.", title="P", publisher="", published="").articles) == 1
        assert len(room.figures("ships", filters=Filters())) == 1
        others_are_done.set()
        (refusal,) = refused.result(600).refused
    assert refusal.source == "slow.pdf"
    assert "took more than 1 s" in refusal.reason
    kept = [path.name for path in (tmp_path / "library" / newsroom.UPLOADS).iterdir()]
    assert kept == ["good.txt"]


def test_embedding_ends_in_time_and_goes_on_with_the_next_article(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newsroom, "EMBED_WITHIN_S", -1.0)
    added = room.paste("The pier had 14 ships.", title="P", publisher="", published="")
    assert (len(added.articles), added.pending) == (1, 1)
    monkeypatch.setattr(newsroom, "EMBED_WITHIN_S", 60.0)
    assert room.paste("Two piers.", title="Q", publisher="", published="").pending == 0


def test_two_files_of_one_name_are_two_articles_and_the_same_one_is_one(
    room: Newsroom, tmp_path: Path
) -> None:
    for text in ("One quay had 12 ships.", "Another quay had 13 ships.", "One quay had 12 ships."):
        path = tmp_path / "quay.txt"
        path.write_text(text)
        added = room.add([path], on_step=silent)
    assert (added.articles, added.unchanged) == ((), 1)
    assert len(room.documents()) == 2


def test_what_is_removed_can_be_put_back(room: Newsroom, tmp_path: Path) -> None:
    room.add(ui_files.write(tmp_path / "files"), on_step=silent)
    room.paste("The pier had 14 ships in June.", title="Pier", publisher="", published="")
    before, texts = titles(room), {i.id: room.document(i.id) for i in room.documents()}
    gone = room.remove([info.id for info in room.documents() if "json" in info.id or not info.id])
    gone += room.remove([room.documents()[-1].id])
    assert len(titles(room)) == len(before) - len(gone) < len(before)
    room.restore(gone)
    assert titles(room) == before
    assert {i.id: room.document(i.id) for i in room.documents()} == texts


def test_a_pasted_text_has_what_is_known_of_it(room: Newsroom) -> None:
    added = room.paste(
        "The pier had 14 ships.\n\nIt was a quiet month.",
        title="A <b>pier</b>",
        publisher="Courier",
        published="21 June 2031",
    )
    (info,) = added.articles
    assert (info.title, info.publisher) == ("A <b>pier</b>", "Courier")
    assert info.published is not None
    assert info.published.isoformat() == "2031-06-21"
    assert "14 ships" in room.document(info.id).text
    again = room.paste("  ", title="", publisher="", published="")
    assert again.articles == ()
    assert again.refused


def test_the_list_counts_passages_and_figures(room: Newsroom) -> None:
    assert room.articles() == ()
    room.paste("The pier had 14 ships in May 2031.", title="P", publisher="", published="")
    (listed,) = room.articles()
    assert (listed.passages, listed.figures >= 1) == (1, True)


def test_the_parts_say_what_is_there_and_what_is_missing(
    room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = {part.name: part for part in room.parts()}
    assert "No article yet" in parts["Index"].value
    assert parts["Embedder"].ok
    assert "GB" in parts["Memory"].value
    with Pipeline(Settings(library=tmp_path, generator="no-such-model")) as pipeline:
        missing = {part.name: part for part in Newsroom(pipeline).parts()}["Chat model"]
    assert not missing.ok
    assert missing.hint
    assert missing.missing is None  # nobody knows where it could be fetched


def test_the_parts_name_the_models_that_can_be_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_MODELS_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("RAG_MODELS_REGISTRY", str(tmp_path / "none.toml"))
    with Pipeline(Settings(library=tmp_path)) as pipeline:
        parts = [part for part in Newsroom(pipeline).parts() if part.missing]
    assert [part.name for part in parts] == ["Chat model", "Embedder"]
    for part in parts:
        assert part.missing is not None
        assert part.missing.size > 1e6
        assert f"rag models fetch {part.missing.name}" in part.hint
