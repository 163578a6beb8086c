from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from job_samples import HARBOUR, evidence
from statement_samples import MAY, stated

from rag.schema import (
    Answer,
    Bound,
    CheckedFigure,
    Citation,
    Coverage,
    Digest,
    DigestPoint,
    Figure,
    FigureKind,
    Relation,
    Span,
    Status,
    Summary,
    SummaryPoint,
    Timing,
    Verdict,
)
from rag.serialization import (
    answer_json,
    citation_json,
    digest_json,
    document_json,
    evidence_json,
    figure_json,
    point_json,
    stated_figure_json,
    summary_json,
)

FOUND = evidence("In May “46,610” ships\u2028arrived.", similarity=0.123456, coverage=2 / 3, page=3)
CITATION = Citation(1, HARBOUR, FOUND.sentence.span, FOUND.sentence.text, page=3)


def checked(value: str, verdict: Verdict = Verdict.EXACT, marker: int | None = 1) -> CheckedFigure:
    figure = Figure(
        value, Decimal(value), FigureKind.COUNT, "ships", Bound.MORE_THAN, Span(0, len(value))
    )
    return CheckedFigure(figure, verdict, marker)


ANSWER = Answer(
    question="How many ships arrived in May?",
    status=Status.ANSWERED,
    text="In May 46,610 ships arrived [1].",
    citations=(CITATION,),
    figures=(checked("46610"), checked("12", Verdict.UNSUPPORTED, None)),
    evidence=(FOUND,),
    notes=("A note.",),
    timing=Timing(0.123456, 1.5, 2),
    settings_sha256="5" * 64,
)
SUMMARY = Summary(
    document=HARBOUR,
    points=(SummaryPoint("46,610 ships arrived. [1]", (CITATION,), (checked("46610"),), True),),
    passages_read=2,
    passages_total=3,
    notes=(),
    total_s=1.23456,
    settings_sha256="5" * 64,
    figures=(stated("In May 46,610 ships arrived.", "ships", MAY),),
)
DIGEST = Digest(
    documents=(HARBOUR,),
    about="ships",
    points=(
        DigestPoint(Relation.CHANGED, "Ships: 46,610 [1].", (CITATION,), SUMMARY.figures),
        DigestPoint(None, "“46,610 ships arrived.” [1]", (CITATION,), ()),
    ),
    figures=SUMMARY.figures,
    coverage=Coverage(1, 1, 2, 3),
    notes=("A note.",),
    total_s=1.23456,
)

# What callers may count on. Keys may be added, never taken away.
NUMBER = (int, float)
TEXT_OR_NONE = (str, type(None))
DOCUMENT: dict[str, Any] = {
    "document": str,
    "title": TEXT_OR_NONE,
    "publisher": TEXT_OR_NONE,
    "author": TEXT_OR_NONE,
    "published": TEXT_OR_NONE,
}
CITED: dict[str, Any] = DOCUMENT | {
    "marker": int,
    "start": int,
    "end": int,
    "quote": str,
    "page": (int, type(None)),
}
FIGURE: dict[str, Any] = {
    "text": str,
    "value": str,
    "unit": str,
    "kind": str,
    "bound": str,
    "verdict": str,
    "marker": (int, type(None)),
}
ANSWERED: dict[str, Any] = {
    "question": str,
    "status": str,
    "answer": str,
    "citations": [CITED],
    "figures": [FIGURE],
    "evidence": [DOCUMENT | {"start": int, "end": int, "quote": str}],
    "notes": [str],
    "timing": {"retrieve_s": NUMBER, "first_token_s": NUMBER, "total_s": NUMBER},
    "settings_sha256": str,
}
STATED: dict[str, Any] = DOCUMENT | {
    "text": str,
    "value": str,
    "kind": str,
    "unit": str,
    "bound": str,
    "of": str,
    "period": {"first": str, "last": str, "text": str, "resolved": bool},
    "speaker": TEXT_OR_NONE,
    "start": int,
    "end": int,
    "quote": str,
}
SUMMED_UP: dict[str, Any] = DOCUMENT | {
    "points": [{"text": str, "citations": [CITED], "figures": [FIGURE], "origin": str}],
    "figures": [STATED],
    "passages_read": int,
    "passages_total": int,
    "notes": [str],
    "total_s": NUMBER,
    "settings_sha256": str,
}


DIGESTED: dict[str, Any] = {
    "documents": [DOCUMENT],
    "about": TEXT_OR_NONE,
    "points": [{"relation": TEXT_OR_NONE, "text": str, "citations": [CITED], "figures": [STATED]}],
    "figures": [STATED],
    "articles_read": int,
    "articles_total": int,
    "passages_read": int,
    "passages_total": int,
    "notes": [str],
    "total_s": NUMBER,
}


def check_form(value: Any, form: Any, place: str = "") -> None:
    """Every key of the form is there, with a value of its type."""
    if isinstance(form, dict):
        assert isinstance(value, dict), place
        assert form.keys() <= value.keys(), f"{place}: {form.keys() - value.keys()}"
        for key, inner in form.items():
            check_form(value[key], inner, f"{place}.{key}")
    elif isinstance(form, list):
        assert isinstance(value, list), place
        for item in value:
            check_form(item, form[0], f"{place}[]")
    else:
        assert isinstance(value, form), f"{place}: {value!r}"
        assert form is bool or not isinstance(value, bool), place


@pytest.mark.parametrize("status", Status)
def test_an_answer_has_the_form_that_is_promised(status: Status) -> None:
    told = json.loads(json.dumps(answer_json(replace(ANSWER, status=status))))
    check_form(told, ANSWERED)
    assert told["status"] == status.value
    assert told["status"] in {"answered", "abstained", "conflict"}


def test_an_answer_tells_everything_in_full() -> None:
    told = answer_json(ANSWER)
    assert told["answer"] == ANSWER.text
    assert told["citations"][0] == {
        "marker": 1,
        "document": "harbour",
        "title": "A busy month in the harbour",
        "publisher": "Coast Courier",
        "author": None,
        "published": "2031-06-21",
        "source": "/news/harbour.txt",
        "page": 3,
        "start": 1000,
        "end": 1000 + len(FOUND.sentence.text),
        "quote": FOUND.sentence.text,
        "also_in": [],
    }
    assert [(f["value"], f["verdict"], f["marker"]) for f in told["figures"]] == [
        ("46610", "exact", 1),
        ("12", "unsupported", None),
    ]
    assert told["figures"][0]["bound"] == "more than"
    assert told["notes"] == ["A note."]
    assert told["timing"] == {"retrieve_s": 0.123, "first_token_s": 1.5, "total_s": 2}


def test_an_empty_answer_keeps_its_form() -> None:
    empty = replace(ANSWER, citations=(), figures=(), evidence=(), notes=(), text="")
    told = answer_json(empty)
    check_form(told, ANSWERED)
    assert (told["citations"], told["figures"], told["evidence"]) == ([], [], [])


def test_a_summary_has_the_form_that_is_promised() -> None:
    told = json.loads(json.dumps(summary_json(SUMMARY)))
    check_form(told, SUMMED_UP)
    assert (told["passages_read"], told["passages_total"], told["total_s"]) == (2, 3, 1.235)
    assert told["points"] == [json.loads(json.dumps(point_json(SUMMARY.points[0])))]


def test_a_digest_has_the_form_that_is_promised() -> None:
    told = json.loads(json.dumps(digest_json(DIGEST)))
    check_form(told, DIGESTED)
    assert [point["relation"] for point in told["points"]] == ["changed", None]
    assert (told["passages_read"], told["passages_total"], told["total_s"]) == (2, 3, 1.235)


def test_a_figure_without_a_period_has_none() -> None:
    assert stated_figure_json(stated("46,610 ships arrived."))["period"] is None


def test_what_is_not_known_of_a_document_is_null() -> None:
    bare = replace(HARBOUR, title=None, publisher=None, published=None)
    told = document_json(bare)
    assert (told["title"], told["publisher"], told["author"], told["published"]) == (None,) * 4
    assert document_json(replace(bare, published=date(2031, 1, 2)))["published"] == "2031-01-02"


def test_scores_are_rounded_for_reading() -> None:
    told = evidence_json(FOUND)
    assert (told["similarity"], told["coverage"]) == (0.1235, 0.6667)


def test_text_survives_json() -> None:
    told = json.loads(json.dumps(citation_json(CITATION)))
    assert told["quote"] == FOUND.sentence.text


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("1E+3", "1000"),
        ("4.50", "4.5"),
        ("4.00", "4"),
        ("100", "100"),
        ("0", "0"),
        ("0.0", "0"),
        ("1E-7", "0.0000001"),
        ("1.20E+6", "1200000"),
        ("-3.10", "-3.1"),
        ("46610", "46610"),
        ("123456789012345678901234567890.5", "123456789012345678901234567890.5"),
    ],
)
def test_values_are_plain_decimal_strings(value: str, plain: str) -> None:
    assert figure_json(checked(value))["value"] == plain


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value="-1e30", max_value="1e30"))
def test_any_value_keeps_its_worth(value: Decimal) -> None:
    told = figure_json(checked(str(value)))["value"]
    assert Decimal(told) == value
    assert set(told) <= set("-.0123456789")
    assert not (("." in told) and told.endswith(("0", ".")))


def test_a_computed_figure_carries_its_formula_and_others_none() -> None:
    computed = replace(checked("3350", Verdict.COMPUTED, None), formula="12,480 − 9,130 = 3,350")
    assert figure_json(computed)["formula"] == "12,480 − 9,130 = 3,350"
    assert figure_json(checked("3350"))["formula"] is None
