"""One figure: what code and two readers make of it is added up, or silence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

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
    always_read,
    article,
    ask,
    asked_to_write,
    asking,
    candidates,
    reader,
    scoring,
    weighed,
    weighing,
    writer,
)
from job_samples import FixedRetriever, asked, evidence

from rag.answering import lookup as module
from rag.answering import weighing as weighing_module
from rag.answering.lookup import Likeliest, Lookup
from rag.answering.sureness import Signs, sureness
from rag.answering.weighing import MOST_SCORED, Weighed, nearest_sentences
from rag.candidates import Candidate
from rag.errors import GenerationStoppedError
from rag.evidence import relevance
from rag.fakes import ScriptedScorer
from rag.prompts import NOT_STATED
from rag.protocols import AnswerScorer
from rag.schema import Answer, Evidence, Status

LANDED = evidence(
    "The port landed 19,870 tonnes of fish in 2022, down from 24,310 in 2019.", coverage=1.0
)
TONNES = "How many tonnes of fish did the port land in {}?"
FLEET = evidence("The port counted 12 ferries, 31 yachts and 8 tugs.", coverage=1.0)
COUNTED = "How many were counted at the port?"
SURE, DOUBTFUL = 8.0, 0.1
"""Natural logarithms: of what is far ahead, and of what hardly is."""
CERTAIN = 50.0
"""A score that leaves no doubt."""


def answer(question: str, copied: str, *found: Evidence) -> Answer:
    """What is answered where the model takes the same for the answer, whatever it reads."""
    return ask(TableRetriever({question: found}), reader({question: copied}), question=question)


def figures(said: Answer) -> list[str]:
    return [checked.figure.text for checked in said.figures]


def never() -> bool:
    return False


def looking(
    model: ScriptedReader,
    *found: Evidence,
    question: str = QUESTION,
    scorer: AnswerScorer | None = None,
) -> Lookup:
    """A lookup with a scorer that leaves all to the chat model, unless another one is given."""
    scored = scorer or ScriptedScorer()
    return Lookup(
        asking(question), candidates(question, *found), lambda: scored, lambda: model, never
    )


def text_of(candidate: Candidate | None) -> str:
    return candidate.statement.figure.text if candidate else ""


def first(likeliest: Likeliest | None) -> tuple[str, Signs]:
    """The figure that comes first, sure or not, and what speaks for it."""
    assert likeliest
    return text_of(likeliest.candidate), likeliest.signs


def seen_ahead(one: Candidate, other: Candidate) -> float:
    """How far words and times put a figure ahead of another one that is scored alike."""
    return Weighed(one, 0.0).seen - Weighed(other, 0.0).seen


# --- code and both readers together --------------------------------------------------------


@pytest.mark.parametrize("copied", ["46,610", "46,610 ships", "In May 46,610 ships arrived."])
def test_what_code_puts_first_and_the_model_finds_likely_is_the_answer(copied: str) -> None:
    said = answer(QUESTION, copied, BEST, NEXT, FAR)
    assert said.status is Status.ANSWERED
    assert figures(said) == ["46,610"]
    assert said.citations[0].quote == BEST.sentence.text


@always_read()
@pytest.mark.parametrize("copied", ["99,999", "46,601", NOT_STATED, "", "many"])
def test_a_figure_that_no_sentence_states_is_none(copied: str) -> None:
    said = ask(FixedRetriever(BEST, NEXT), reader({QUESTION: copied}), scorer=scoring({}))
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
    by_words = seen_ahead(best, second)
    assert by_words > 0
    likelier = (by_words - ahead) / weighing_module._REPLY
    model = weighing({"46,610": -20.0, "300": -20.0 + likelier, "Some 300": -99.0})
    figure, signs = first(looking(model, BEST, NEXT).read())
    assert figure == ("46,610" if ahead > 0 else "300")
    assert signs.ahead == pytest.approx(by_words if ahead > 0 else -by_words)
    assert signs.read_ahead == pytest.approx(-likelier if ahead > 0 else likelier, abs=0.01)


@pytest.mark.parametrize("ahead", [SURE, 0.5, -0.5, -SURE])
def test_the_scorer_decides_which_comes_first_where_the_model_finds_both_as_likely(
    ahead: float,
) -> None:
    best, second = candidates(QUESTION, BEST, NEXT)
    scorer = scoring({"46,610": 0.0, "300": seen_ahead(best, second) - ahead})
    model = weighing({"46,610": LIKELY, "300": LIKELY, "Some 300": -99.0})
    lookup = looking(model, BEST, NEXT, scorer=scorer)
    for likeliest in (lookup.glance(), lookup.read()):
        figure, signs = first(likeliest)
        assert figure == ("46,610" if ahead > 0 else "300")
        assert signs.ahead == pytest.approx(abs(ahead))


@pytest.mark.parametrize("better", [0.3, 1.0])
def test_better_words_times_and_readings_count_for_a_figure(better: float) -> None:
    (one,) = candidates(QUESTION, BEST)
    plain = Weighed(one, -5.0, -5.0)
    for of in (replace(one, score=one.score + better), replace(one, period_fit=better + 1)):
        assert Weighed(of, -5.0, -5.0).seen > plain.seen
        assert Weighed(of, -5.0, -5.0).total > plain.total
    assert Weighed(one, -5.0 + better, -5.0).seen == pytest.approx(plain.seen + better)
    assert Weighed(one, -5.0 + better, -5.0).total == pytest.approx(plain.total + better)
    assert Weighed(one, -5.0, -5.0 + better).seen == plain.seen
    assert Weighed(one, -5.0, -5.0 + better).total > plain.total
    assert Weighed(one, -5.0).total == plain.seen


def test_all_wordings_of_a_figure_add_up() -> None:
    half = math.log(0.4)
    some = weighing({"300": half, "Some 300": half}, silence=-3.0)
    (_, signs) = first(looking(some, NEXT).read())
    assert signs.ahead_of_silence == pytest.approx(math.log(0.8) + 3.0)


# --- what is read --------------------------------------------------------------------------


def counted(n: int, **found: float) -> Evidence:
    return evidence(f"In May {n},610 ships arrived in the harbour.", position=n, **found)  # type: ignore[arg-type]


def places(found: Sequence[Evidence]) -> list[int]:
    return [item.sentence.position for item in found]


def test_sentences_are_taken_nearest_first() -> None:
    far = [counted(n, coverage=0.9 - n / 100) for n in range(40, 60)]
    assert places(nearest_sentences(candidates(QUESTION, *far[::-1]))) == [*range(40, 60)]


def test_only_so_many_of_the_nearest_sentences_are_scored_and_fewer_read() -> None:
    many = [counted(n, coverage=0.9 - n / 100) for n in range(40, 60)]
    model, scored = weighing({}), list[str]()

    def score(_question: str, sentence: str, _words: str) -> float:
        scored.append(sentence)
        return 0.0

    lookup = looking(model, *many[::-1], scorer=ScriptedScorer(score))
    lookup.read()
    n_scored, n_read = MOST_SCORED, module._MOST_READ
    assert 1 < n_read < n_scored < len(many)
    assert scored == [e.sentence.text for e in many[:n_scored]]
    assert [e for e in many if e.sentence.text in asked(model)[0]] == many[:n_read]
    assert set(weighed(model)) <= {f"{n},610" for n in range(40, 40 + n_read)}


def test_what_the_scorer_finds_far_likelier_is_read_before_what_is_hardly_nearer() -> None:
    many = [counted(n, coverage=0.9 - n / 1000) for n in range(40, 40 + module._MOST_READ + 2)]
    last = f"{39 + len(many)},610"
    model = weighing({})
    looking(model, *many, scorer=scoring({last: SURE})).read()
    assert last in weighed(model)
    shown = [e for e in many if e.sentence.text in asked(model)[0]]
    assert shown == [*many[: module._MOST_READ - 1], many[-1]]


def test_only_so_many_of_the_likeliest_figures_are_weighed() -> None:
    n_all = module._MOST_WEIGHED + 4
    names = [str(n) for n in range(11, 11 + n_all)]
    fleet = evidence(f"The port counted {', '.join(names)} and then more.", coverage=1.0)
    scores = {name: SURE * (n % 2) + n / 10 for n, name in enumerate(names)}
    model = weighing({})
    looking(model, fleet, question=COUNTED, scorer=scoring(scores)).read()
    found = candidates(COUNTED, fleet)
    assert len(found) == n_all
    likeliest = sorted(found, key=lambda c: Weighed(c, scores[text_of(c)]).seen, reverse=True)[
        : module._MOST_WEIGHED
    ]
    assert weighed(model) == [text_of(c) for c in likeliest]


def test_a_figure_that_is_not_read_counts_as_the_least_likely_of_those_that_are() -> None:
    unread = evidence("Ships came, 99,000 of them.", coverage=0.0, similarity=0.0, position=9)
    near = [counted(n, coverage=1.0, similarity=1.0) for n in range(40, 40 + module._MOST_READ)]
    likely = {f"{n},610": -float(n) / 10 for n in range(40, 40 + module._MOST_READ)}
    model = weighing(likely, silence=-2.0)
    lookup = looking(model, *near, unread, scorer=scoring({"99,000": CERTAIN}, others=0.0))
    figure, signs = first(lookup.read())
    assert figure == "99,000"
    assert "99,000" not in weighed(model)
    least = min(likely.values())
    assert signs.read_ahead == pytest.approx(least - max(likely.values()))
    assert signs.ahead_of_silence == pytest.approx(least + 2.0)


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


@always_read()
def test_a_question_that_is_asked_twice_of_one_lookup_is_scored_and_read_once() -> None:
    model, scorer = reader({QUESTION: "46,610"}), ScriptedScorer()
    lookup = looking(model, BEST, NEXT, scorer=scorer)
    assert lookup.glance()
    found = [lookup.find(), lookup.find(), lookup.find(candidates(QUESTION, NEXT))]
    assert [text_of(f.candidate) for f in found] == ["46,610"] * 3
    assert lookup.also_said(candidates(QUESTION, BEST)[0]) == ()
    assert lookup.read() == lookup.glance()
    assert scorer.questions == [QUESTION]
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


def test_where_there_is_no_figure_nothing_is_opened() -> None:
    def opened() -> NoReturn:
        raise AssertionError

    lookup = Lookup(asking(QUESTION), candidates(QUESTION, FAR), opened, opened, never)
    assert lookup.find().candidate is None
    assert (lookup.glance(), lookup.read()) == (None, None)


@always_read()
def test_a_stop_while_it_reads_passes_through() -> None:
    found = candidates(QUESTION, BEST)
    lookup = Lookup(asking(QUESTION), found, ScriptedScorer, lambda: weighing({}), lambda: True)
    with pytest.raises(GenerationStoppedError):
        lookup.find()


# --- what is seen at a glance --------------------------------------------------------------


@pytest.mark.parametrize(
    ("sure", "is_read", "said"),
    [
        pytest.param(module._SURE, False, "46,610", id="sure"),
        pytest.param(module._SURE - 1e-9, True, "46,610", id="not quite sure"),
        pytest.param(module._HOPELESS, True, "", id="hardly any hope"),
        pytest.param(module._HOPELESS - 1e-9, False, "", id="hopeless"),
    ],
)
def test_the_chat_model_reads_where_a_glance_leaves_doubts_and_hope(
    monkeypatch: pytest.MonkeyPatch, sure: float, is_read: bool, said: str
) -> None:
    as_read = 1.0 if said else 0.0
    monkeypatch.setattr(
        module, "sureness", lambda signs: sure if signs.read_ahead is None else as_read
    )
    opened, model = list[str](), reader({QUESTION: "46,610"})

    def open_model() -> ScriptedReader:
        opened.append("model")
        return model

    lookup = Lookup(
        asking(QUESTION), candidates(QUESTION, BEST, NEXT), ScriptedScorer, open_model, never
    )
    found = lookup.find()
    assert text_of(found.candidate) == said
    assert bool(opened) is bool(model.prompts) is (found.first_token_s > 0) is is_read


def test_what_the_scorer_leaves_no_doubt_about_is_said_without_the_chat_model() -> None:
    told, model = Told(), weighing({}, silence=LIKELY)
    scorer = scoring({"46,610": CERTAIN}, others=-CERTAIN)
    said = ask(FixedRetriever(BEST, NEXT), model, told=told, scorer=scorer)
    assert (said.status, figures(said)) == (Status.ANSWERED, ["46,610"])
    assert "model" not in told.events


def test_what_the_scorer_has_no_hope_for_is_not_said_and_the_chat_model_not_asked() -> None:
    told = Told()
    alike = evidence("The ships that arrived in May were 52,300.", coverage=1.0, position=2)
    scorer, model = scoring({}, others=-CERTAIN), reader({QUESTION: "46,610"})
    said = ask(FixedRetriever(BEST, alike), model, told=told, scorer=scorer)
    assert said.status is Status.ABSTAINED
    assert weighed(model) == []


def test_a_glance_has_no_signs_of_the_chat_model_and_a_reading_has_the_same_others() -> None:
    lookup = looking(weighing({"46,610": LIKELY}), BEST, NEXT)
    _, seen = first(lookup.glance())
    assert (seen.read_ahead, seen.ahead_of_silence) == (None, None)
    _, read = first(lookup.read())
    assert read.read_ahead == pytest.approx(LIKELY - UNLIKELY, abs=1)
    assert read.ahead_of_silence == pytest.approx(LIKELY - UNLIKELY)
    assert replace(read, read_ahead=None, ahead_of_silence=None) == seen


def odds(score: float, *others: float) -> float:
    """Natural logarithm of the odds of a score against silence and others."""
    return score - math.log(1 + sum(map(math.exp, others)))


SCORES = {"12": 1.5, "31": 4.0, "8": 2.5}


def test_a_figure_has_its_odds_against_silence_and_all_other_figures() -> None:
    lookup = looking(weighing({}), FLEET, question=COUNTED, scorer=scoring(SCORES))
    for likeliest in (lookup.glance(), lookup.read()):
        figure, signs = first(likeliest)
        assert figure == "31"
        assert signs.odds == pytest.approx(odds(4.0, 1.5, 2.5))
    alone = looking(weighing({}), BEST, scorer=scoring({"46,610": 1.25}))
    assert first(alone.glance())[1].odds == pytest.approx(odds(1.25))


def test_what_is_known_of_something_else_does_not_count_against_a_figure() -> None:
    lookup = looking(weighing({}), FLEET, question=COUNTED, scorer=scoring(SCORES))
    found = {text_of(c): c for c in candidates(COUNTED, FLEET)}
    assert first(lookup.glance([found["8"]]))[1].odds == pytest.approx(odds(4.0, 1.5))
    figure, signs = first(lookup.glance([found["31"]]))
    assert figure == "8"
    assert signs.odds == pytest.approx(odds(2.5, 1.5))


# --- how sure it has to be -----------------------------------------------------------------


def test_the_first_is_ahead_of_the_next_figure_with_another_value() -> None:
    again = evidence("The harbour saw 46,610 ships arrive in May.", coverage=1.0, position=5)
    model = weighing({"46,610": LIKELY, "300": -4.0, "Some 300": -99.0})
    lookup = looking(model, BEST, again, NEXT, scorer=scoring({"46,610": 2.0, "300": 0.5}))
    best, second = candidates(QUESTION, BEST, NEXT)
    figure, signs = first(lookup.read())
    assert figure == "46,610"
    assert signs.ahead == pytest.approx(seen_ahead(best, second) + 1.5)
    assert signs.read_ahead == pytest.approx(LIKELY + 4.0)


BOUNDED = evidence("More than 46,610 ships arrived in May.", coverage=0.9, position=5)


@pytest.mark.parametrize("found", [(BEST,), (BEST, FAR), (BEST, BOUNDED)])
def test_where_there_is_no_other_value_it_is_ahead_of_all(found: tuple[Evidence, ...]) -> None:
    _, signs = first(looking(reader({QUESTION: "46,610"}), *found).read())
    assert (signs.ahead, signs.read_ahead) == (math.inf, math.inf)


def test_the_signs_are_those_of_the_first_figure() -> None:
    model = weighing({"24,310": -1.5, "19,870": -4.0}, silence=-3.5)
    scorer = scoring({"24,310": 1.0, "19,870": 2.0})
    question = TONNES.format(2019)
    figure, signs = first(looking(model, LANDED, question=question, scorer=scorer).read())
    (in_2019,) = (c for c in candidates(question, LANDED) if text_of(c) == "24,310")
    assert figure == "24,310"
    assert signs.odds == pytest.approx(odds(1.0, 2.0))
    assert signs.fit == in_2019.period_fit > 0
    assert signs.ahead > 0
    assert signs.read_ahead == pytest.approx(2.5)
    assert signs.ahead_of_silence == pytest.approx(2.0)


@always_read()
@pytest.mark.parametrize("below", [0.0, 1e-9])
def test_what_is_less_sure_than_the_bar_is_not_said(
    monkeypatch: pytest.MonkeyPatch, below: float
) -> None:
    monkeypatch.setattr(module, "sureness", lambda _signs: module._SURE_AS_READ - below)
    found = looking(reader({QUESTION: "46,610"}), BEST).find()
    assert text_of(found.candidate) == ("" if below else "46,610")
    assert found.first_token_s > 0


@always_read()
@pytest.mark.parametrize("ahead", [-SURE, DOUBTFUL, 2.0, SURE])
@pytest.mark.parametrize("silence", [LIKELY, -2.0, UNLIKELY])
def test_a_figure_is_said_as_its_signs_make_it_sure(ahead: float, silence: float) -> None:
    likely = {"46,610": -8.0, "300": -8.0 - ahead, "Some 300": -99.0}
    lookup = looking(weighing(likely, silence=silence), BEST, NEXT)
    figure, signs = first(lookup.read())
    is_sure = sureness(signs) >= module._SURE_AS_READ
    assert text_of(lookup.find().candidate) == (figure if is_sure else "")


@pytest.mark.parametrize("score", [-SURE, 0.0, 2.0, SURE])
def test_a_figure_at_a_glance_is_said_as_its_signs_make_it_sure(
    monkeypatch: pytest.MonkeyPatch, score: float
) -> None:
    monkeypatch.setattr(module, "_HOPELESS", 2.0)
    model = weighing({})
    lookup = looking(model, BEST, NEXT, scorer=scoring({"46,610": score}, others=-SURE))
    figure, signs = first(lookup.glance())
    is_sure = sureness(signs) >= module._SURE
    assert text_of(lookup.find().candidate) == (figure if is_sure else "")
    assert model.prompts == []


def test_a_figure_has_to_be_ahead_of_the_others_and_of_silence() -> None:
    as_near = evidence("The ships that arrived in May were 300.", coverage=1.0, position=5)

    def said(other: float, silence: float) -> list[str]:
        model = weighing({"46,610": LIKELY, "300": other}, silence=silence)
        return figures(ask(FixedRetriever(BEST, as_near), model))

    assert said(UNLIKELY, UNLIKELY) == ["46,610"]
    assert said(LIKELY, UNLIKELY) == []
    assert said(UNLIKELY, LIKELY + 2) == []


# --- the right one of several --------------------------------------------------------------


@pytest.mark.parametrize("right", ["12", "31", "8"])
def test_figures_of_one_sentence_are_told_apart_by_likelihood(right: str) -> None:
    model, scorer = weighing({right: LIKELY}), scoring({right: 1.0}, others=0.0)
    said = ask(FixedRetriever(FLEET), model, question=COUNTED, scorer=scorer)
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
    assert first(looking(alike, LANDED, question=question).read())[0] == figure
    surely = ScriptedScorer(lambda _question, _sentence, words: SURE if words == figure else 0.0)
    said = ask(FixedRetriever(LANDED), alike, question=question, scorer=surely)
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
    assert first(looking(model, FLEET, question=question).glance())[0] == figure
    assert first(looking(model, FLEET, question=question).read())[0] == figure


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


@always_read()
def test_the_answer_to_something_else_is_left_out_and_is_no_rival() -> None:
    model = weighing(dict.fromkeys(["46,610", "300"], LIKELY))
    lookup = looking(model, BEST, NEXT)
    (ships,), (yachts,) = candidates(QUESTION, BEST), candidates(QUESTION, NEXT)
    assert text_of(lookup.find([yachts]).candidate) == "46,610"
    left, signs = first(lookup.read([ships]))
    assert (left, signs.ahead, signs.read_ahead) == ("300", math.inf, math.inf)
    nothing = lookup.find([ships, yachts])
    assert (nothing.candidate, nothing.first_token_s > 0) == (None, True)


@always_read()
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
    (figure, alone), (same, shown) = first(lookup.read()), first(lookup.read(sides=True))
    assert figure == same
    assert max(alone.ahead, alone.read_ahead or 0.0) < math.inf
    assert (shown.ahead, shown.read_ahead) == (
        (math.inf, math.inf) if is_side else (alone.ahead, alone.read_ahead)
    )


@pytest.mark.parametrize(
    ("beside", "score", "is_side"),
    [
        pytest.param(VAGUER, 3.5, True, id="nearly as likely elsewhere"),
        pytest.param(VAGUER, -SURE, False, id="far less likely elsewhere"),
        pytest.param(AT_HOME, 3.5, False, id="as likely in the same article"),
        pytest.param(ANEW, -SURE, True, id="in the same words in the same article"),
    ],
)
def test_at_a_glance_the_scorer_tells_what_may_be_shown_beside_an_answer(
    beside: Evidence, score: float, is_side: bool
) -> None:
    scorer = scoring({"46,610": 4.0, "52,300": score})
    lookup = looking(weighing({}), HERE, beside, scorer=scorer)
    (figure, alone), (same, shown) = first(lookup.glance()), first(lookup.glance(sides=True))
    assert figure == same == "46,610"
    assert alone.odds == pytest.approx(odds(4.0, score))
    assert shown.odds == pytest.approx(odds(4.0) if is_side else alone.odds)


def test_what_is_no_answer_is_not_said_as_well() -> None:
    lookup = looking(weighing(dict.fromkeys(["46,610", "52,300"], LIKELY)), HERE, DENIED)
    (found,) = candidates(QUESTION, HERE)
    assert lookup.read()
    assert lookup.also_said(found) == ()


@pytest.mark.parametrize(("less", "said"), [(1.0, ["52,300"]), (SURE, [])])
def test_what_is_far_less_likely_is_not_said_as_well(less: float, said: list[str]) -> None:
    lookup = looking(weighing({"46,610": LIKELY, "52,300": LIKELY - less}), HERE, VAGUER)
    (found,) = candidates(QUESTION, HERE)
    assert lookup.read()
    assert [text_of(c) for c in lookup.also_said(found)] == said


def test_other_articles_say_as_well_what_is_nearly_as_likely_one_figure_each() -> None:
    post = article("post")
    two = evidence("In May 48,000 ships arrived, or 49,000 ships.", document=post, coverage=1.0)
    model = weighing(
        {"46,610": LIKELY, "52,300": LIKELY - 1, "48,000": LIKELY - 1.5, "49,000": LIKELY - 0.5}
    )
    likely = dict.fromkeys(["46,610", "52,300", "48,000"], 3.0) | {"49,000": 5.0}
    lookup = looking(model, HERE, VAGUER, two, AT_HOME, scorer=scoring(likely))
    assert lookup.read()
    said = lookup.also_said(candidates(QUESTION, HERE)[0])
    assert {(c.evidence.document.id, text_of(c)) for c in said} == {
        ("ledger", "52,300"),
        ("post", "49,000"),
    }


@pytest.mark.parametrize(("more", "said"), [(0.1, ["52,300"]), (-0.1, [])])
def test_before_anything_is_read_the_scorer_tells_what_is_said_as_well(
    more: float, said: list[str]
) -> None:
    enough = math.log(module._ANSWERS_TOO)
    model, scorer = weighing({}), scoring({"46,610": SURE, "52,300": enough + more})
    lookup = looking(model, HERE, VAGUER, scorer=scorer)
    assert [text_of(c) for c in lookup.also_said(candidates(QUESTION, HERE)[0])] == said
    assert model.prompts == []


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
