from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest

from rag import paths
from rag.llama_build.recipe import (
    NO_AMX,
    Compilers,
    Rung,
    cache_dir,
    find_compilers,
    rungs,
    wheel_key,
)

V3 = ("avx2", "bmi2", "f16c", "fma", "sse2")
NATIVE = Rung("native", ("-march=native",))


def knows_all(flags: Sequence[str]) -> bool:
    return True


def knows_no_amx(flags: Sequence[str]) -> bool:
    return not set(flags) & set(NO_AMX)


def knows_nothing(flags: Sequence[str]) -> bool:
    return False


@pytest.mark.parametrize(
    ("machine", "flags", "accept", "names", "first"),
    [
        (
            "x86_64",
            V3,
            knows_all,
            ["native without AMX", "x86-64-v3", "portable"],
            ("-march=native", *NO_AMX),
        ),
        ("AMD64", ("sse2",), knows_all, ["native without AMX", "portable"], None),
        (
            "x86_64",
            V3,
            knows_no_amx,
            ["native without AMX", "x86-64-v3", "portable"],
            ("-march=native",),
        ),
        ("aarch64", ("asimd",), knows_all, ["native", "portable"], ("-mcpu=native",)),
        ("arm64", ("arm",), knows_nothing, ["portable"], ()),
    ],
)
def test_the_ladder_fits_processor_and_compiler(
    machine: str,
    flags: tuple[str, ...],
    accept: object,
    names: list[str],
    first: tuple[str, ...] | None,
) -> None:
    assert callable(accept)
    ladder = rungs(machine, flags, accept)
    assert [rung.name for rung in ladder] == names
    assert first is None or ladder[0].compiler_flags == first


def test_cmake_gets_each_flag_whole() -> None:
    args = shlex.split(Rung("native", ("-march=native", *NO_AMX)).cmake_args)
    flags = "-march=native -mno-amx-tile -mno-amx-int8 -mno-amx-bf16"
    assert args[-2:] == [f"-DCMAKE_C_FLAGS={flags}", f"-DCMAKE_CXX_FLAGS={flags}"]
    assert {"-DGGML_NATIVE=OFF", "-DGGML_AVX2=OFF", "-DLLAVA_BUILD=OFF"} <= set(args)


def test_the_key_follows_flags_compiler_and_processor_but_not_their_order() -> None:
    key = wheel_key(NATIVE, "gcc 12", ("a", "b"))
    assert key == wheel_key(NATIVE, "gcc 12", ("b", "a"))
    others = [
        wheel_key(Rung("native", ()), "gcc 12", ("a", "b")),
        wheel_key(NATIVE, "gcc 13", ("a", "b")),
        wheel_key(NATIVE, "gcc 12", ("a", "b", "amx_tile")),
    ]
    assert len({key, *others}) == 4


@pytest.mark.parametrize("own", [None, "", "  ", "own", "/somewhere/own"])
@pytest.mark.parametrize("xdg", [None, "", "relative", "/somewhere/xdg"])
def test_the_cache_is_where_the_rest_of_the_package_looks(
    own: str | None, xdg: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in (("RAG_CACHE_DIR", own), ("XDG_CACHE_HOME", xdg)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert cache_dir() == paths.cache_dir()


def test_the_compilers_here_know_their_own_flags_only() -> None:
    compilers = find_compilers()
    assert compilers is not None
    assert compilers.accept(["-O2"])
    assert not compilers.accept(["-O2", "-mno-such-thing"])
    assert ";" in compilers.version


@pytest.mark.parametrize("variables", [{"PATH": ""}, {"CC": "no-such-compiler"}, {"CXX": "false"}])
def test_no_working_compiler_is_found_out(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert find_compilers() is None


def test_a_compiler_may_have_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "env cc")
    compilers = find_compilers()
    assert isinstance(compilers, Compilers)
    assert compilers.c == "env cc"
