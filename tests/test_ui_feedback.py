from __future__ import annotations

import json
from pathlib import Path

import pytest
import ui_samples as samples

from rag.errors import InputError, LibraryError
from rag.evaluation import load_cases
from rag.schema import Answer, Span
from rag.ui.feedback import CASES, case_of_right, case_of_wrong, save_case
from rag.ui.quoting import as_markdown, as_text


def answer_to(question: str) -> Answer:
    answer = samples.asker()._replies[question]
    assert isinstance(answer, Answer)
    return answer


@pytest.mark.parametrize(
    "question",
    [samples.HOW_MANY, samples.HOW_MUCH, samples.WHICH, samples.IN_APRIL, samples.HOW_MUCH_MORE],
)
def test_a_thumb_up_writes_a_case_that_evaluation_takes(question: str, tmp_path: Path) -> None:
    answer = answer_to(question)
    (case,) = load_cases([save_case(case_of_right(answer), tmp_path)])
    assert case.question == question
    assert case.answerable is (question != samples.HOW_MUCH)
    assert case.conflict is (question == samples.WHICH)
    for source in case.sources:
        assert source.span is not None
        assert source.span in {c.span for c in answer.citations}


def test_a_thumb_down_with_what_is_right_forbids_what_was_shown(tmp_path: Path) -> None:
    case_ = case_of_wrong(answer_to(samples.IN_APRIL), "46,610")
    (case,) = load_cases([save_case(case_, tmp_path)])
    assert [str(figure.value) for figure in case.figures] == ["46610"]
    assert case.forbidden == ("39480",)
    assert case.sources[0].quote == samples.FOUND[0].sentence.text
    assert isinstance(case.sources[0].span, Span)


def test_a_thumb_down_with_words_and_with_nothing(tmp_path: Path) -> None:
    answer = answer_to(samples.IN_APRIL)
    (case,) = load_cases([save_case(case_of_wrong(answer, "the outer islands"), tmp_path)])
    assert case.texts == (("the outer islands",),)
    (case,) = load_cases([save_case(case_of_wrong(answer, " "), tmp_path)])
    assert (case.answerable, case.forbidden) == (False, ("39480",))


def test_what_no_sentence_states_is_no_case() -> None:
    with pytest.raises(InputError, match="no sentence that was found"):
        case_of_wrong(answer_to(samples.IN_APRIL), "77")


def test_a_second_word_on_the_same_question_takes_the_place_of_the_first(tmp_path: Path) -> None:
    answer = answer_to(samples.IN_APRIL)
    path = save_case(case_of_right(answer), tmp_path)
    save_case(case_of_right(answer_to(samples.HOW_MANY)), tmp_path)
    save_case(case_of_wrong(answer, ""), tmp_path)
    cases = load_cases([path])
    assert [case.question for case in cases] == [samples.HOW_MANY, samples.IN_APRIL]
    assert not cases[1].answerable


def test_a_file_that_is_no_file_of_cases_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / CASES).write_text("mine\n")
    with pytest.raises(LibraryError, match="not saved"):
        save_case(case_of_right(answer_to(samples.IN_APRIL)), tmp_path)
    assert (tmp_path / CASES).read_text() == "mine\n"


def test_a_hostile_answer_makes_one_line(tmp_path: Path) -> None:
    path = save_case(case_of_right(samples.hostile_answer()), tmp_path)
    (line,) = path.read_text("utf-8").splitlines()
    assert json.loads(line)["question"] == samples.HOSTILE


def test_an_answer_to_copy_has_its_sentences_and_where_they_stand() -> None:
    text = as_text(answer_to(samples.HOW_MANY))
    quote, place = text.splitlines()[2:4]
    assert quote.startswith("[1] “The harbour master counted 46,610 arrivals in May")
    assert place.split("; ") == [
        "    Harbour traffic at a nine-year high, Coast Courier, 21 June 2031, page 2",
        "also in: Northern Wire, 22 June 2031",
    ]


def test_signs_of_markdown_in_articles_stay_signs() -> None:
    markdown = as_markdown(samples.hostile_answer())
    assert r"\*\*bold\*\*" in markdown
    assert r"\!\[\]\(http" in markdown
    assert r"\<img" in markdown
