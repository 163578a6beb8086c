"""Questions of several figures, as a chat model reads them that was taught to."""

from __future__ import annotations

import pytest
from answering_samples import LIKELY, TableRetriever, ask, scoring
from job_samples import evidence

from rag.answering import whole as module
from rag.answering.formulas import Formula, read_formula
from rag.arithmetic import Operation
from rag.errors import GenerationStoppedError
from rag.fakes import ScriptedGenerator
from rag.prompts import NOT_STATED, figure_messages
from rag.schema import Answer, Evidence, Message, Status

SPRING = evidence("In spring the ferry took 12,400 people over.", coverage=0.8, position=1)
SUMMER = evidence("Then came 27,055; the kiosk sold 310 ices.", coverage=0.7, position=2)
ALL = (SPRING, SUMMER)
# Grammar makes no simple questions of these.
BUSIER = "Was the ferry's summer busier than its spring, and what are the numbers of both?"
GAP = "Put a number on the gap between the ferry's spring and its summer"


def taught(reply: str, *, logprob: float = LIKELY, reads_figures: bool = True) -> ScriptedGenerator:
    """A model that replies so, and takes no single figure for the answer."""

    def likelihood(_messages: object, text: str) -> float:
        return LIKELY if text == NOT_STATED else -9.0

    return ScriptedGenerator(
        {"": reply}, logprob=logprob, likelihoods=likelihood, reads_figures=reads_figures
    )


def answer(question: str, model: ScriptedGenerator, *found: Evidence) -> Answer:
    retriever = TableRetriever({question: found or ALL})
    return ask(retriever, model, question=question, scorer=scoring({}))


def asks_for_figures(prompt: tuple[Message, ...]) -> bool:
    return prompt[0] == figure_messages("", ())[0]


def figures(said: Answer) -> list[str]:
    return [checked.figure.text for checked in said.figures]


# --- what a reply means --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "terms", "operation"),
    [
        ("12,400", "12,400", None),
        ("12,400; 27,055", "12,400|27,055", None),
        ("6.84 million + 11 million + 9", "6.84 million|11 million|9", "sum"),
        ("£27.4 million - £18 million", "£27.4 million|£18 million", "difference"),
        ("£18 million; £27.4 million - £18 million", "£27.4 million|£18 million", "difference"),
        ("£87 / £64", "£87|£64", "times"),
        ("275 / 410 * 100", "275|410", "share"),
        ("($74 million - $58 million) / $58 million * 100", "$74 million|$58 million", "change"),
        ("(58 - 74) / 74 * 100", "58|74", "change"),
        ("(74 - 58) / 74 * 100", "58|74", "change"),
        ("(3,418 + 3,976 + 3,655) / 3", "3,418|3,976|3,655", "average"),
        ("−3.2 degrees; -4 degrees", "−3.2 degrees|-4 degrees", None),
        ("2023-24; 50-60", "2023-24|50-60", None),
    ],
)  # fmt: skip
def test_a_reply_names_figures_and_what_is_done_with_them(
    reply: str, terms: str, operation: str | None
) -> None:
    expected = Operation(operation) if operation else None
    assert read_formula(reply) == Formula(tuple(terms.split("|")), expected)


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "5 - ; 6",
        "5 * 6",
        "5 - 6 - 7",
        "5 + 6 - 7",
        "(5 - 6) / 7 * 100",
        "(5 + 6) / 3",
        "8; 5 - 6",
        "5 * 100",
    ],
)
def test_what_was_not_taught_is_no_formula(reply: str) -> None:
    assert read_formula(reply) is None


# --- what is answered ----------------------------------------------------------------------


def test_figures_that_are_named_are_listed_with_their_sentences() -> None:
    model = taught("12,400; 27,055")
    said = answer(BUSIER, model)
    assert (said.status, figures(said)) == (Status.ANSWERED, ["12,400", "27,055"])
    assert [cited.quote for cited in said.citations] == [e.sentence.text for e in ALL]
    shown = [(SPRING.document, [e.sentence.text for e in ALL])]
    assert model.prompts[0] == figure_messages(BUSIER, shown)


def test_what_is_computed_code_computes() -> None:
    said = answer(GAP, taught("27,055 - 12,400"))
    assert said.status is Status.ANSWERED
    assert "27,055 − 12,400 = 14,655" in said.text
    assert sorted(figures(said)) == ["12,400", "14,655", "27,055"]


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param("12,400; 99,999", id="one stands nowhere"),
        pytest.param("12,400; 12,400", id="one stands there once"),
        pytest.param("12,400", id="one alone"),
        pytest.param("12,400 * 27,055", id="what was not taught"),
        pytest.param(NOT_STATED, id="not stated"),
        pytest.param("12,400; " * 40, id="cut off"),
    ],
)
def test_a_reply_of_other_figures_is_no_answer(reply: str) -> None:
    assert answer(BUSIER, taught(reply)).status is Status.ABSTAINED


def test_a_reply_that_the_model_is_not_sure_of_is_no_answer() -> None:
    for logprob, status in ((module._SURE, "answered"), (module._SURE - 0.01, "abstained")):
        said = answer(BUSIER, taught("12,400; 27,055", logprob=logprob))
        assert said.status == status


def test_a_model_that_nobody_taught_is_not_asked_so() -> None:
    model = taught("12,400; 27,055", reads_figures=False)
    assert answer(BUSIER, model).status is Status.ABSTAINED
    assert model.prompts
    assert not any(map(asks_for_figures, model.prompts))


def test_a_figure_of_the_question_may_be_one_of_them() -> None:
    question = "How many more than the 12,400 of spring came in summer?"
    assert "14,655" in answer(question, taught("27,055 - 12,400")).text


def test_where_nothing_is_near_nothing_is_read() -> None:
    model = taught("12,400; 27,055")
    assert (
        answer(BUSIER, model, evidence("The ferry is green.", coverage=0.9)).status == "abstained"
    )
    assert not any(asks_for_figures(prompt) for prompt in model.prompts)


def test_a_stop_while_it_reads_passes_through() -> None:
    with pytest.raises(GenerationStoppedError):
        ask(
            TableRetriever({BUSIER: ALL}),
            taught("12,400; 27,055"),
            question=BUSIER,
            scorer=scoring({}),
            stop=lambda: True,
        )
