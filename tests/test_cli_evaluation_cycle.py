"""The whole round of ``rag eval``: accept, lose, be stopped, win, accept again."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from pathlib import Path

import pytest
from evaluation_desk import RYE, WHEAT, Desk
from evaluation_runs import ABSTENTION, TableSystem, answer

from rag.errors import RagError
from rag.schema import Answer

N_CASES = 12
MUST = "must-1"
IDS = (MUST, *(f"wheat-{n}" for n in range(2, N_CASES)), "rye")


def question(id_: str) -> str:
    return f"How much was there of {id_}?"


def line(id_: str) -> str:
    base = RYE if id_ == "rye" else WHEAT
    tags = ["must"] if id_ == MUST else []
    return json.dumps({**base, "id": id_, "question": question(id_), "tags": tags})


def system(wrong: Collection[str] = ()) -> TableSystem:
    """Right but for the cases that are named."""
    right: dict[str, Answer | RagError] = {
        question(id_): answer("It was about 4.1 million tonnes [1].", "wheat") for id_ in IDS
    }
    right[question("rye")] = ABSTENTION
    lost = answer("It was 900,000 tonnes [1].", "barley")
    return TableSystem(right | {question(id_): lost for id_ in wrong})


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with twelve cases, one of which must never be lost, all right when accepted."""
    desk = Desk(tmp_path, monkeypatch)
    desk.cases.write_text("\n".join(map(line, IDS)), "utf-8")
    desk.system = system()
    assert desk.run("--baseline", str(desk.file("baseline.json")), "--accept") == 0
    return desk


def run(desk: Desk, *wrong: str, accept: bool = False) -> int:
    """Run with some cases wrong; a page is written too."""
    desk.system = system(wrong)
    baseline, page = desk.file("baseline.json"), desk.file("page.html")
    options = ("--baseline", str(baseline), "--html", str(page))
    return desk.run(*options, *(["--accept"] if accept else []))


def passed(desk: Desk) -> dict[str, bool]:
    entries = json.loads(desk.file("baseline.json").read_text())["suites"]["valley"]
    return {id_: entry["passed"] for id_, entry in entries.items()}


def changes(desk: Desk) -> dict[str, str]:
    """What the page says of each case against the baseline."""
    rows = re.split(r"(?=<tr id=)", desk.file("page.html").read_text("utf-8"))[1:]
    assert len(rows) == len(IDS)
    return {
        id_: change
        for row in rows
        for id_ in re.findall(r'<a href="#case-\d+">([a-z0-9-]+)</a>', row)[:1]
        for change in re.findall(r'data-change="(\w+)"', row)[:1]
    }


def test_accepting_writes_every_case(desk: Desk) -> None:
    assert passed(desk) == dict.fromkeys(IDS, True)
    assert run(desk) == 0
    assert set(changes(desk).values()) == {"same"}


def test_one_lost_must_is_stopped_and_named(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(desk, MUST) == 1
    out = capsys.readouterr().out
    assert "- **lost cases that must never be lost: must-1.**" in out
    assert "- lost 1: must-1\n- won 0\n" in out
    assert changes(desk) == {**dict.fromkeys(IDS, "same"), MUST: "lost"}
    assert passed(desk)[MUST], "a run that is not accepted moves nothing"


def test_a_loss_that_chance_may_do_is_told_and_let_through(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """Five lost and none won: exact McNemar p = 2 / 2**5 = 0.0625."""
    lost = IDS[1:6]
    assert run(desk, *lost) == 0
    out = capsys.readouterr().out
    assert f"- lost 5: {', '.join(lost)}\n- won 0\n" in out
    assert "Exact McNemar p = 0.0625." in out


def test_a_significant_loss_is_stopped(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Six lost and none won: exact McNemar p = 2 / 2**6 = 0.03125."""
    lost = IDS[1:7]
    assert run(desk, *lost) == 1
    out = capsys.readouterr().out
    assert "lost against the baseline: 6, won: 0 (exact McNemar p = 0.0312, " in out
    assert {id_ for id_, change in changes(desk).items() if change == "lost"} == set(lost)


def test_what_is_lost_is_accepted_and_won_back(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = IDS[:7]
    assert run(desk, *lost, accept=True) == 0
    assert passed(desk) == {id_: id_ not in lost for id_ in IDS}
    assert run(desk, *lost) == 0, "what was accepted is no loss"
    capsys.readouterr()
    assert run(desk) == 0
    assert f"- lost 0\n- won 7: {', '.join(lost)}\n" in capsys.readouterr().out
    assert changes(desk) == {id_: "won" if id_ in lost else "same" for id_ in IDS}


def test_the_page_shows_each_acceptance(desk: Desk) -> None:
    assert run(desk, IDS[1], accept=True) == 0
    assert run(desk) == 0
    page = desk.file("page.html").read_text("utf-8")
    history = page[page.index("What was accepted before") :].partition("</table>")[0]
    assert re.findall(r"<td>(\d+ of \d+)</td>", history) == ["12 of 12", "11 of 12", "12 of 12"]
