"""What a question wants made of figures, as the linear model tells it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from question_files import kinds_in

from eval.question_forms.__main__ import NEWS, SEVERAL, fitted, form_of, read_forms
from rag.facets.wanted import Form, FormWeights, terms_of, wanted

ASKED = {
    "How many ships came to Lund in May?": Form.ONE,
    "What did the tunnel at Rask cost?": Form.ONE,
    "Which had more visitors, the zoo at Holm or the one at Lund?": Form.COMPARISON,
    "Is a ticket to Rask dearer than one to Holm?": Form.COMPARISON,
    "Ships at Lund: the number in May and the number in June?": Form.LIST,
    "How many were hurt, and how many of them are still in hospital?": Form.LIST,
    "Is it true that 400 people drowned at Holm?": Form.PREMISE,
    "How many more ships came in May than in April?": Form.DIFFERENCE,
    "By what percentage did the price of a ticket to Rask rise?": Form.CHANGE,
}


@pytest.mark.parametrize(("question", "form"), ASKED.items(), ids=ASKED.values())
def test_plain_questions_are_told_apart(question: str, form: Form) -> None:
    told = wanted(question)
    assert max(told, key=lambda one: told[one]) is form


def test_no_question_here_is_one_that_it_was_taught_by() -> None:
    assert ASKED.keys().isdisjoint(text for _, text, _ in read_forms())


@given(st.text(max_size=80))
def test_whatever_is_asked_has_shares_that_make_one(question: str) -> None:
    told = wanted(question)
    assert set(told) == set(Form)
    assert sum(told.values()) == pytest.approx(1)
    assert min(told.values()) >= 0


def test_names_and_numbers_are_told_by_their_shape_alone() -> None:
    one = terms_of("How many came to Lund in May 2019, of 4,200?")
    assert one == terms_of("How many came to Port Holm in June 2021, of 17?")
    assert "^ how many" in one
    assert "in mmm yyy" in one
    assert not any("lund" in term or "4" in term for term in one)


def test_what_is_learnt_is_kept(tmp_path: Path) -> None:
    texts = ["Which is more?", "Is it true?", "How many?"] * 8
    forms = np.array([Form.COMPARISON.value, Form.PREMISE.value, Form.ONE.value] * 8)
    weights = fitted(texts, forms)
    weights.save(tmp_path / "forms.npz")
    kept = FormWeights.load(tmp_path / "forms.npz")
    for text, form in zip(texts, forms, strict=True):
        told = kept.read(text)
        assert max(told, key=lambda one: told[one]).value == form
        assert told == pytest.approx(weights.read(text), abs=0.01)


@pytest.mark.parametrize(
    ("told", "form"),
    [
        ({"kind": "lookup"}, Form.ONE),
        ({"kind": "premise"}, Form.PREMISE),
        ({"kind": "multi", "form": "list"}, Form.LIST),
        ({"kind": "multi", "form": "compute", "formula": "b - a"}, Form.DIFFERENCE),
        ({"kind": "multi", "form": "compute", "formula": "(a - b) / b * 100"}, Form.CHANGE),
        ({"kind": "multi", "form": "compute", "formula": "a / b * 100"}, Form.SHARE),
        ({"kind": "multi", "form": "compute", "formula": "a / b"}, Form.TIMES),
        ({"kind": "multi", "form": "compute", "formula": "a + b + c"}, Form.SUM),
        ({"kind": "multi", "form": "compute", "formula": "a * (b - c)"}, None),
        ({"kind": "multi", "form": "compute"}, None),
    ],
)
def test_authors_say_what_a_question_is(told: dict[str, str], form: Form | None) -> None:
    assert form_of(told) is form


def test_every_quote_stands_in_its_article_and_every_answer_in_its_quote() -> None:
    assert kinds_in(SEVERAL, NEWS).total() == 2601
