"""That docs/EVALUATION.md names what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from rag.cli.app import app
from rag.evaluation import Control, FigureVerdict, Outcome
from rag.evaluation.mutating import Mutation
from rag.evaluation.risk_coverage import ACCEPTED

DOCS = (Path(__file__).resolve().parents[1] / "docs" / "EVALUATION.md").read_text("utf-8")


def options() -> set[str]:
    """The options of ``rag eval``."""
    command = typer.main.get_command(app).commands["eval"]  # type: ignore[attr-defined]
    return {name for parameter in command.params for name in parameter.opts}


def first_cells(heading: str) -> list[str]:
    """The first column of the table whose first head is this."""
    _, _, rest = DOCS.partition(f"\n| {heading} |")
    rows = rest.partition("\n\n")[0].splitlines()[2:]
    return [row.split("|")[1].strip() for row in rows]


def test_every_option_that_is_named_exists() -> None:
    commands = re.findall(r"^ +rag eval .*?(?:  |$)", DOCS, re.MULTILINE)
    named = {option for command in commands for option in re.findall(r"--[a-z-]+", command)}
    assert named >= {"--controls", "--full", "--record", "--model", "--mutations", "--accept"}
    assert named <= options()


def test_every_verdict_is_explained() -> None:
    assert set(first_cells("verdict")) == {verdict.value for verdict in FigureVerdict}


def test_every_control_is_explained() -> None:
    assert first_cells("row") == [control.value for control in Control]


def test_every_mutation_is_explained() -> None:
    named = [re.findall(r"\*([a-z]+)\*", cell) for cell in first_cells("what is done")]
    assert named == [[mutation.value] for mutation in Mutation]


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_named(outcome: Outcome) -> None:
    assert f"*{outcome.value}*" in " ".join(DOCS.split())


def test_the_risks_that_are_told_are_named() -> None:
    *first, last = (f"{100 * accepted:g}" for accepted in ACCEPTED)
    assert f"at a risk of {', '.join(first)} and {last}%" in DOCS


def test_ones_own_cases_take_ten_lines() -> None:
    section = DOCS.partition("## Your own articles and cases")[2].partition("\nThe first run")[0]
    assert len([line for line in section.splitlines() if line.strip()]) <= 10
