"""Answers as a person reads them in a terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import ui_samples as samples
from rich.console import Console

from rag.cli.rendering import show_answer
from rag.figures import find_figures
from rag.schema import Answer, CheckedFigure, Span, Status, Verdict

QUOTED = "46,610: “The harbour master counted 46,610 arrivals in May.” [1]"
OTHER = "46,160: “Some 46,160 ships came [in May].” [2]"
BOLD, YELLOW, PLAIN = "\x1b[1m", "\x1b[33m", "\x1b[0m"


def answer(*lines: str, status: Status = Status.ANSWERED) -> Answer:
    """An answer of several lines; the first figure of those that begin with one was checked."""
    figures, start = [], 0
    for line in lines:
        if line[:1].isdigit():
            figure = find_figures(line)[0]
            span = Span(start, start + figure.span.end)
            figures.append(CheckedFigure(replace(figure, span=span), Verdict.EXACT, 1))
        start += len(line) + 1
    return samples.answer("How many?", "\n".join(lines), status=status, figures=tuple(figures))


def printed(shown: Answer, *, styled: bool = False, width: int = 80) -> list[str]:
    out = io.StringIO()
    colours = "standard" if styled else None
    console = Console(file=out, width=width, force_terminal=styled, color_system=colours)  # type: ignore[arg-type]
    show_answer(console, shown)
    return out.getvalue().split("\n")


CONFLICT = answer(
    "The articles give different figures.",
    "Coast Courier, 2031-06-21:",
    QUOTED,
    "The Island Post:",
    OTHER,
    "They contradict each other.",
    status=Status.CONFLICT,
)
COMPUTED = answer("450: 46,610 − 46,160 = 450.", QUOTED, OTHER)
LISTED = answer(QUOTED, "The articles do not say: How many boats came?")
CORRECTED = answer(QUOTED, "Corrected on 2031-06-24; before, on 2031-06-21:", OTHER)


def test_the_sides_of_a_conflict_stand_under_their_outlets() -> None:
    assert printed(CONFLICT)[:6] == [
        "The articles give different figures.",
        "Coast Courier, 2031-06-21:",
        f"  {QUOTED}",
        "The Island Post:",
        f"  {OTHER}",
        "They contradict each other.",
    ]


def test_a_long_side_of_a_conflict_stays_under_its_outlet() -> None:
    lines = printed(CONFLICT, width=40)
    assert [line[:2] for line in lines[2:4]] == ["  ", "  "]


@pytest.mark.parametrize("shown", [CONFLICT, COMPUTED, LISTED, CORRECTED])
def test_lines_stay_lines_and_end_with_their_last_character(shown: Answer) -> None:
    lines = printed(shown)[: len(shown.text.split("\n"))]
    assert [line.lstrip() for line in lines] == shown.text.split("\n")
    assert not any(line.endswith(" ") for line in lines)


@pytest.mark.parametrize(
    ("shown", "line", "begins"),
    [
        (CONFLICT, 0, f"{YELLOW}The articles give"),
        (CONFLICT, 1, f"{BOLD}Coast Courier, 2031-06-21:{PLAIN}"),
        (CONFLICT, 2, f"  {BOLD}46,610{PLAIN}: “"),
        (CONFLICT, 5, f"{YELLOW}They contradict"),
        (COMPUTED, 0, f"{BOLD}450{PLAIN}: 46,610 − 46,160 = 450."),
        (LISTED, 0, f"{BOLD}46,610{PLAIN}: “"),
        (LISTED, 1, f"{YELLOW}The articles do not say: "),
        (CORRECTED, 1, f"{BOLD}Corrected on"),
        (answer("The articles do not say.", status=Status.ABSTAINED), 0, f"{YELLOW}The articles"),
    ],
)
def test_checked_figures_and_who_says_them_stand_out(shown: Answer, line: int, begins: str) -> None:
    assert printed(shown, styled=True)[line].startswith(begins)


def test_brackets_of_an_article_are_no_markup() -> None:
    assert "came [in May].” " in printed(CONFLICT, styled=True)[4]
