"""That docs/CHECKING.md names what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
import yaml

from rag.cli.app import app
from rag.schema import ClaimVerdict

REPO = Path(__file__).resolve().parents[1]
DOCS = (REPO / "docs" / "CHECKING.md").read_text("utf-8")


def test_every_option_that_is_named_exists() -> None:
    command = typer.main.get_command(app).commands["check"]  # type: ignore[attr-defined]
    options = {name for parameter in command.params for name in parameter.opts}
    commands = re.findall(r"rag check.*", DOCS)
    named = {option for line in commands for option in re.findall(r"--[a-z]+", line)}
    assert named >= {"--html", "--strict", "--json", "--publisher", "--since"}
    assert named <= options


def test_every_verdict_is_explained_in_order() -> None:
    _, _, rest = DOCS.partition("\n| verdict |")
    rows = rest.partition("\n\n")[0].splitlines()[2:]
    assert sorted(row.split("|")[1].strip() for row in rows) == sorted(ClaimVerdict)


@pytest.mark.parametrize("block", re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL))
def test_hook_and_step_are_yaml_that_checks(block: str) -> None:
    assert "rag check" in str(yaml.safe_load(block))


def test_the_python_example_compiles() -> None:
    (block,) = re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL)
    compile(block, "CHECKING.md", "exec")


def test_the_table_of_reach_is_there() -> None:
    place = DOCS.partition("<!-- claims -->")[2].partition("<!-- /claims -->")[0]
    for verdict in ClaimVerdict:
        assert place.count(f"| {verdict.value} |") == 2
    assert "figures a minute" in place
