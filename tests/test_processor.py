from __future__ import annotations

from pathlib import Path

import pytest

from rag.processor import cpu_flags, multiplies_bfloat16


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("processor : 0\nflags\t\t: sse2 avx2 fma\n\nflags : other\n", ("avx2", "fma", "sse2")),
        ("processor : 0\nFeatures\t: fp asimd\n", ("asimd", "fp")),
    ],
    ids=["x86", "arm"],
)
def test_the_flags_of_the_first_processor_count(
    text: str, flags: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cpuinfo").write_text(text)
    monkeypatch.setattr("rag.processor._CPUINFO", tmp_path / "cpuinfo")
    assert cpu_flags() == flags


def test_without_a_list_the_name_of_the_processor_stands_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.processor._CPUINFO", tmp_path / "none")
    monkeypatch.setattr("platform.processor", lambda: "arm")
    assert cpu_flags() == ("arm",)


@pytest.mark.parametrize(
    ("flags", "able"),
    [("sse2 avx512_bf16", True), ("amx_bf16 sse2", True), ("sse2 avx512_vnni", False)],
)
def test_16_bit_products_are_told_by_the_flags(
    flags: str, able: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cpuinfo").write_text(f"flags : {flags}\n")
    monkeypatch.setattr("rag.processor._CPUINFO", tmp_path / "cpuinfo")
    assert multiplies_bfloat16() is able
