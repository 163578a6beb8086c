from __future__ import annotations

import textwrap
import time

import pytest

from rag.readers.lines import strip_layout, unwrap

PROSE = (
    "The town library lent out its ten millionth book on Friday, 98 years after it had opened "
    "with 1,200 volumes in two rooms above the post office. The book was a novel. It went to a "
    "boy of nine, who got a free card for life."
)


@pytest.mark.parametrize("width", [60, 66, 72, 80, 99])
def test_hard_wrapped_paragraphs_come_back(width: int) -> None:
    text = f"Library lends book\n\n{PROSE}\n\n{PROSE}"
    wrapped = "\n\n".join(textwrap.fill(block, width) for block in text.split("\n\n"))
    assert unwrap(wrapped) == text


@pytest.mark.parametrize(
    "text",
    [
        f"US News\nexclusive\n\n{PROSE}\n{PROSE}",
        "Close\nUpdated:\n\nA headline",
        "A caption that is long enough to be wrapped. Ann Ray\nA second one. Bob Lee for the Post",
        "one\ntwo\nthree",
        "* first item of a list, which is rather long, longer than\n* the second item of the list",
        "",
    ],
)
def test_lines_of_their_own_stay(text: str) -> None:
    assert unwrap(text) == text


def test_a_sentence_that_goes_on_in_lower_case_is_joined() -> None:
    text = "The bridge reopened on Monday after repairs that took\nalmost 14 months.\n" + PROSE
    assert unwrap(text).startswith("The bridge reopened on Monday after repairs that took almost")


def test_layout_goes_and_cells_stay() -> None:
    assert strip_layout("| a | b |\n|---|:-:|\n| 1 | -2 |\n---\n- item\n-5 degrees") == (
        " a  |  b \n 1  |  -2 \nitem\n-5 degrees"
    )


@pytest.mark.parametrize("unit", ["-", "|", "- ", "--- ", "|-", "a\n", "* "])
def test_no_text_takes_long(unit: str) -> None:
    started = time.perf_counter()
    text = unit * (300_000 // len(unit)) + "x"
    unwrap(strip_layout(text))
    assert time.perf_counter() - started < 5  # 0.2 s; quadratic or worse: minutes
