"""The form of cases, and that the shipped ones say of the articles what is true."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest
from evaluation_samples import ANSWERABLE, CASES, UNANSWERABLE, WITH_FIGURES, editions

from rag.errors import InputError
from rag.evaluation import Case, ExpectedFigure, corpus_mapping, load_cases, parse_case
from rag.evaluation.scoring import compare
from rag.evaluation.wording import has_words
from rag.figures import Agreement, find_figures
from rag.readers import read_path
from rag.schema import JSON, Bound, Document, FigureKind

REPO = Path(__file__).resolve().parents[1]
SEEDS = REPO / "seeds"
DOCS = REPO / "docs" / "EVALUATION.md"
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


def ids(case: Case) -> str:
    return case.id


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
    for name in [*FigureKind, *Bound, *(field.name for field in fields(ExpectedFigure))]:
        assert re.search(rf"\b{name}\b", page), name
    examples = re.findall(r"^    (\{.*\})$", page, re.M)
    assert [parse_case(text, "docs").id for text in examples] == ["wheat-2023", "wheat-2019"]


# --- the shipped cases ---------------------------------------------------------------------


def test_there_are_enough_of_each_kind() -> None:
    kinds = Counter(case.kind for case in CASES)
    tags = Counter(tag for case in CASES for tag in case.tags)
    assert len(CASES) >= 60
    assert len(UNANSWERABLE) >= 18
    assert set(kinds) == {
        *("lookup", "near-miss", "scope", "text"),
        *("absent-topic", "absent-figure", "absent-scope"),
    }
    assert min(kinds.values()) >= 6
    assert all(tags[tag] >= 4 for tag in ("terse", "misspelt", "long-winded"))
    assert {case.kind.startswith("absent-") for case in UNANSWERABLE} == {True}
    assert {document for case in CASES for document in case.documents} == set(editions())


@pytest.mark.parametrize("case", ANSWERABLE, ids=ids)
def test_each_quote_stands_verbatim_at_its_offsets(case: Case) -> None:
    for source in case.sources:
        text = editions()[source.document].text
        assert (source.start, source.end) != (None, None)
        assert text[source.start : source.end] == source.quote, f"is at {text.find(source.quote)}"


@pytest.mark.parametrize("case", WITH_FIGURES, ids=ids)
def test_each_expected_figure_stands_in_a_quote(case: Case) -> None:
    stated = [figure for source in case.sources for figure in find_figures(source.quote)]
    for wanted in case.figures:
        assert any(compare(figure, wanted) is Agreement.EXACT for figure in stated), stated


@pytest.mark.parametrize("case", ANSWERABLE, ids=ids)
def test_of_each_group_of_texts_one_stands_in_a_quote(case: Case) -> None:
    quotes = "\n".join(source.quote for source in case.sources)
    assert all(has_words(quotes, group) for group in case.texts)


@pytest.mark.parametrize("case", WITH_FIGURES, ids=ids)
def test_of_each_other_figure_it_is_said_whether_it_may_be_there(case: Case) -> None:
    """A second figure of the kind asked for is a trap or harmless: a person must have chosen."""
    kinds = {figure.kind for figure in case.figures}
    decided = {figure.value for figure in case.figures}
    decided |= {*case.allowed, *case.forbidden_values}
    stated = [figure for source in case.sources for figure in find_figures(source.quote)]
    open_ones = [f.text for f in stated if f.kind in kinds and f.value not in decided]
    assert not open_ones


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_no_question_gives_its_answer_away(case: Case) -> None:
    asked = find_figures(case.question)
    assert not {figure.value for figure in asked} & {figure.value for figure in case.figures}
    assert not any(has_words(case.question, group) for group in case.texts)


def test_the_sources_state_the_same_answers(source_seeds: Path) -> None:
    mapping = corpus_mapping(SEEDS, source_seeds)
    texts = {
        found.info.id: found.text
        for path in source_seeds.glob("*.txt")
        for found in read_path(path)
        if isinstance(found, Document)
    }
    for case in ANSWERABLE:
        text = "\n".join(texts[mapping[document]] for document in case.documents)
        stated = find_figures(text)
        for wanted in case.figures:
            assert any(compare(figure, wanted) is Agreement.EXACT for figure in stated), case.id
        assert all(has_words(text, group) for group in case.texts), case.id
