from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from answering_samples import (
    BEST,
    CLOSED,
    FAR,
    LIKELY,
    NEXT,
    OPENED,
    OPENER,
    QUESTION,
    RIGHT,
    WHO,
    ScriptedReader,
    Told,
    ask,
    asked_to_copy,
    asked_to_write,
    asking,
    believing,
    question_of,
    reader,
    weighed,
    weighing,
    writer,
)
from job_samples import HARBOUR, FixedRetriever, evidence

from rag.answering import phrases
from rag.errors import ContextOverflowError, GenerationStoppedError
from rag.prompts import NOT_STATED
from rag.schema import Evidence, Filters, Message, Retrieval, Status, Verdict
from rag.verification import EvidenceVerifier

COPYING = {QUESTION: "46,610"}
WRONG = "Ann Ray opened 99 new piers in May."


# --- a figure ------------------------------------------------------------------------------


def test_a_verified_figure_is_the_answer() -> None:
    told, model = Told(), reader(COPYING)
    answer = ask(FixedRetriever(BEST, NEXT, FAR), model, told=told)
    assert answer.status is Status.ANSWERED
    assert answer.text == RIGHT
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


def test_evidence_is_handed_over_before_the_model_is_opened() -> None:
    told = Told()
    ask(FixedRetriever(BEST, NEXT), reader(COPYING), told=told)
    assert told.events == ["2 sentences", "model", "text"]


@pytest.mark.parametrize(
    ("question", "found", "copied"), [(QUESTION, BEST, "46,610"), (WHO, OPENED, OPENER)]
)
def test_times_count_from_the_question(question: str, found: Evidence, copied: str) -> None:
    answer = ask(FixedRetriever(found), reader({question: copied}), question=question)
    assert answer.status is Status.ANSWERED
    assert answer.timing.retrieve_s == 0.25
    assert 0 < answer.timing.first_token_s <= answer.timing.total_s


@pytest.mark.parametrize(
    "found",
    [
        (),
        (FAR,),
        (evidence("In April 46,610 ships arrived.", coverage=0.9),),
        (evidence("In May ships arrived in numbers.", coverage=1.0),),
    ],
)
def test_without_a_sentence_that_may_answer_the_model_is_not_asked(
    found: tuple[Evidence, ...],
) -> None:
    told, model = Told(), reader(COPYING)
    answer = ask(FixedRetriever(*found), model, told=told)
    assert answer.status is Status.ABSTAINED
    assert model.prompts == []
    assert told.events[0] == f"{len(found)} sentences"
    assert answer.text.startswith("The articles do not say")
    assert len(answer.citations) == len(found)
    assert ("[1]" in answer.text) is bool(found)
    assert answer.timing.first_token_s == 0


@pytest.mark.parametrize("question", [QUESTION, WHO, "When did the ferry sail?"])
def test_without_evidence_the_model_is_not_even_opened(question: str) -> None:
    told = Told()
    answer = ask(FixedRetriever(), reader({}), question=question, told=told)
    assert answer.status is Status.ABSTAINED
    assert told.events == ["0 sentences", "text"]


def test_where_the_model_always_declines_the_articles_do_not_say() -> None:
    told = Told()
    answer = ask(FixedRetriever(BEST, NEXT), reader({}), told=told)
    assert answer.status is Status.ABSTAINED
    assert answer.text.startswith("The articles do not say")
    assert "A busy month in the harbour" in answer.text
    assert "2031-06-21" in answer.text
    assert answer.text.endswith("[1].")
    assert [c.quote for c in answer.citations] == [BEST.sentence.text]
    assert (answer.figures, answer.notes) == ((), ())
    assert told.texts == [answer.text]


def test_an_article_without_title_and_date_is_named_by_what_is_known() -> None:
    bare = replace(HARBOUR, title=None, published=None, publisher=None)
    answer = ask(FixedRetriever(replace(FAR, document=bare)), reader({}))
    assert "“harbour” [1]" in answer.text


# --- words ---------------------------------------------------------------------------------


def test_a_verified_sentence_is_the_answer() -> None:
    answer = ask(FixedRetriever(OPENED, CLOSED), writer(OPENER), question=WHO)
    assert answer.status is Status.ANSWERED
    assert answer.text == f"{OPENER} [1]"
    assert [c.quote for c in answer.citations] == [OPENED.sentence.text]


def test_only_the_first_line_is_the_answer() -> None:
    answer = ask(FixedRetriever(OPENED), writer(f"{OPENER}\n{WRONG}"), question=WHO)
    assert answer.text == f"{OPENER} [1]"


def test_markers_of_the_model_are_not_believed() -> None:
    written = "Ann Ray [7] opened the new pier [2, 3] in May. [4]"
    answer = ask(FixedRetriever(OPENED), writer(written), question=WHO)
    assert answer.text == f"{OPENER} [1]"


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
        pytest.param(f"{OPENER.rstrip('.')} " * 10, id="cut off after 40 words"),
    ],
)
def test_where_the_model_declines_the_next_sentence_is_asked_about(declined: str) -> None:
    model = writer(declined, "The mayor closed the old pier in the bay.")
    answer = ask(FixedRetriever(OPENED, CLOSED), model, question="Who closed the pier in the bay?")
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].quote == CLOSED.sentence.text
    assert OPENED.sentence.text in asked_to_write(model)[0]
    assert CLOSED.sentence.text in asked_to_write(model)[1]


def test_two_sentences_are_asked_about_at_most() -> None:
    third = evidence("In May the piers of the bay are of stone.", coverage=0.9, position=9)
    second = evidence("In May the new pier was of stone.", coverage=0.95, position=8)
    model = writer(NOT_STATED, NOT_STATED)
    answer = ask(FixedRetriever(OPENED, second, third), model, question=WHO)
    assert answer.status is Status.ABSTAINED
    assert len(asked_to_write(model)) == 2


@pytest.mark.parametrize(
    "draft",
    [
        WRONG,
        f"{WRONG} [1]",
        f"{WRONG} [2]",
        f"{OPENER} It was the 99th in all.",
        "The mayor resigned over a quarrel about 99 school buses.",
        "The mayor resigned over a quarrel about school buses.",
    ],
)
def test_what_cannot_be_verified_is_never_shown_as_the_answer(draft: str) -> None:
    told = Told()
    answer = ask(FixedRetriever(OPENED), writer(draft), question=WHO, told=told)
    assert answer.status is Status.ABSTAINED
    assert "99" not in answer.text
    assert "quarrel" not in answer.text
    assert told.texts == [answer.text]
    assert answer.figures == ()
    assert [c.quote for c in answer.citations] == [OPENED.sentence.text]
    (note,) = answer.notes
    assert "not shown" in note


def test_the_next_sentence_may_save_what_could_not_be_verified() -> None:
    model = writer(WRONG, "The mayor closed the old pier in the bay.")
    answer = ask(FixedRetriever(OPENED, CLOSED), model, question="Who closed the pier in the bay?")
    assert answer.status is Status.ANSWERED
    assert answer.citations[0].quote == CLOSED.sentence.text
    assert answer.notes == ()


def test_an_abstention_quotes_the_sentence_of_the_draft_that_failed() -> None:
    other = replace(CLOSED, document=replace(HARBOUR, id="bay", title="A pier in the bay"))
    question = "Who closed the pier in the bay?"
    answer = ask(FixedRetriever(OPENED, other), writer(NOT_STATED, WRONG), question=question)
    assert answer.citations[0].quote == CLOSED.sentence.text
    assert "“A pier in the bay”" in answer.text
    assert len(answer.notes) == 1


def test_words_that_are_copied_twice_the_same_are_the_answer_and_none_are_written() -> None:
    model = reader({WHO: "Ann Ray"})
    answer = ask(FixedRetriever(CLOSED, OPENED), model, question=WHO)
    assert answer.status is Status.ANSWERED
    assert answer.text == f"Ann Ray: “{OPENED.sentence.text}” [1]"
    assert [c.quote for c in answer.citations] == [OPENED.sentence.text]
    all_of_them, alone = asked_to_copy(model)
    assert all_of_them.index(OPENED.sentence.text) < all_of_them.index(CLOSED.sentence.text)
    assert OPENED.sentence.text in alone
    assert CLOSED.sentence.text not in alone
    assert asked_to_write(model) == []


def copying(of_all: str, of_one: str) -> ScriptedReader:
    """A model that copies one thing out of several sentences and another out of one alone."""

    def copied(messages: Sequence[Message]) -> str:
        return of_all if CLOSED.sentence.text in messages[-1].content else of_one

    return believing(copied, written=NOT_STATED)


@pytest.mark.parametrize(
    ("of_all", "of_one", "is_said"),
    [
        ("Ann Ray", "Ann Ray", True),
        ("Ann Ray", "The mayor, Ann Ray", True),
        ("The mayor, Ann Ray.", "ann ray", True),
        ("Ann Ray", "The new pier", False),
        ("Ann Ray", NOT_STATED, False),
        ("Kim Lee", "Kim Lee", False),
        (NOT_STATED, "Ann Ray", False),
        (f"{OPENED.sentence.text} " * 2, "Ann Ray", False),
    ],
)
def test_words_have_to_be_copied_from_a_sentence_and_from_it_alone_as_well(
    of_all: str, of_one: str, is_said: bool
) -> None:
    answer = ask(FixedRetriever(OPENED, CLOSED), copying(of_all, of_one), question=WHO)
    assert (answer.status is Status.ANSWERED) is is_said
    assert ("Ann Ray" in answer.text) is is_said


def test_more_than_a_few_words_are_no_short_answer() -> None:
    for n_words in (phrases._MOST_WORDS, phrases._MOST_WORDS + 1):
        words = " ".join(["new"] * (n_words - 1))
        found = evidence(f"In May Ann Ray opened the {words} pier.", coverage=1.0)
        model = reader({WHO: f"{words} pier"}, writes=False)
        answer = ask(FixedRetriever(found), model, question=WHO)
        assert (answer.status is Status.ANSWERED) is (n_words == phrases._MOST_WORDS)


@pytest.mark.parametrize(("guests", "is_said"), [("300", True), ("500", False)])
def test_words_come_from_sentences_with_the_amounts_that_the_question_names(
    guests: str, is_said: bool
) -> None:
    question = "Who opened the new pier when 300 guests came?"
    found = evidence(f"Ann Ray opened the new pier, and {guests} guests came.", coverage=1.0)
    model = reader({question: "Ann Ray"}, writes=False)
    answer = ask(FixedRetriever(found), model, question=question)
    assert (answer.status is Status.ANSWERED) is is_said
    assert bool(asked_to_copy(model)) is is_said


def test_one_of_two_names_that_the_question_has_is_not_copied() -> None:
    for question, n_copied in (
        ("The mayor or the captain, who opened the new pier in May?", 0),
        (WHO, 2),
    ):
        model = reader({question: "Ann Ray"}, writes=False)
        answer = ask(FixedRetriever(OPENED), model, question=question)
        assert len(asked_to_copy(model)) == n_copied
        assert (answer.status is Status.ANSWERED) is bool(n_copied)


def test_words_of_a_sentence_on_another_name_are_not_copied() -> None:
    question = "Who opened the pier of Holm?"
    for name, status in (("Holm", Status.ANSWERED), ("Rovik", Status.ABSTAINED)):
        found = evidence(f"In May Ann Ray opened the pier of {name}.", coverage=0.8)
        model = reader({question: "Ann Ray"}, writes=False)
        assert ask(FixedRetriever(found), model, question=question).status is status


@pytest.mark.parametrize(
    ("all_of_them", "alone", "is_said"),
    [
        (phrases._SURE + 0.01, phrases._SURE_ALONE + 0.01, True),
        (phrases._SURE + 0.01, phrases._SURE_ALONE - 0.01, False),
        (phrases._SURE - 0.01, 1.0, False),
    ],
)
def test_words_have_to_be_copied_surely_both_times(
    all_of_them: float, alone: float, is_said: bool
) -> None:
    models = [reader({WHO: "Ann Ray"}, logprob=math.log(p)) for p in (all_of_them, alone)]
    copied = phrases.find_phrase(
        asking(WHO), [OPENED], lambda: models.pop(0), EvidenceVerifier(), lambda: False
    )
    assert copied.text == "Ann Ray"
    assert copied.attempt.passed is is_said


def test_the_bound_that_the_model_left_out_is_put_back() -> None:
    guests = evidence("More than 300 guests came as Ann Ray opened the pier.", coverage=1.0)
    written = "300 guests came as Ann Ray opened the pier."
    answer = ask(FixedRetriever(guests), writer(written), question="Who opened the pier?")
    assert answer.status is Status.ANSWERED
    assert answer.text == "More than 300 guests came as Ann Ray opened the pier. [1]"


def test_a_year_that_the_sentence_means_is_left_out_of_the_prompt() -> None:
    model = writer(OPENER)
    answer = ask(FixedRetriever(OPENED), model, question=f"{WHO.rstrip('?')} 2031?")
    assert answer.status is Status.ANSWERED
    assert "2031" not in asked_to_write(model)[0].rpartition("Question: ")[2]


# --- when ----------------------------------------------------------------------------------

WHEN = "When did the ferry sail?"
UNSURE = math.log(0.1)
"""Of words that the model copies, and would not surely."""


def test_a_day_is_looked_up_and_its_sentence_quoted() -> None:
    sailed = evidence("The ferry sailed on 4 May 2031 with 300 guests.", coverage=1.0)
    model = reader({WHEN: "4 May 2031"}, logprob=UNSURE, writes=False)
    answer = ask(FixedRetriever(sailed), model, question=WHEN)
    assert answer.status is Status.ANSWERED
    assert answer.text.startswith("4 May 2031: “The ferry sailed on 4 May 2031")
    assert weighed(model) == ["4 May 2031"]
    # A day that the model would not copy at all is none.
    blind = weighing({"4 May 2031": LIKELY})
    assert ask(FixedRetriever(sailed), blind, question=WHEN).status is Status.ABSTAINED
    assert weighed(blind) == ["4 May 2031"]


def test_a_day_that_is_copied_is_the_answer_and_its_sentence_quoted() -> None:
    sailed = evidence("The ferry sailed on 4 May 2031 with 300 guests.", coverage=1.0)
    answer = ask(FixedRetriever(sailed), reader({WHEN: "4 May 2031"}), question=WHEN)
    assert answer.status is Status.ANSWERED
    assert answer.text.startswith("4 May 2031: “The ferry sailed on 4 May 2031")
    assert [c.quote for c in answer.citations] == [sailed.sentence.text]


def test_of_two_days_the_likelier_is_the_answer() -> None:
    both = evidence("The ferry sailed on 4 May 2031 and sank on 6 June 2031.", coverage=1.0)
    for day in ("4 May 2031", "6 June 2031"):
        for logprob in (0.0, UNSURE):
            model = reader({WHEN: day}, logprob=logprob, writes=False)
            answer = ask(FixedRetriever(both), model, question=WHEN)
            assert answer.text.startswith(f"{day}: “")


def test_when_may_be_told_in_words_where_no_day_is_stated() -> None:
    told = "The ferry sailed on the night of the storm."
    answer = ask(FixedRetriever(evidence(told, coverage=1.0)), writer(told), question=WHEN)
    assert (answer.status, answer.text) == (Status.ANSWERED, f"{told} [1]")


def test_words_that_give_two_days_do_not_tell_which_is_meant() -> None:
    both = evidence("The ferry sailed on 4 May 2031 and sank on 6 June 2031.", coverage=1.0)
    answer = ask(FixedRetriever(both), writer(both.sentence.text), question=WHEN)
    assert answer.status is Status.ABSTAINED
    one = writer("The ferry sailed on 4 May 2031.")
    assert ask(FixedRetriever(both), one, question=WHEN).status is Status.ANSWERED


# --- a figure or words ---------------------------------------------------------------------

GOT = "What did the crew get from the mayor?"


def test_what_may_be_words_is_told_in_words() -> None:
    told = "The crew got a new boat from the mayor."
    answer = ask(FixedRetriever(evidence(told, coverage=1.0)), writer(told), question=GOT)
    assert (answer.status, answer.text) == (Status.ANSWERED, f"{told} [1]")


def test_what_may_be_words_and_is_a_figure_is_looked_up() -> None:
    told = "The crew got $300 from the mayor."
    found = FixedRetriever(evidence(told, coverage=1.0))
    assert ask(found, writer(told, told), question=GOT).status is Status.ABSTAINED
    answer = ask(found, reader({GOT: "$300"}), question=GOT)
    assert answer.text == f"$300: “{told}” [1]"


@pytest.mark.parametrize(
    ("copied", "is_said"), [("$300", True), ("$900", False), ("a boat", False), (NOT_STATED, False)]
)
def test_what_may_be_words_is_the_figure_that_is_looked_up_only_if_it_is_copied_as_well(
    copied: str, is_said: bool
) -> None:
    paid = evidence("The crew got $300 from the mayor, and $900 from his wife.", coverage=1.0)
    model = weighing({"$300": LIKELY}, copies=copied)
    answer = ask(FixedRetriever(paid), model, question=GOT)
    assert answer.text.startswith("$300: “") is is_said
    assert (answer.status is Status.ANSWERED) is is_said


def test_what_was_when_something_else_was_is_told_in_words_or_looked_up() -> None:
    question = "What did the crew get from the mayor when the ferry sank?"
    told = "When the ferry sank the crew got a new boat from the mayor."
    answer = ask(FixedRetriever(evidence(told, coverage=1.0)), writer(told), question=question)
    assert (answer.status, answer.text) == (Status.ANSWERED, f"{told} [1]")
    paid = "When the ferry sank the crew got $300 from the mayor."
    found = FixedRetriever(evidence(paid, coverage=1.0))
    answer = ask(found, reader({question: "$300"}), question=question)
    assert answer.text.startswith("$300: “")


# --- all of them ---------------------------------------------------------------------------


def test_how_much_is_embedded_is_noted() -> None:
    answer = ask(FixedRetriever(BEST, embedded_share=0.4), reader(COPYING))
    (note,) = answer.notes
    assert "40%" in note


@pytest.mark.parametrize(("question", "found"), [(QUESTION, BEST), (WHO, OPENED)])
def test_stopping_is_an_error_that_passes_through(question: str, found: Evidence) -> None:
    told = Told()
    with pytest.raises(GenerationStoppedError):
        ask(FixedRetriever(found), reader({}), question=question, told=told, stop=lambda: True)
    assert told.texts == []


def test_a_question_that_is_too_long_is_an_error_that_passes_through() -> None:
    with pytest.raises(ContextOverflowError):
        ask(FixedRetriever(BEST), reader({}), question=f"{QUESTION} " * 1000)


def test_a_question_that_was_respelt_is_told_and_asked_as_it_was_read() -> None:
    class Respelling(FixedRetriever):
        def retrieve(self, question: str, filters: Filters) -> Retrieval:
            return replace(super().retrieve(question, filters), read_as=QUESTION)

    model = reader(COPYING)
    answer = ask(Respelling(BEST), model, question="How meny ships arrived in May?")
    assert answer.question == "How meny ships arrived in May?"
    assert answer.notes == (f"The question was read as: {QUESTION}",)
    assert {question_of(prompt) for prompt in model.prompts} == {QUESTION}
    assert answer.status is Status.ANSWERED
