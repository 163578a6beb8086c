"""What `python -m eval.benchmarks.page` makes of its measurements, and that no wait is for ever."""

from __future__ import annotations

import re
import time

import pytest

from eval.benchmarks.children import Child, NotSeenError, printed
from eval.benchmarks.page import QUESTIONS_A_RUN, Asked, Run, questions, rows, table

RUNS = [
    Run(2.0, 2.5, 1.0, (Asked(0.2, 3.1, 3.0), Asked(0.3, 9.0, 8.85))),
    Run(3.0, 3.5, 1.5, (Asked(0.9, 5.5, 5.0), Asked(0.4, 2.0, 2.25))),
    Run(2.2, 9.5, 4.0, (Asked(0.1, 4.0, 3.7), Asked(0.5, 4.25, 4.0))),
]
WANTED = re.compile(r"at \w+")
WITHIN_S = 30.0


def test_each_question_is_compared_with_itself() -> None:
    later = rows(RUNS)[-1].seconds
    assert later == pytest.approx([0.1, 0.15, 0.5, -0.25, 0.3, 0.25])


def test_the_table_has_median_most_and_aim_of_every_row() -> None:
    lines = table(rows(RUNS)).split("\n")
    assert {line.count("|") for line in lines} == {5}
    assert lines[2] == "| `import gradio` alone | 2.20 s | 3.00 s |  |"
    assert lines[3].endswith("| 3.50 s | 9.50 s | import + 1 s |")
    assert lines[4].endswith("| 1.50 s | 4.00 s | 3 s |")
    assert lines[5].endswith("| 0.35 s | 0.90 s | 1 s |")
    # The medians are 0.28 s apart, and the slowest answers 0.1 s.
    assert lines[-1].endswith("| 0.20 s | 0.50 s | 0.3 s |")


def test_no_question_is_asked_twice_in_five_runs() -> None:
    assert len(set(questions())) == len(questions()) >= 5 * QUESTIONS_A_RUN


def test_a_line_is_found_on_either_stream_and_what_follows_is_read_too() -> None:
    code = "import sys; print('first'); print('at last', file=sys.stderr); print('x' * 200_000)"
    with Child("-c", code) as child:
        said, seconds = child.told(WANTED, "a line", WITHIN_S)
        assert said == "at last"
        assert 0 < seconds < WITHIN_S
        with pytest.raises(NotSeenError, match="Waited for another line; the process ended"):
            child.told(WANTED, "another line", WITHIN_S)


def test_a_process_that_says_nothing_is_ended() -> None:
    started = time.monotonic()
    with (
        pytest.raises(NotSeenError, match=r"Waited 0\.2 s for a line, in vain\."),
        Child("-c", "import time; time.sleep(600)") as child,
    ):
        child.told(WANTED, "a line", 0.2)
    assert not child.running
    assert time.monotonic() - started < WITHIN_S


def test_a_command_that_fails_says_why() -> None:
    with pytest.raises(NotSeenError, match=r"Waited for a list; .* There is no library"):
        printed("list", "--library", "/nowhere", what="a list", within_s=WITHIN_S)
