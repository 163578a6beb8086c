"""The controls: what silence, chance and memory say, and what the writing can at most."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from answering_samples import LIKELY, always_read, weighing
from evaluation_samples import ANSWERABLE, ASKED, SUMMARIES, UNANSWERABLE, articles
from job_samples import HARBOUR, evidence

from rag.evaluation import (
    Case,
    ExpectedFigure,
    Source,
    System,
    run_cases,
    score_answer,
    score_summary,
)
from rag.evaluation.ceiling import GoldEvidence, gold_evidence
from rag.evaluation.controls import Abstaining, FirstFigure, ModelAlone
from rag.evaluation.scoring import Outcome
from rag.fakes import ScriptedGenerator, ScriptedScorer
from rag.schema import (
    Document,
    Evidence,
    FigureKind,
    Filters,
    Retrieval,
    Span,
    Status,
    Verdict,
)
from rag.verification import EvidenceVerifier

TEXT = (
    "The port had a busy month. In May more than 46,610 ships arrived, 18% fewer than in April.\n"
    "That month 12 ships paid $300 each. The harbour master likes tea."
)
PORT = Document(HARBOUR, TEXT)
DOCUMENTS = {"harbour": PORT}
ARRIVED = "In May more than 46,610 ships arrived, 18% fewer than in April."
PAID = "That month 12 ships paid $300 each."
QUESTION = "How many ships arrived in May?"


class Finding:
    """Finds the same sentences whatever is asked."""

    def __init__(self, *found: Evidence) -> None:
        self._found = found

    def retrieve(self, question: str, filters: Filters) -> Retrieval:
        assert not filters
        return Retrieval(
            question=question,
            read_as=question,
            evidence=self._found,
            embedded_share=1.0,
            duration_s=0.2,
        )


def case(quote: str, question: str = QUESTION, **changes: object) -> Case:
    at = TEXT.index(quote)
    made = Case(
        id="ships",
        kind="lookup",
        question=question,
        answerable=True,
        figures=(ExpectedFigure(Decimal(46610), FigureKind.COUNT),),
        sources=(Source("harbour", quote, at, at + len(quote)),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


# --- silence -------------------------------------------------------------------------------


def test_silence_is_right_where_nothing_is_stated_and_nowhere_else() -> None:
    system = Abstaining(DOCUMENTS)
    assert all(score_answer(c, system.ask(c.question)).passed for c in UNANSWERABLE)
    assert not any(score_answer(c, system.ask(c.question)).right for c in ANSWERABLE)
    assert system.summarize("harbour").points == ()


# --- chance --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "sentence", "text"),
    [
        (QUESTION, ARRIVED, "more than 46,610 [1]"),
        ("By what percentage did arrivals fall?", ARRIVED, "18% [1]"),
        ("What did each ship cost?", PAID, "$300 [1]"),
        ("What did each ship cost?", ARRIVED, "more than 46,610 [1]"),
        ("When was it?", "On June 5 there were 12.", "June 5 [1]"),
        ("How many?", "On June 5 there were 12.", "12 [1]"),
        ("Who likes tea?", "The master [2] does.", "The master does. [1]"),
    ],
)
def test_the_first_figure_of_the_kind_is_quoted(question: str, sentence: str, text: str) -> None:
    best, other = evidence(sentence, coverage=1.0), evidence("By night 9 came.", coverage=0.2)
    answer = FirstFigure(Finding(other, best), DOCUMENTS).ask(question)
    assert (answer.status, answer.text) == (Status.ANSWERED, text)
    assert [citation.quote for citation in answer.citations] == [sentence]
    assert all(checked.verdict is Verdict.EXACT for checked in answer.figures)
    assert answer.evidence == (other, best)


def test_where_nothing_is_found_nothing_is_said() -> None:
    answer = FirstFigure(Finding(), DOCUMENTS).ask(QUESTION)
    assert (answer.status, answer.citations) == (Status.ABSTAINED, ())


def test_the_beginning_stands_for_a_summary() -> None:
    summary = FirstFigure(Finding(), DOCUMENTS).summarize("harbour")
    quotes = ["The port had a busy month.", ARRIVED, PAID]
    assert [point.text for point in summary.points] == [
        f"{quote} [{marker}]" for marker, quote in enumerate(quotes, start=1)
    ]
    for point, quote in zip(summary.points, quotes, strict=True):
        (citation,) = point.citations
        assert TEXT[citation.span.start : citation.span.end] == citation.quote == quote


# --- memory --------------------------------------------------------------------------------


def test_the_model_alone_sees_no_article() -> None:
    model = ScriptedGenerator({"": "There were 50,000 [1].\nIndeed."})
    answer = ModelAlone(model, DOCUMENTS).ask(QUESTION)
    assert (answer.text, answer.citations) == ("There were 50,000.", ())
    assert [checked.verdict for checked in answer.figures] == [Verdict.UNSUPPORTED]
    (prompt,) = model.prompts
    assert prompt[-1].content == QUESTION
    assert not any("ships arrived, 18%" in message.content for message in prompt)


@pytest.mark.parametrize("reply", ["Not stated.", "That is not stated", " ", ""])
def test_a_model_that_declines_abstains(reply: str) -> None:
    answer = ModelAlone(ScriptedGenerator({"": reply}), DOCUMENTS).ask(QUESTION)
    assert (answer.status, answer.figures) == (Status.ABSTAINED, ())


def test_an_uncited_answer_does_not_pass_even_where_it_is_right() -> None:
    answer = ModelAlone(ScriptedGenerator({"": "It was 46,610."}), DOCUMENTS).ask(QUESTION)
    score = score_answer(case(ARRIVED), answer)
    assert (score.right, score.passed) == (True, False)


@pytest.mark.parametrize(("context", "n_read"), [(4096, 4), (297, 3), (276, 1)])
def test_the_model_sums_up_what_it_can_read(context: int, n_read: int) -> None:
    model = ScriptedGenerator({"": "It was busy. 46,610 came."}, context_tokens=context)
    summary = ModelAlone(model, DOCUMENTS).summarize("harbour")
    assert [point.text for point in summary.points] == ["It was busy.", "46,610 came."]
    assert not any(point.verified or point.citations for point in summary.points)
    assert ("likes tea" in model.prompts[0][-1].content) is (n_read == 4)
    assert summary.notes == (() if n_read == 4 else (f"The model read {n_read} of 4 sentences.",))


# --- the ceiling ---------------------------------------------------------------------------


def gold(*cases: Case, model: ScriptedGenerator) -> GoldEvidence:
    return GoldEvidence(
        cases, DOCUMENTS, ScriptedScorer(), model, EvidenceVerifier(), answer_tokens=60
    )


@always_read()
def test_the_model_is_asked_about_the_gold_sentence_only() -> None:
    model = weighing({"46,610": LIKELY})
    answer = gold(case(ARRIVED), model=model).ask(QUESTION)
    text = f"More than 46,610: “{ARRIVED.rstrip('.')}” [1]"
    assert (answer.status, answer.text) == (Status.ANSWERED, text)
    assert [e.sentence.text for e in answer.evidence] == [ARRIVED]
    (prompt,) = {prompt[-1].content for prompt in model.prompts}
    assert ARRIVED in prompt
    assert "12 ships" not in prompt
    assert "tea" not in prompt
    score = score_answer(case(ARRIVED), answer)
    assert score.passed
    assert score.retrieval is not None
    assert score.retrieval.all_evidence


def test_what_the_model_makes_up_is_not_shown() -> None:
    tea, who = "The harbour master likes tea.", "Who likes tea?"
    for written, status in (
        (tea, Status.ANSWERED),
        ("The harbour master likes tea with 99,999 guests.", Status.ABSTAINED),
    ):
        answer = gold(case(tea, who), model=ScriptedGenerator({"": written})).ask(who)
        assert answer.status is status
        assert "99,999" not in answer.text


@always_read()
def test_a_figure_that_the_model_finds_not_stated_is_not_shown() -> None:
    blind = weighing({}, silence=LIKELY, copies="46,610")
    assert gold(case(ARRIVED), model=blind).ask(QUESTION).status is Status.ABSTAINED


def test_a_sentence_is_read_with_the_one_before_it() -> None:
    (found,) = gold_evidence(case(PAID), DOCUMENTS)
    assert (found.lead and found.lead.text, found.document) == (ARRIVED, HARBOUR)
    (first,) = gold_evidence(case("The port had a busy month."), DOCUMENTS)
    assert first.lead is None


@pytest.mark.parametrize(
    "changes",
    [
        {"sources": (), "figures": (), "answerable": False},
        {"sources": (Source("elsewhere", ARRIVED, 0, len(ARRIVED)),)},
        {"sources": (Source("harbour", ARRIVED),)},
    ],
)
def test_without_a_gold_sentence_the_model_is_not_asked(changes: dict[str, object]) -> None:
    model = ScriptedGenerator({"": "In May 46,610 ships arrived."})
    system = gold(case(ARRIVED, **changes), model=model)  # type: ignore[arg-type]
    for question in (QUESTION, "What else?"):
        assert system.ask(question).status is Status.ABSTAINED
    assert model.prompts == []


def test_every_shipped_case_has_its_gold_sentences() -> None:
    for one in ANSWERABLE:
        spans = [
            (found.document.id, found.sentence.span) for found in gold_evidence(one, articles())
        ]
        for source in one.sources:
            assert any(
                id_ == source.document and span.overlaps(source.span or Span(0, 0))
                for id_, span in spans
            ), one.id
    assert not any(gold_evidence(one, articles()) for one in UNANSWERABLE)


def test_the_gold_sentences_are_a_summary() -> None:
    system = GoldEvidence(
        SUMMARIES,
        articles(),
        ScriptedScorer(),
        ScriptedGenerator({}),
        EvidenceVerifier(),
        answer_tokens=1,
    )
    for one in SUMMARIES:
        assert score_summary(one, system.summarize(one.summarize or "")).passed, one.id


# --- as systems ----------------------------------------------------------------------------


def test_controls_are_asked_like_the_pipeline() -> None:
    some = [*ASKED[::40], SUMMARIES[0]]
    model = ScriptedGenerator({"": "Not stated."})
    systems: list[System] = [
        Abstaining(articles()),
        FirstFigure(Finding(evidence(ARRIVED)), articles()),
        ModelAlone(model, articles()),
        GoldEvidence(
            some, articles(), ScriptedScorer(), model, EvidenceVerifier(), answer_tokens=60
        ),
    ]
    for system in systems:
        report = run_cases(some, system)
        assert [result.score.error for result in report.results] == [None] * len(some)
    silent = {result.score.outcome for result in run_cases(some[:-1], systems[0]).results}
    assert silent == {Outcome.FALSE_REFUSAL, Outcome.ABSTAINED_RIGHT}
