from __future__ import annotations

from dataclasses import replace

import pytest
from answering_samples import BEST, FAR, NEXT, QUESTION, RIGHT, THIRD, WRONG, Told, ask
from job_samples import HARBOUR, FixedRetriever, asked, evidence, in_turn

from rag.errors import ContextOverflowError, GenerationStoppedError
from rag.prompts import NOT_STATED
from rag.schema import Evidence, Filters, Retrieval, Status, Verdict


def test_a_verified_sentence_is_the_answer() -> None:
    told, model = Told(), in_turn(RIGHT)
    answer = ask(FixedRetriever(BEST, NEXT, FAR), model, told=told)
    assert answer.status is Status.ANSWERED
    assert answer.text == f"{RIGHT} [1]"
    (citation,) = answer.citations
    assert citation.marker == 1
    assert (citation.quote, citation.span, citation.page) == (
        BEST.sentence.text, BEST.sentence.span, 3
    )  # fmt: skip
    assert citation.document == HARBOUR
    assert [(f.figure.text, f.verdict, f.marker) for f in answer.figures] == [
        ("46,610", Verdict.EXACT, 1)
    ]
    assert answer.evidence == (BEST, NEXT, FAR)
    assert (answer.question, answer.notes, answer.settings_sha256) == (QUESTION, (), "5" * 64)
    assert told.texts == [answer.text]
    assert len(model.prompts) == 1


def test_only_the_first_line_is_the_answer() -> None:
    assert ask(FixedRetriever(BEST), in_turn(f"{RIGHT}\n{WRONG}")).text == f"{RIGHT} [1]"


def test_evidence_is_handed_over_before_the_model_is_opened() -> None:
    told = Told()
    ask(FixedRetriever(BEST, NEXT), in_turn(RIGHT), told=told)
    assert told.events == ["2 sentences", "model", "text"]


def test_times_count_from_the_question() -> None:
    answer = ask(FixedRetriever(BEST), in_turn(RIGHT))
    assert answer.timing.retrieve_s == 0.25
    assert 0 < answer.timing.first_token_s <= answer.timing.total_s


@pytest.mark.parametrize(
    "declined",
    [
        NOT_STATED,
        f"{NOT_STATED}.",
        NOT_STATED.upper(),
        f"{NOT_STATED} in the sentence. [1]",
        "",
        "  ",
        "[1]",
        "...",
        pytest.param(f"{RIGHT.rstrip('.')} " * 10, id="cut off after 40 words"),
    ],
)
def test_where_the_model_declines_the_next_sentence_is_asked_about(declined: str) -> None:
    model = in_turn(declined, "Some 300 of the ships were yachts.")
    answer = ask(FixedRetriever(BEST, NEXT), model)
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].quote == NEXT.sentence.text
    assert BEST.sentence.text in asked(model)[0]
    assert NEXT.sentence.text in asked(model)[1]


def test_where_the_model_always_declines_the_articles_do_not_say() -> None:
    told, model = Told(), in_turn(NOT_STATED, NOT_STATED)
    answer = ask(FixedRetriever(BEST, NEXT, THIRD), model, told=told)
    assert answer.status is Status.ABSTAINED
    assert len(model.prompts) == 2
    assert answer.text.startswith("The articles do not say")
    assert "A busy month in the harbour" in answer.text
    assert "2031-06-21" in answer.text
    assert answer.text.endswith("[1].")
    assert [c.quote for c in answer.citations] == [BEST.sentence.text]
    assert (answer.figures, answer.notes) == ((), ())
    assert told.texts == [answer.text]
    assert answer.timing.first_token_s > 0


@pytest.mark.parametrize(
    "draft",
    [
        WRONG,
        f"{WRONG} [1]",
        f"{WRONG} [2]",
        "In May 46,610 ships arrived. It was 99,999 in June.",
        "The ships that arrived in May were 46,610%.",
        "The mayor resigned over a quarrel about school buses.",
    ],
)
def test_what_cannot_be_verified_is_never_shown_as_the_answer(draft: str) -> None:
    told = Told()
    answer = ask(FixedRetriever(BEST), in_turn(draft), told=told)
    assert answer.status is Status.ABSTAINED
    assert "99,999" not in answer.text
    assert "%" not in answer.text
    assert "mayor" not in answer.text
    assert told.texts == [answer.text]
    assert answer.figures == ()
    assert [c.quote for c in answer.citations] == [BEST.sentence.text]
    (note,) = answer.notes
    assert "not shown" in note


def test_the_next_sentence_may_save_what_could_not_be_verified() -> None:
    model = in_turn(WRONG, "Some 300 of the ships that arrived in May were yachts.")
    answer = ask(FixedRetriever(BEST, NEXT), model)
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].quote == NEXT.sentence.text
    assert answer.notes == ()


def test_an_abstention_quotes_the_sentence_of_the_draft_that_failed() -> None:
    other = replace(NEXT, document=replace(HARBOUR, id="yachts", title="Yachts in May"))
    answer = ask(FixedRetriever(BEST, other), in_turn(NOT_STATED, WRONG))
    assert answer.citations[0].quote == NEXT.sentence.text
    assert "“Yachts in May”" in answer.text
    assert len(answer.notes) == 1


@pytest.mark.parametrize(
    "found",
    [
        (),
        (FAR,),
        (evidence("In April 46,610 ships arrived.", coverage=1.0),),
        (evidence("In May ships arrived in numbers.", coverage=1.0),),
    ],
)
def test_without_a_sentence_that_may_answer_no_model_is_opened(found: tuple[Evidence, ...]) -> None:
    told = Told()
    answer = ask(FixedRetriever(*found), in_turn(), told=told)
    assert answer.status is Status.ABSTAINED
    assert told.events == [f"{len(found)} sentences", "text"]
    assert answer.text.startswith("The articles do not say")
    assert len(answer.citations) == len(found)
    assert ("[1]" in answer.text) is bool(found)
    assert answer.timing.first_token_s == 0


def test_an_article_without_title_and_date_is_named_by_its_id() -> None:
    bare = replace(HARBOUR, title=None, published=None)
    answer = ask(FixedRetriever(replace(FAR, document=bare)), in_turn())
    assert "“harbour” [1]" in answer.text


def test_the_bound_that_the_model_left_out_is_put_back() -> None:
    found = evidence("In May more than 46,610 ships arrived.", coverage=1.0)
    answer = ask(FixedRetriever(found), in_turn(RIGHT))
    assert answer.status is Status.ANSWERED
    assert answer.text == "In May more than 46,610 ships arrived. [1]"


def test_markers_of_the_model_are_not_believed() -> None:
    answer = ask(FixedRetriever(BEST), in_turn("In May [7] 46,610 ships arrived [2, 3]. [4]"))
    assert answer.text == f"{RIGHT} [1]"


def test_how_much_is_embedded_is_noted() -> None:
    answer = ask(FixedRetriever(BEST, embedded_share=0.4), in_turn(RIGHT))
    (note,) = answer.notes
    assert "40%" in note


def test_stopping_is_an_error_that_passes_through() -> None:
    told = Told()
    with pytest.raises(GenerationStoppedError):
        ask(FixedRetriever(BEST), in_turn(RIGHT), told=told, stop=lambda: True)
    assert told.texts == []


def test_a_question_that_is_too_long_is_an_error_that_passes_through() -> None:
    with pytest.raises(ContextOverflowError):
        ask(FixedRetriever(BEST), in_turn(RIGHT), question=f"{QUESTION} " * 1000)


# --- one figure where one was asked for ----------------------------------------------------

TWO = evidence("In May 46,610 ships arrived, in June 52,300.", coverage=1.0)


def test_an_answer_with_two_figures_is_asked_for_again() -> None:
    model = in_turn(TWO.sentence.text, "46,610 ships arrived in May.")
    answer = ask(FixedRetriever(TWO), model)
    assert answer.text == "46,610 ships arrived in May. [1]"
    assert "one figure" not in asked(model)[0]
    assert "one figure" in asked(model)[1]


def test_an_answer_that_stays_undecided_is_none() -> None:
    answer = ask(FixedRetriever(TWO), in_turn(TWO.sentence.text, TWO.sentence.text))
    assert answer.status is Status.ABSTAINED


@pytest.mark.parametrize(
    ("written", "status"), [("46,610", Status.ANSWERED), ("52,300", Status.ABSTAINED)]
)
def test_a_figure_without_words_has_to_be_the_one_that_the_question_means(
    written: str, status: Status
) -> None:
    assert ask(FixedRetriever(TWO), in_turn(written)).status is status


def test_a_year_that_the_sentence_means_is_left_out_of_the_prompt() -> None:
    model = in_turn(RIGHT)
    year = HARBOUR.published.year if HARBOUR.published else 0
    answer = ask(FixedRetriever(BEST), model, question=f"How many ships arrived in May {year}?")
    assert answer.status is Status.ANSWERED
    assert str(year) not in asked(model)[0]


def test_a_question_that_was_respelt_is_told_and_asked_as_it_was_read() -> None:
    class Respelling(FixedRetriever):
        def retrieve(self, question: str, filters: Filters) -> Retrieval:
            return replace(super().retrieve(question, filters), read_as=QUESTION)

    model = in_turn(RIGHT)
    answer = ask(Respelling(BEST), model, question="How meny ships arived in May?")
    assert answer.question == "How meny ships arived in May?"
    assert answer.notes == (f"The question was read as: {QUESTION}",)
    assert QUESTION in asked(model)[0]
