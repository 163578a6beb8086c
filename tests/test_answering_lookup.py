"""One figure: what code sees of it and what the model makes of it are added up, or silence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from answering_samples import (
    BEST,
    FAR,
    LIKELY,
    NEXT,
    QUESTION,
    UNLIKELY,
    ScriptedReader,
    TableRetriever,
    Told,
    article,
    ask,
    asked_to_write,
    asking,
    candidates,
    reader,
    weighed,
    weighing,
    writer,
)
from job_samples import FixedRetriever, asked, evidence

from rag.answering import lookup as module
from rag.answering.lookup import Lookup, Weighed, nearest_sentences
from rag.answering.sureness import Signs, sureness
from rag.candidates import Candidate
from rag.errors import GenerationStoppedError
from rag.evidence import relevance
from rag.prompts import NOT_STATED
from rag.schema import Answer, Evidence, Status

LANDED = evidence(
    "The port landed 19,870 tonnes of fish in 2022, down from 24,310 in 2019.", coverage=1.0
)
TONNES = "How many tonnes of fish did the port land in {}?"
FLEET = evidence("The port counted 12 ferries, 31 yachts and 8 tugs.", coverage=1.0)
COUNTED = "How many were counted at the port?"
SURE, DOUBTFUL = 8.0, 0.1
"""Natural logarithms: of what is far ahead, and of what hardly is."""


def answer(question: str, copied: str, *found: Evidence) -> Answer:
    """What is answered where the model takes the same for the answer, whatever it reads."""
    return ask(TableRetriever({question: found}), reader({question: copied}), question=question)


def figures(said: Answer) -> list[str]:
    return [checked.figure.text for checked in said.figures]


def never() -> bool:
    return False


def looking(model: ScriptedReader, *found: Evidence, question: str = QUESTION) -> Lookup:
    return Lookup(asking(question), candidates(question, *found), lambda: model, never)


def text_of(candidate: Candidate | None) -> str:
    return candidate.statement.figure.text if candidate else ""


def first_of(lookup: Lookup) -> tuple[str, Signs]:
    """The figure that comes first, sure or not, and what speaks for it."""
    likeliest = lookup.likeliest()
    assert likeliest
    return text_of(likeliest[0]), likeliest[1]


# --- code and model together ---------------------------------------------------------------


@pytest.mark.parametrize("copied", ["46,610", "46,610 ships", "In May 46,610 ships arrived."])
def test_what_code_puts_first_and_the_model_finds_likely_is_the_answer(copied: str) -> None:
    said = answer(QUESTION, copied, BEST, NEXT, FAR)
    assert said.status is Status.ANSWERED
    assert figures(said) == ["46,610"]
    assert said.citations[0].quote == BEST.sentence.text


@pytest.mark.parametrize("copied", ["99,999", "46,601", NOT_STATED, "", "many"])
def test_a_figure_that_no_sentence_states_is_none(copied: str) -> None:
    said = answer(QUESTION, copied, BEST, NEXT)
    assert (said.status, said.figures) == (Status.ABSTAINED, ())
    assert "99,999" not in said.text


def test_where_the_model_finds_it_not_stated_it_is_not_said_though_code_has_no_doubt() -> None:
    model = weighing({}, silence=LIKELY)
    assert ask(FixedRetriever(BEST), model).status is Status.ABSTAINED
    assert weighed(model) == ["46,610"]


@pytest.mark.parametrize(("known", "status"), [(True, Status.ANSWERED), (False, Status.ABSTAINED)])
def test_the_model_writes_nothing_whether_a_figure_is_found_or_not(
    known: bool, status: Status
) -> None:
    model = reader({QUESTION: "46,610"} if known else {})
    assert ask(FixedRetriever(BEST, NEXT), model).status is status
    assert len(model.weighed) > 1
    assert model.writing == []


@pytest.mark.parametrize("ahead", [SURE, 0.5, -0.5, -SURE])
def test_the_sum_of_model_and_words_decides_which_comes_first(ahead: float) -> None:
    best, second = candidates(QUESTION, BEST, NEXT)
    by_words = Weighed(best, 0.0).total - Weighed(second, 0.0).total
    assert by_words > 0
    likelier = by_words - ahead
    model = weighing({"46,610": -20.0, "300": -20.0 + likelier, "Some 300": -99.0})
    figure, signs = first_of(looking(model, BEST, NEXT))
    assert figure == ("46,610" if ahead > 0 else "300")
    assert signs.ahead == pytest.approx(abs(ahead), abs=0.01)


@pytest.mark.parametrize("better", [0.3, 1.0])
def test_a_better_score_and_a_better_time_count_for_a_figure(better: float) -> None:
    (one,) = candidates(QUESTION, BEST)
    plain = Weighed(one, -5.0).total
    assert Weighed(replace(one, score=one.score + better), -5.0).total > plain
    assert Weighed(replace(one, period_fit=one.period_fit + better), -5.0).total > plain
    assert Weighed(one, -5.0 + better).total == pytest.approx(plain + better)


def test_all_wordings_of_a_figure_add_up() -> None:
    half = math.log(0.4)
    some = weighing({"300": half, "Some 300": half}, silence=-3.0)
    (_, signs) = first_of(looking(some, NEXT))
    assert signs.ahead_of_silence == pytest.approx(math.log(0.8) + 3.0)


# --- what is read --------------------------------------------------------------------------


def counted(n: int, **found: float) -> Evidence:
    return evidence(f"In May {n},610 ships arrived in the harbour.", position=n, **found)  # type: ignore[arg-type]


def places(found: Sequence[Evidence]) -> list[int]:
    return [item.sentence.position for item in found]


def test_the_nearest_sentences_are_read_nearest_first_and_no_more_than_so_many() -> None:
    far = [counted(n, coverage=0.9 - n / 100) for n in range(40, 50)]
    read = nearest_sentences(candidates(QUESTION, *far[::-1]))
    most = module._MOST_SENTENCES
    assert 1 < most < len(far)
    assert places(read) == [*range(40, 40 + most)]
    model = weighing({})
    ask(FixedRetriever(*far), model)
    assert set(weighed(model)) == {f"{n},610" for n in range(40, 40 + most)}
    shown = [e for e in far if e.sentence.text in asked(model)[0]]
    assert places(shown) == places(read)


def test_similarity_counts_for_what_is_near() -> None:
    pair = counted(40, coverage=0.8, similarity=0.1), counted(41, coverage=0.7, similarity=0.9)
    assert relevance(pair[1]) > relevance(pair[0])
    assert places(nearest_sentences(candidates(QUESTION, *pair))) == [41, 40]


def test_a_sentence_with_several_figures_is_read_once_and_all_of_them_are_weighed() -> None:
    model = weighing({})
    assert nearest_sentences(candidates(COUNTED, FLEET)) == (FLEET,)
    ask(FixedRetriever(FLEET), model, question=COUNTED)
    assert sorted(weighed(model)) == ["12", "31", "8"]
    assert asked(model)[0].count(FLEET.sentence.text) == 1


def test_a_sentence_whose_figures_are_all_of_another_time_is_read_behind_the_others() -> None:
    asked_for = TONNES.format(2019)
    other = evidence("The port landed 20,100 tonnes of fish in 2021.", coverage=1.0, position=2)
    less = evidence("In 2019 fish came to 24,000 tonnes.", coverage=0.8, position=3)
    found = candidates(asked_for, other, less)
    assert {c.period_fit < 0 for c in found if c.evidence is other} == {True}
    assert relevance(other) > relevance(less)
    assert nearest_sentences(found) == (less, other)
    unknown = [replace(c, period_fit=0.0) if c.evidence is other else c for c in found]
    assert nearest_sentences(unknown) == (other, less)
    # One figure of the time that is asked for is enough.
    assert nearest_sentences(candidates(asked_for, LANDED, less)) == (LANDED, less)


def test_each_wording_is_weighed_once_behind_one_and_the_same_prompt() -> None:
    twice = evidence("In May some 300 ships arrived, and 300 yachts.", position=8)
    model = weighing({"46,610": LIKELY})
    ask(FixedRetriever(BEST, NEXT, twice), model)
    texts = [text for _, text in model.weighed]
    assert sorted(texts) == sorted([NOT_STATED, "46,610", "300", "Some 300", "some 300"])
    assert {question for question, _ in model.weighed} == {QUESTION}
    assert len(set(model.prompts)) == 1
    assert len(model.prompts) == len(texts)


def test_the_prompt_has_the_sentences_behind_their_leads_and_of_each_article_its_name() -> None:
    behind = evidence("Then 46,610 ships arrived.", lead="In May it was calm.", coverage=1.0)
    ledger = article("ledger", title="Ships and boats")
    other = evidence("In May 52,300 ships arrived.", document=ledger, coverage=0.8)
    model = weighing({})
    ask(FixedRetriever(other, behind), model)
    assert asked(model)[0] == (
        "Text: A busy month in the harbour (2031-06-21). In May it was calm. Then 46,610 ships "
        "arrived.\n\nShips and boats (2031-06-21). In May 52,300 ships arrived.\n\n"
        f"Question: {QUESTION}"
    )


def test_a_question_that_is_asked_twice_of_one_lookup_is_read_once() -> None:
    model = reader({QUESTION: "46,610"})
    lookup = looking(model, BEST, NEXT)
    found = [lookup.find(), lookup.find(), lookup.find(candidates(QUESTION, NEXT))]
    assert [text_of(f.candidate) for f in found] == ["46,610"] * 3
    assert lookup.also_said(candidates(QUESTION, BEST)[0]) == ()
    assert len(model.weighed) == len({text for _, text in model.weighed})
    assert len({f.first_token_s for f in found}) == 1
    assert found[0].first_token_s > 0


@pytest.mark.parametrize("found", [(), (FAR,), (evidence("By night 12 came.", coverage=0.1),)])
def test_where_no_figure_may_be_shown_the_model_is_not_even_opened(
    found: tuple[Evidence, ...],
) -> None:
    told, model = Told(), reader({QUESTION: "12"})
    said = ask(FixedRetriever(*found), model, told=told)
    assert said.status is Status.ABSTAINED
    assert "model" not in told.events[:1]
    assert model.prompts == []
    assert said.timing.first_token_s == 0


def test_a_stop_while_it_reads_passes_through() -> None:
    lookup = Lookup(
        asking(QUESTION), candidates(QUESTION, BEST), lambda: weighing({}), lambda: True
    )
    with pytest.raises(GenerationStoppedError):
        lookup.find()


# --- how sure it has to be -----------------------------------------------------------------


def test_the_first_is_ahead_of_the_next_figure_with_another_value() -> None:
    again = evidence("The harbour saw 46,610 ships arrive in May.", coverage=1.0, position=5)
    model = weighing({"46,610": LIKELY, "300": -4.0, "Some 300": -99.0})
    lookup = looking(model, BEST, again, NEXT)
    found = {w.statement.figure.text: w for w in candidates(QUESTION, BEST, NEXT)}
    figure, signs = first_of(lookup)
    expected = Weighed(found["46,610"], LIKELY).total - Weighed(found["300"], -4.0).total
    assert figure == "46,610"
    assert signs.ahead == pytest.approx(expected, abs=0.01)


BOUNDED = evidence("More than 46,610 ships arrived in May.", coverage=0.9, position=5)


@pytest.mark.parametrize("found", [(BEST,), (BEST, FAR), (BEST, BOUNDED)])
def test_where_there_is_no_other_value_it_is_ahead_of_all(found: tuple[Evidence, ...]) -> None:
    _, signs = first_of(looking(reader({QUESTION: "46,610"}), *found))
    assert signs.ahead == math.inf


def test_the_signs_are_those_of_the_first_figure() -> None:
    question = "How many yachts were counted at the port?"
    model = weighing({"31": -1.5, "12": -4.0, "8": -6.0}, silence=-3.5)
    figure, signs = first_of(looking(model, FLEET, question=question))
    (yachts,) = (c for c in candidates(question, FLEET) if text_of(c) == "31")
    assert figure == "31"
    assert signs.ahead_of_silence == pytest.approx(2.0)
    assert signs.singled_out == yachts.singled_out > 0


@pytest.mark.parametrize("below", [0.0, 1e-9])
def test_what_is_less_sure_than_the_bar_is_not_said(
    monkeypatch: pytest.MonkeyPatch, below: float
) -> None:
    monkeypatch.setattr(module, "sureness", lambda _signs: module._BAR - below)
    found = looking(reader({QUESTION: "46,610"}), BEST).find()
    assert text_of(found.candidate) == ("" if below else "46,610")
    assert found.first_token_s > 0


@pytest.mark.parametrize("ahead", [-SURE, DOUBTFUL, 2.0, SURE])
@pytest.mark.parametrize("silence", [LIKELY, -2.0, UNLIKELY])
def test_a_figure_is_said_as_its_signs_make_it_sure(ahead: float, silence: float) -> None:
    best, second = candidates(QUESTION, BEST, NEXT)
    by_words = Weighed(best, 0.0).total - Weighed(second, 0.0).total
    likely = {"46,610": LIKELY, "300": LIKELY + by_words - ahead, "Some 300": -99.0}
    lookup = looking(weighing(likely, silence=silence), BEST, NEXT)
    figure, signs = first_of(lookup)
    is_sure = sureness(signs) >= module._BAR
    assert text_of(lookup.find().candidate) == (figure if is_sure else "")


def test_a_figure_has_to_be_ahead_of_the_others_and_of_silence() -> None:
    def said(other: float, silence: float) -> list[str]:
        model = weighing({"46,610": LIKELY, "300": other, "Some 300": -99.0}, silence=silence)
        return figures(ask(FixedRetriever(BEST, NEXT), model))

    best, second = candidates(QUESTION, BEST, NEXT)
    as_far = LIKELY + Weighed(best, 0.0).total - Weighed(second, 0.0).total
    assert said(UNLIKELY, UNLIKELY) == ["46,610"]
    assert said(as_far, UNLIKELY) == []
    assert said(UNLIKELY, LIKELY + 2) == []


# --- the right one of several --------------------------------------------------------------


@pytest.mark.parametrize("right", ["12", "31", "8"])
def test_figures_of_one_sentence_are_told_apart_by_likelihood(right: str) -> None:
    model = weighing({right: LIKELY})
    said = ask(FixedRetriever(FLEET), model, question=COUNTED)
    assert (said.status, figures(said)) == (Status.ANSWERED, [right])


def test_between_figures_that_are_as_likely_nothing_is_said() -> None:
    model = weighing(dict.fromkeys(["12", "31", "8"], LIKELY), copies="31")
    assert ask(FixedRetriever(FLEET), model, question=COUNTED).status is Status.ABSTAINED
    assert model.writing == []


def test_a_number_that_another_one_begins_with_is_not_taken_for_it() -> None:
    both = evidence("In May 46 tugs and 46,610 ships arrived in the harbour.", coverage=1.0)
    # Whoever says "46,610" has said "46" first.
    model = weighing({"46,610": LIKELY, "46": LIKELY + 0.001})
    assert figures(ask(FixedRetriever(both), model)) == ["46,610"]


@pytest.mark.parametrize(("year", "figure"), [("2019", "24,310"), ("2022", "19,870")])
def test_of_two_times_in_a_sentence_the_one_that_is_asked_for_counts(
    year: str, figure: str
) -> None:
    question = TONNES.format(year)
    alike = weighing({"19,870": LIKELY, "24,310": LIKELY})
    said = ask(FixedRetriever(LANDED), alike, question=question)
    assert (said.status, figures(said)) == (Status.ANSWERED, [figure])
    # Nor is the other one taken where the model would have it.
    other = weighing({"19,870": LIKELY, "24,310": LIKELY, figure: UNLIKELY})
    assert ask(FixedRetriever(LANDED), other, question=question).status is Status.ABSTAINED


@pytest.mark.parametrize("copied", ["19,870", "24,310"])
def test_a_figure_of_another_time_is_never_the_answer(copied: str) -> None:
    said = answer(TONNES.format(2020), copied, LANDED)
    assert said.status is Status.ABSTAINED
    assert copied not in said.text


@pytest.mark.parametrize(("noun", "figure"), [("yachts", "31"), ("tugs", "8")])
def test_words_of_the_question_tell_which_figure_is_meant(noun: str, figure: str) -> None:
    model = weighing(dict.fromkeys(["12", "31", "8"], LIKELY))
    question = f"How many {noun} were counted at the port?"
    assert first_of(looking(model, FLEET, question=question))[0] == figure
    assert figures(ask(FixedRetriever(FLEET), model, question=question)) == [figure]


# --- what is known of other questions, and the sides of a conflict -------------------------

LEDGER = article("ledger")
HERE = evidence("In May some 46,610 ships arrived in the harbour.", coverage=1.0)
ELSEWHERE = evidence(
    "In May some 52,300 ships arrived in the harbour.", document=LEDGER, coverage=1.0
)
EXACT = evidence("The ships that arrived in May were 52,300.", document=LEDGER, coverage=1.0)
VAGUER = evidence("The ships that arrived in May were some 52,300.", document=LEDGER, coverage=1.0)
AT_HOME = evidence(VAGUER.sentence.text, coverage=1.0, position=6)
DENIED = evidence("Some 52,300 ships have not arrived in May.", document=LEDGER, coverage=1.0)
ANEW = evidence(ELSEWHERE.sentence.text, coverage=1.0, position=6)


def test_the_answer_to_something_else_is_left_out_and_is_no_rival() -> None:
    model = weighing(dict.fromkeys(["46,610", "300"], LIKELY))
    lookup = looking(model, BEST, NEXT)
    (ships,), (yachts,) = candidates(QUESTION, BEST), candidates(QUESTION, NEXT)
    assert text_of(lookup.find([yachts]).candidate) == "46,610"
    left = lookup.likeliest([ships])
    assert left is not None
    assert (text_of(left[0]), left[1].ahead) == ("300", math.inf)
    nothing = lookup.find([ships, yachts])
    assert (nothing.candidate, nothing.first_token_s > 0) == (None, True)


def test_only_the_place_of_a_figure_is_taken_not_its_value() -> None:
    again = evidence("The harbour saw 46,610 ships arrive in May.", coverage=1.0, position=5)
    lookup = looking(reader({QUESTION: "46,610"}), BEST, again)
    found = lookup.find(candidates(QUESTION, BEST)).candidate
    assert found is not None
    assert (text_of(found), found.evidence) == ("46,610", again)


@pytest.mark.parametrize(
    ("beside", "likely", "is_side"),
    [
        pytest.param(VAGUER, LIKELY, True, id="as likely elsewhere"),
        pytest.param(VAGUER, LIKELY - 1, True, id="nearly as likely elsewhere"),
        pytest.param(VAGUER, UNLIKELY, False, id="far less likely elsewhere"),
        pytest.param(AT_HOME, LIKELY, False, id="as likely in the same article"),
        pytest.param(EXACT, UNLIKELY, True, id="what cannot be true beside it"),
        pytest.param(ELSEWHERE, UNLIKELY, True, id="in the same words elsewhere"),
        pytest.param(ANEW, UNLIKELY, True, id="in the same words in the same article"),
        pytest.param(NEXT, LIKELY, False, id="of something else"),
        pytest.param(DENIED, LIKELY, False, id="what is no answer elsewhere"),
    ],
)
def test_what_contradicts_an_answer_is_no_rival_where_it_is_shown_beside_it(
    beside: Evidence, likely: float, is_side: bool
) -> None:
    model = weighing({"46,610": LIKELY, "52,300": likely, "300": likely})
    lookup = looking(model, HERE, beside)
    alone, shown = lookup.likeliest(), lookup.likeliest(sides=True)
    assert alone is not None
    assert shown is not None
    assert text_of(alone[0]) == text_of(shown[0])
    assert alone[1].ahead < math.inf
    assert shown[1].ahead == (math.inf if is_side else alone[1].ahead)


def test_what_is_no_answer_is_not_said_as_well() -> None:
    lookup = looking(weighing(dict.fromkeys(["46,610", "52,300"], LIKELY)), HERE, DENIED)
    (found,) = candidates(QUESTION, HERE)
    assert lookup.likeliest() is not None
    assert lookup.also_said(found) == ()


@pytest.mark.parametrize(("less", "said"), [(1.0, ["52,300"]), (SURE, [])])
def test_what_is_far_less_likely_is_not_said_as_well(less: float, said: list[str]) -> None:
    lookup = looking(weighing({"46,610": LIKELY, "52,300": LIKELY - less}), HERE, VAGUER)
    (found,) = candidates(QUESTION, HERE)
    assert lookup.likeliest() is not None
    assert [text_of(c) for c in lookup.also_said(found)] == said


def test_other_articles_say_as_well_what_is_nearly_as_likely_one_figure_each() -> None:
    post = article("post")
    two = evidence("In May 48,000 ships arrived, or 49,000 ships.", document=post, coverage=1.0)
    model = weighing(
        {"46,610": LIKELY, "52,300": LIKELY - 1, "48,000": LIKELY - 1.5, "49,000": LIKELY - 0.5}
    )
    lookup = looking(model, HERE, VAGUER, two, AT_HOME)
    assert lookup.likeliest() is not None
    said = lookup.also_said(candidates(QUESTION, HERE)[0])
    assert {(c.evidence.document.id, text_of(c)) for c in said} == {
        ("ledger", "52,300"),
        ("post", "49,000"),
    }


def test_before_anything_is_read_nothing_is_said_as_well() -> None:
    lookup = looking(weighing({}), HERE, VAGUER)
    assert lookup.also_said(candidates(QUESTION, HERE)[0]) == ()


# --- an amount without a number ------------------------------------------------------------

VAGUE = evidence("In May hundreds of thousands of ships arrived.", coverage=1.0)
TWO = evidence("In May 46,610 ships arrived, in June 52,300.", coverage=1.0)


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("In May hundreds of thousands of ships arrived.", Status.ANSWERED),
        ("In May 300,000 ships arrived.", Status.ABSTAINED),
        ("In May hundreds of thousands of ships arrived, 46,610 of them.", Status.ABSTAINED),
        ("Ships arrived in May.", Status.ABSTAINED),
    ],
)
def test_an_amount_without_a_number_may_be_told_and_a_number_not(
    written: str, status: Status
) -> None:
    model = writer(written)
    said = ask(FixedRetriever(VAGUE), model)
    assert said.status is status
    assert len(asked_to_write(model)) == 1


def test_what_has_a_number_is_looked_up_and_not_told() -> None:
    model = writer("In May 46,610 ships arrived.")
    assert ask(FixedRetriever(TWO), model).status is Status.ABSTAINED
    assert asked_to_write(model) == []


# --- how it is shown -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("In May more than 46,610 ships arrived.", "More than 46,610"),
        ("In May some 46,610 ships arrived.", "Some 46,610"),
        ("In May at least 46,610 ships arrived.", "At least 46,610"),
    ],
)
def test_the_bound_that_the_model_left_out_is_shown(sentence: str, shown: str) -> None:
    said = answer(QUESTION, "46,610", evidence(sentence, coverage=1.0))
    assert said.status is Status.ANSWERED
    assert said.text.startswith(f"{shown}: “")
