"""The parts of a question, by grammar, on questions about very different subjects."""

import doctest
import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from rag.facets import facets, neutral_by_words
from rag.facets.grammar import base_of
from rag.words import stemmed, stems

_ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "facets.jsonl").read_text("utf-8").splitlines()
]
_MODULES = (
    "apart asked clauses comparing computing either given grammar lists neutral nouns phrases "  # noqa: SIM905
    "remnants shares".split()
)
# Asking words, of which a part may have others than were expected.
_ASKING = frozenset(stems("there have does many much total number amount money share only change"))
# What is not read yet as it should be: each has a period, a person or a unit too many or too few.
_NOT_YET = frozenset(
    {
        "What percentage of the members of the Ulm choir came to the concert in May 2016?",
        "How old was Ida Brandt when she won the Lom prize, and how old was Karl Ness?",
        "The grant ends once income is down to 900 euros per month, correct?",
    }
)


def _words(text: str) -> set[str]:
    """Content words, a past tense as its base."""
    found = {stemmed(base_of(stem)) if base_of(stem) else stem for stem in stems(text)}
    return found - _ASKING


def _alike(expected: list[str], found: tuple[str, ...]) -> bool:
    """The same parts in the same order: their numbers, what only one has, three words in four."""
    if len(expected) != len(found):
        return False
    wanted, given = [_words(part) for part in expected], [_words(part) for part in found]
    for index, (want, have) in enumerate(zip(wanted, given, strict=True)):
        others = set().union(*(other for i, other in enumerate(wanted) if i != index))
        numbers = {word for word in want | have if re.search(r"\d", word)}
        if not want - others <= have or (others - want) & have or not numbers <= want & have:
            return False
        if len(want & have) < 0.75 * len(want | have):
            return False
    return True


@pytest.mark.parametrize("row", [r for r in _ROWS if "parts" in r], ids=lambda r: r["question"])
def test_a_question_has_the_parts_that_it_is_made_of(row: dict[str, Any]) -> None:
    found = facets(row["question"])
    assert _alike(row["parts"], found) is (row["question"] not in _NOT_YET), found


@pytest.mark.parametrize("row", [r for r in _ROWS if "neutral" in r], ids=lambda r: r["question"])
def test_what_is_taken_for_granted_is_asked_for(row: dict[str, Any]) -> None:
    found = neutral_by_words(row["question"])
    expected = [row["neutral"]] if row["neutral"] else []
    right = _alike(expected, (found,) if found else ())
    assert right is (row["question"] not in _NOT_YET), found


@pytest.mark.parametrize("text", ["", "?", "how many", "and how many", "which is larger:", "à"])
def test_scraps_have_no_parts(text: str) -> None:
    assert facets(text) == ()
    assert neutral_by_words(text) == ""


@pytest.mark.parametrize("name", _MODULES)
def test_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"rag.facets.{name}")).failed == 0
