from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from claim_samples import checked, checker_in

from rag.claim_check import ClaimChecker, Progress
from rag.cli import main
from rag.drafts import Draft
from rag.pipeline import Pipeline
from rag.protocols import StopCheck
from rag.schema import CheckedDraft, Filters


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClaimChecker]:
    with checker_in(tmp_path_factory.mktemp("library")) as opened:
        yield opened


class Run:
    """Runs ``rag check`` in this process over a checker with a fake embedder."""

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        checker: ClaimChecker,
    ) -> None:
        def check(
            _pipeline: Pipeline,
            draft: Draft,
            *,
            filters: Filters,
            on_progress: Progress,
            stop: StopCheck,
        ) -> CheckedDraft:
            return checker.check(draft, filters, on_progress=on_progress, stop=self.stop or stop)

        monkeypatch.setattr(Pipeline, "check", check)
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.stop: StopCheck | None = None
        self.out = self.err = ""

    def __call__(self, *words: str) -> int:
        self._monkeypatch.setattr(sys, "argv", ["rag", "check", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        self.out, self.err = self._capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return code


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], checker: ClaimChecker
) -> Run:
    return Run(monkeypatch, capsys, checker)


def draft(folder: Path, text: str) -> str:
    path = folder / "draft.md"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        ("The gauge at Tanner's Bridge peaked at 4.86 metres.", [], 0),
        ("The gauge at Tanner's Bridge peaked at 4.96 metres.", [], 1),
        ("The comet has a tail of 38 million kilometres.", [], 0),
        ("The comet has a tail of 38 million kilometres.", ["--strict"], 1),
        ("It says nothing.", ["--strict"], 0),
    ],
)
def test_the_exit_code_is_what_a_hook_needs(
    run: Run, tmp_path: Path, text: str, words: list[str], code: int
) -> None:
    assert run(draft(tmp_path, text), *words) == code


def test_a_contradiction_is_shown_with_the_article_s_value(run: Run, tmp_path: Path) -> None:
    run(draft(tmp_path, "The gauge at Tanner's Bridge peaked at 4.96 metres."))
    assert "contradicted  4.96" in run.out
    assert "“The gauge at Tanner's Bridge peaked at 4.86 metres.”" in run.out
    assert "1 contradicted" in run.out


def test_json_is_one_value_on_standard_output(run: Run, tmp_path: Path) -> None:
    run(draft(tmp_path, "The gauge at Tanner's Bridge peaked at 4.86 metres."), "--json")
    assert [c["verdict"] for c in json.loads(run.out)["claims"]] == ["supported"]


def test_the_page_is_written_also_when_a_figure_is_wrong(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "check.html"
    path = draft(tmp_path, "The gauge at Tanner's Bridge peaked at 4.96 metres.")
    assert run(path, "--html", str(page)) == 1
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_a_draft_that_is_not_there_is_bad_input(run: Run, tmp_path: Path) -> None:
    assert run(str(tmp_path / "none.md")) == 2
    assert "Next:" in run.err


def test_a_page_that_cannot_be_written_is_bad_input(run: Run, tmp_path: Path) -> None:
    path = draft(tmp_path, "It says nothing.")
    assert run(path, "--html", str(tmp_path / "no" / "check.html")) == 2


def test_ctrl_c_says_how_far_it_came(run: Run, tmp_path: Path) -> None:
    run.stop = lambda: True
    assert run(draft(tmp_path, "It rose by 40 metres.")) == 130
    assert "0 of 1 sentences" in " ".join(run.err.split())


def test_a_draft_of_many_pages_is_checked_to_its_end(checker: ClaimChecker) -> None:
    lines = [f"Ship {n} carried {n * 37 % 9000 + 100:,} boxes to Harnby." for n in range(300)]
    found = checked(checker, "\n".join(lines))
    assert found.complete
    assert len(found.claims) >= 300
