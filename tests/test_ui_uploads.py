from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from rag.ui.uploads import KEPT_FREE_BYTES, MAX_REQUEST_BYTES, Uploads


@pytest.mark.parametrize(
    ("length", "status"),
    [
        ("1000", None),
        (str(MAX_REQUEST_BYTES), None),
        (str(MAX_REQUEST_BYTES + 1), 413),
        ("", 411),
        ("-1", 411),
        ("1e3", 411),
        ("²", 411),
    ],
)
def test_an_upload_says_how_long_it_is_and_is_not_too_long(
    length: str, status: int | None, tmp_path: Path
) -> None:
    refusal = Uploads(tmp_path).refusal({b"content-length": length})
    assert (refusal and refusal[0]) == status


def test_an_upload_without_a_length_is_refused(tmp_path: Path) -> None:
    assert (Uploads(tmp_path).refusal({}) or (0,))[0] == 411


def test_a_nearly_full_disk_takes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = SimpleNamespace(free=KEPT_FREE_BYTES + 999)
    monkeypatch.setattr("shutil.disk_usage", lambda _: free)
    assert Uploads(tmp_path).refusal({b"content-length": "999"}) is None
    assert (Uploads(tmp_path).refusal({b"content-length": "1000"}) or (0,))[0] == 507


def test_what_earlier_pages_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    for name, age in (("old", 7200), ("new", 60)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "a.txt").write_text("a")
        when = folder.stat().st_mtime - age
        os.utime(folder, (when, when))
    (tmp_path / "tmp123").touch()
    os.utime(tmp_path / "tmp123", (when - 7200, when - 7200))
    Uploads(tmp_path).sweep()
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
