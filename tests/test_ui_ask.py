from __future__ import annotations

from pathlib import Path
from typing import Any

import ui_samples as samples

from rag.ui.components import Shared
from rag.ui.desk import Desk
from rag.ui.tabs import ask
from rag.ui.tabs.turns import Turns


def parts() -> ask.Parts:
    """Names in place of components."""
    names: Any = ask.Parts.__slots__
    return ask.Parts(*names)


def shared(asker: Any = None) -> Shared:
    return Shared(Desk(asker or samples.asker()), Path(), None)


def asked(
    question: str, turns: Turns = (), chosen: tuple[str, ...] = (), asker: Any = None
) -> list[dict[Any, Any]]:
    steps = ask.asked(shared(asker), parts(), question, turns, chosen=chosen, visitor="v")
    return list(steps)


def test_the_buttons_change_with_the_question() -> None:
    first, *_, last = asked(f" {samples.HOW_MANY} ")
    assert first["question"] == ""
    assert (first["ask"].interactive, first["stop"].interactive) == (False, True)
    assert (last["ask"].interactive, last["stop"].interactive) == (True, False)
    (turn,) = last["turns"]
    assert (turn.number, turn.question) == (1, samples.HOW_MANY)
    assert [message["role"] for message in last["chat"]] == ["user", "assistant"]


def test_the_end_brings_articles_with_marks_and_texts_to_copy() -> None:
    *_, last = asked(samples.HOW_MANY)
    assert last["article"].count("<mark") == 2
    assert "mark-1-1" in last["article"]
    assert last["text"].startswith("The harbour master counted 46,610")
    assert "> — " in last["markdown"]


def test_a_follow_up_is_asked_whole_and_shown_as_asked() -> None:
    asker = samples.asker()
    *_, last = asked("How many ships arrived in May?", asker=asker)
    *_, last = asked("And in April?", last["turns"], asker=asker)
    turn = last["turns"][-1]
    assert (turn.question, turn.asked) == ("And in April?", samples.IN_APRIL)
    assert "39,480" in turn.answer.text
    assert "Asked as" in last["chat"][-2]["content"]
    assert last["article"].count("<mark") == 2


def test_a_follow_up_that_is_unclear_is_not_asked() -> None:
    asker = samples.asker()
    (only,) = asked("And the ferries?", asker=asker)
    assert asker.filters == []
    assert "write the question out" in only["chat"][-1]["content"]
    *_, last = asked(samples.HOW_MANY, only["turns"], asker=asker)
    assert [turn.number for turn in last["turns"]] == [1, 2]


def test_only_the_chosen_articles_are_asked() -> None:
    asker = samples.asker()
    asked(samples.HOW_MANY, chosen=(samples.HARBOUR.id, "gone"), asker=asker)
    assert asker.filters[-1].documents == (samples.HARBOUR.id,)
    asked(samples.HOW_MANY, chosen=("gone",), asker=asker)
    assert asker.filters[-1].documents == ("gone",)
    asked(samples.HOW_MANY, asker=asker)
    assert not asker.filters[-1]


def test_the_oldest_questions_leave_the_page_and_numbers_go_on() -> None:
    turns: Turns = ()
    for _ in range(ask.MAX_TURNS + 2):
        *_, last = asked(samples.NO_MODEL, turns)
        turns = last["turns"]
    assert [turn.number for turn in turns] == list(range(3, ask.MAX_TURNS + 3))
    assert len(last["chat"]) == 2 * ask.MAX_TURNS


def test_an_empty_question_asks_nothing() -> None:
    assert asked("   ") == [{"question": ""}]


def test_first_questions_come_from_the_figures() -> None:
    assert ask.offered(shared()) == ["How many berths are to be added by 2033?"]
    assert ask.scope_html(("a", "b")).count("2 chosen articles") == 1
    assert ask.scope_html(()) == ""
