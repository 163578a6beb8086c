from __future__ import annotations

import doctest

import pytest

import rag.acronyms
from rag.acronyms import spell_out

TEXT = (
    "The World Health Organization and the Bank of England said so. On Monday the Holm Office "
    "for National Statistics agreed, as did Mr. Kim."
)


def test_the_examples_hold() -> None:
    assert not doctest.testmod(rag.acronyms).failed


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("How many does the WHO count?", "How many does the World Health Organization count?"),
        ("the W.H.O. count", "the World Health Organization count"),
        ("What did the BE say?", "What did the Bank of England say?"),
        ("HONS figures", "Holm Office for National Statistics figures"),
        ("How many in the EU?", "How many in the EU?"),
        ("OK, XQ?", "OK, XQ?"),
        ("how many does the who count?", "how many does the who count?"),
        ("", ""),
    ],
)
def test_short_names_are_spelt_out_where_a_text_has_the_name(question: str, read: str) -> None:
    assert spell_out(question, [TEXT]) == read


def test_a_short_name_that_texts_have_as_often_stays() -> None:
    assert spell_out("the WHO", [TEXT, "The WHO agreed."]) == "the WHO"
    more = [TEXT, "The WHO agreed.", "It is the World Health Organization."]
    assert spell_out("the WHO", more) == "the World Health Organization"
    assert spell_out("the WHO", []) == "the WHO"
