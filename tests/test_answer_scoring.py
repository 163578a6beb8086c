"""The network that tells which figure of some sentences answers a question, or none."""

from __future__ import annotations

import hashlib
import math
from functools import cache
from pathlib import Path

import pytest
from contracts.answer_scorer_contract import AnswerScorerContract, spans_of
from hypothesis import given
from hypothesis import strategies as st
from job_samples import evidence
from tokenizers import Tokenizer

from rag.answer_scoring import NumpyAnswerScorer
from rag.answer_scoring import scorer as module
from rag.answer_scoring.layout import MAX_TOKENS, lay_out, open_tokenizer
from rag.errors import ModelCorruptError
from rag.figures import find_figures
from rag.protocols import AnswerScorer
from rag.schema import Evidence, Span


@cache
def opened() -> NumpyAnswerScorer:
    return NumpyAnswerScorer()


class TestNumpyAnswerScorer(AnswerScorerContract):
    @pytest.fixture
    def scorer(self) -> AnswerScorer:
        return opened()


def likeliest(question: str, *found: Evidence) -> str:
    """The words of the span with the highest score; empty where no answer has a higher one."""
    scored = [
        (score, item.sentence.text[span.start : span.end])
        for item, spans, row in zip(
            found, spans_of(found), opened().score(question, found, spans_of(found)), strict=True
        )
        for span, score in zip(spans, row, strict=True)
    ]
    score, words = max(scored, default=(-math.inf, ""))
    return words if score > 0 else ""


PORT = evidence("The port landed 19,870 tonnes of fish in 2022, down from 24,310 in 2019.")
FLEET = evidence("Its fleet has 31 trawlers and employs 412 people.", position=2)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many tonnes of fish did the port land in 2022?", "19,870"),
        ("How many people work on the fleet?", "412"),
        ("How many trawlers are there?", "31"),
        ("How many pupils does the school have?", ""),
        ("How much did the new bridge cost?", ""),
    ],
)
def test_the_figure_that_answers_scores_highest_and_where_none_does_silence(
    question: str, answer: str
) -> None:
    assert likeliest(question, PORT, FLEET) == answer


def test_the_sentence_before_and_the_title_are_read_too() -> None:
    question = "How many votes did the farmers' party get?"
    bare = evidence("It got 8,412.")
    behind = evidence("It got 8,412.", lead="The farmers' party came second.")
    spans = spans_of([bare])
    alone, led = (opened().score(question, [item], spans)[0][0] for item in (bare, behind))
    assert led > alone


def test_the_name_is_that_of_the_weights() -> None:
    data = (module.FOLDER / "weights.safetensors").read_bytes()
    assert NumpyAnswerScorer.name == f"answer-scorer:{hashlib.sha256(data).hexdigest()[:16]}"


@pytest.mark.parametrize("broken", ["missing", "cut", "other"])
def test_broken_weights_are_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    for name in ("weights.safetensors", "vocab.txt"):
        data = (module.FOLDER / name).read_bytes()
        (tmp_path / name).write_bytes(data)
    weights = tmp_path / "weights.safetensors"
    if broken == "missing":
        weights.unlink()
    else:
        weights.write_bytes(weights.read_bytes()[:5000] if broken == "cut" else b"no tensors")
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    with pytest.raises(ModelCorruptError, match="answer scorer"):
        NumpyAnswerScorer()


# --- layout ---------------------------------------------------------------------------------

TEXT = st.text(alphabet=st.sampled_from("aé 1,.%🙂\n"), max_size=400)


@given(question=TEXT, title=TEXT, lead=TEXT, sentence=TEXT)
def test_a_sheet_is_never_longer_than_what_is_read_and_each_place_is_inside(
    question: str, title: str, lead: str, sentence: str
) -> None:
    spans = [figure.span for figure in find_figures(sentence)] + [Span(0, 1)]
    sheet = lay_out(tokenizer(), question, sentence, spans, title=title, lead=lead)
    assert len(sheet.ids) == len(sheet.types) <= MAX_TOKENS
    assert len(sheet.places) == len(spans)
    first_of_text = sheet.types.index(1) if 1 in sheet.types else len(sheet.ids)
    for place in filter(None, sheet.places):
        assert first_of_text <= place[0] <= place[1] < len(sheet.ids) - 1


def test_a_place_is_that_of_its_words() -> None:
    text = "Some 46,610 ships arrived."
    sheet = lay_out(
        tokenizer(), "How many?", text, [Span(5, 11)], title="Harbour", lead="It was calm."
    )
    place = sheet.places[0]
    assert place
    assert tokenizer().decode(list(sheet.ids[place[0] : place[1] + 1])) == "46 , 610"
    read = tokenizer().decode(list(sheet.ids), skip_special_tokens=False)
    assert read == (
        "[CLS] how many ? [SEP] harbour : it was calm . some 46 , 610 ships arrived . [SEP]"
    )


def test_what_is_beyond_the_end_has_no_place() -> None:
    text = "word " * 300 + "12"
    sheet = lay_out(
        tokenizer(), "How many?", text, [Span(len(text) - 2, len(text))], title="", lead=""
    )
    assert sheet.places == (None,)
    (row,) = opened().score("How many?", [evidence(text)], [[Span(len(text) - 2, len(text))]])
    assert row == (-math.inf,)


@cache
def tokenizer() -> Tokenizer:
    return open_tokenizer(str(module.FOLDER / "vocab.txt"))
