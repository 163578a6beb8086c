from __future__ import annotations

from typing import Any

import ui_samples as samples

from rag.ui import page
from rag.ui.desk import Desk


def parts() -> page._Parts:
    """Names in place of components."""
    names: Any = page._Parts.__slots__
    return page._Parts(*names)


def test_the_buttons_change_with_the_question() -> None:
    desk = Desk(samples.asker())
    first, *_, last = page._asked(desk, parts(), f" {samples.HOW_MANY} ", (), "v")
    assert first["question"] == ""
    assert (first["ask"].interactive, first["stop"].interactive) == (False, True)
    assert (last["ask"].interactive, last["stop"].interactive) == (True, False)
    (turn,) = last["turns"]
    assert (turn.number, turn.question) == (1, samples.HOW_MANY)
    assert [message["role"] for message in last["chat"]] == ["user", "assistant"]


def test_the_oldest_questions_leave_the_page_and_numbers_go_on() -> None:
    desk = Desk(samples.asker())
    turns: tuple[page.Turn, ...] = ()
    for _ in range(page.MAX_TURNS + 2):
        *_, last = page._asked(desk, parts(), samples.NO_MODEL, turns, "v")
        turns = last["turns"]
    assert [turn.number for turn in turns] == list(range(3, page.MAX_TURNS + 3))
    assert len(last["chat"]) == 2 * page.MAX_TURNS


def test_the_style_asks_no_other_host() -> None:
    for name in ("citeline.css", "citeline.js", "icon.svg"):
        text = (page.assets() / name).read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//" not in text.replace("// ", "")
        assert "@import" not in text
