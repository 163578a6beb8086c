"""The form of a case, and the arithmetic of its formula."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest

from rag.errors import InputError
from rag.evaluation import Case, ExpectedFigure, Split, load_cases, parse_case
from rag.evaluation.formulas import formula_numbers, formula_value
from rag.schema import JSON, Bound, FigureKind

DOCS = Path(__file__).resolve().parents[1] / "docs" / "EVALUATION.md"
SOURCE = {"document": "harvest", "quote": "They sold 40 goats.", "start": 5, "end": 24}
FIGURE = {"value": "40", "kind": "count", "bound": "exact"}


def line(**changes: object) -> str:
    fields: JSON = {
        "id": "goats",
        "kind": "lookup",
        "question": "How many goats?",
        "answerable": True,
        "figures": [FIGURE],
        "sources": [SOURCE],
    }
    return json.dumps({**fields, **changes})


# --- the form ------------------------------------------------------------------------------


def test_a_case_is_read() -> None:
    case = parse_case(line(forbidden=["41", "sheep"], tags=["terse"]), "here")
    (figure,) = case.figures
    assert (figure.value, figure.kind, figure.bound) == (
        Decimal(40),
        FigureKind.COUNT,
        Bound.EXACT,
    )
    assert case.documents == ("harvest",)
    assert (case.forbidden_values, case.forbidden_texts) == ((Decimal(41),), ("sheep",))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "Goats!"}, "id: "),
        ({"question": "  "}, "question: "),
        ({"answerable": None}, "answerable: "),
        ({"figurs": []}, "figurs: "),
        ({"figures": [{**FIGURE, "value": 40}]}, "figures.0.value: must be a decimal in quotes"),
        ({"figures": [{**FIGURE, "value": "forty"}]}, "figures.0.value: "),
        ({"figures": [{**FIGURE, "value": "nan"}]}, "figures.0.value: "),
        ({"figures": [{**FIGURE, "kind": "counts"}]}, "figures.0.kind: "),
        ({"figures": [{**FIGURE, "bound": "under"}]}, "figures.0.bound: "),
        ({"figures": [{**FIGURE, "unit": "goats"}]}, "figures.0: money and durations have a unit"),
        ({"figures": [{**FIGURE, "kind": "money"}]}, "figures.0: money and durations have a unit"),
        ({"texts": [[]]}, "texts.0: "),
        ({"sources": [{**SOURCE, "end": 25}]}, "sources.0: end must be start + 19"),
        ({"sources": [{**SOURCE, "start": None}]}, "sources.0: start and end go together"),
        ({"sources": [{"document": "harvest"}]}, "sources.0.quote: "),
        ({"sources": []}, "sources must say where"),
        ({"figures": []}, "figures or texts must say"),
        ({"answerable": False}, "not answerable has no figures"),
        ({"forbidden": ["40.0"]}, "both expected and forbidden"),
        ({"allowed": ["7"], "forbidden": ["7"]}, "both allowed and forbidden"),
        ({"split": "test"}, "split: "),
        ({"tags": ["Terse!"]}, "tags.0: "),
        ({"figures": [{**FIGURE, "digits": 0}]}, "figures.0.digits: "),
        ({"figures": [{**FIGURE, "digits": "2"}]}, "figures.0.digits: "),
        ({"conflict": True}, "a conflict has two sides"),
        ({"formula": "20 ** 2"}, "formula: no arithmetic"),
        ({"formula": "len('goats')"}, "formula: no arithmetic"),
        ({"formula": "40 / (7 - 7)"}, "formula: it divides by nothing"),
        (
            {"formula": "30 + 10", "figures": [FIGURE, {**FIGURE, "value": "41"}]},
            "a formula is that of one figure",
        ),
        ({"summarize": "harvest", "figures": [], "texts": [["goats"]]}, "key figures"),
    ],
)
def test_a_wrong_case_is_refused_with_file_line_and_field(
    tmp_path: Path, changes: JSON, said: str
) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(f"{line(id='first')}\n\n{line(**changes)}\n")
    with pytest.raises(InputError) as caught:
        load_cases([path])
    assert caught.value.message.startswith(f"{path}, line 3: ")
    assert said in caught.value.message
    assert "docs/EVALUATION.md" in caught.value.hint


@pytest.mark.parametrize("content", [b"goats", b"[]", b"{", b"\xff\xfe", b"", b"\n\n"])
def test_what_holds_no_case_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"mine\.jsonl"):
        load_cases([path])


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_cases([tmp_path / "none.jsonl"])


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.jsonl").write_text(line(id=name))
    (tmp_path / "notes.txt").write_text("no case")
    assert [case.id for case in load_cases([tmp_path])] == ["a", "b"]


def test_two_cases_of_one_id_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(f"{line()}\n{line()}\n")
    with pytest.raises(InputError, match=r"line 2: 'goats' is the id of .*line 1 too"):
        load_cases([path])


def test_the_form_is_documented() -> None:
    page = DOCS.read_text("utf-8")
    for field in fields(Case):
        assert f"| {field.name} |" in page
    names = [*FigureKind, *Bound, *Split, *(field.name for field in fields(ExpectedFigure))]
    for name in names:
        assert re.search(rf"\b{name}\b", page), name
    examples = re.findall(r"^    (\{.*\})$", page, re.M)
    assert [parse_case(text, "docs").id for text in examples] == ["wheat-2023", "wheat-2019"]


@pytest.mark.parametrize(
    ("formula", "value", "numbers"),
    [
        ("12480 - 9130", "3350", ["12480", "9130"]),
        ("46610 / (1 - 0.5)", "93220", ["46610", "1", "0.5"]),
        ("(2 + 4 + 6) / 3 * 3", "12", ["2", "4", "6", "3"]),
        ("1 / 3 * 3", "1", ["1", "3"]),
        ("0.1 + 0.2", "0.3", ["0.1", "0.2"]),
        ("-2 * -3", "6", ["2", "3"]),
    ],
)
def test_a_formula_is_worked_out_exactly(formula: str, value: str, numbers: list[str]) -> None:
    assert formula_value(formula) == Decimal(value)
    assert [str(number) for number in formula_numbers(formula)] == numbers


@pytest.mark.parametrize(
    "formula",
    [
        *("", "goats", "1e5", "1_000", "0x10", "1,000", "1j", "True + 1", "2 ** 9", "5 % 3"),
        *("1 if 2 else 3", "1 +", "1 / 0", "1 # one", "(" * 9000, "+".join("1" * 9000)),
    ],
    ids=lambda formula: formula[:12],
)
def test_what_is_no_arithmetic(formula: str) -> None:
    with pytest.raises(ValueError, match=r"no arithmetic|too long|divides by nothing"):
        formula_value(formula)
