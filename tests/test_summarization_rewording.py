"""Sentences in fewer words: what lost or gained anything is not taken."""

from __future__ import annotations

import pytest
from job_samples import Reply, asked, evidence, in_turn

from rag.fakes import ScriptedGenerator
from rag.schema import Origin, SummaryPoint
from rag.summarization.rewording import Rewriter, says_all
from rag.verification import EvidenceVerifier

FERRY = (
    "According to the company, the island ferry, which sails from the old pier behind the church "
    "and the market, carried more than 48,200 passengers in July, 6% more than in the same month "
    "of the year before."
)
SHORT = "The island ferry carried 48,200 passengers in July."


def reworded(
    reply: Reply, text: str = FERRY, *, marker: int = 1
) -> tuple[SummaryPoint | None, ScriptedGenerator]:
    model = in_turn(reply)
    rewriter = Rewriter(lambda: model, EvidenceVerifier())
    return rewriter.reworded(evidence(text), marker, lambda: False), model


GOOD = (
    "According to the company, the island ferry carried more than 48,200 passengers in July, 6% "
    "more than in the same month of the year before."
)


def test_fewer_words_that_say_the_same_are_taken() -> None:
    point, _ = reworded(GOOD, marker=4)
    assert point is not None
    assert point.text == f"{GOOD} [4]"
    assert (point.verified, point.origin) == (True, Origin.READ)
    assert {figure.marker for figure in point.figures} == {4}
    assert [citation.quote for citation in point.citations] == [FERRY]


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(GOOD.replace("48,200", "48,900"), id="another figure"),
        pytest.param(GOOD.replace(", 6% more", ", far more"), id="a figure left out"),
        pytest.param(
            GOOD.replace("According to the company, the", "The"), id="who says so left out"
        ),
        pytest.param(GOOD.replace(" in July", ""), id="when left out"),
        pytest.param(
            "According to the company, 6% more than in the same month of the year before, more "
            "than 48,200 passengers, the island ferry carried in July.",
            id="figures that change places",
        ),
        pytest.param(FERRY, id="no shorter"),
        pytest.param(GOOD.replace("island ", ""), id="which ferry left out"),
        pytest.param(GOOD.rstrip("."), id="cut off"),
        pytest.param("The island ferry did not sail. " + GOOD, id="two sentences"),
        pytest.param(GOOD.replace("carried", "did not carry"), id="denied"),
        pytest.param("", id="nothing"),
        pytest.param("[1]", id="a marker"),
    ],
)
def test_what_says_more_less_or_other_is_not_taken(reply: str) -> None:
    assert reworded(reply)[0] is None


def test_a_bound_that_the_model_left_out_is_put_back() -> None:
    point, _ = reworded(GOOD.replace("more than 48,200", "48,200"))
    assert point is not None
    assert "more than 48,200 passengers" in point.text


NO_ASIDE = (
    "Of all the pupils of the island that were asked in the spring 9.4 percent said that they "
    "vaped every day of the week."
)


@pytest.mark.parametrize("text", [SHORT, " ".join([FERRY] * 3), NO_ASIDE])
def test_what_is_short_or_very_long_or_has_no_aside_is_left_to_quotation(text: str) -> None:
    point, model = reworded("whatever", text)
    assert point is None
    assert asked(model) == []


@pytest.mark.parametrize(
    ("prose", "does"),
    [
        ("Doctors found that 77% of those who apply may stay.", True),
        ("Doctors found that 77% may stay.", False),
        ("Doctors found that 77% of those who apply stay.", False),
        ("It was found that 77% of those who apply may stay.", False),
        ("Doctors found that 78% of those who apply may stay.", False),
    ],
)
def test_all_that_qualifies_a_figure_stays(prose: str, *, does: bool) -> None:
    stated = (
        "Doctors, working in the port for a year now, found that 77% of those who apply may stay."
    )
    assert says_all(prose, stated.replace("for a year", "for long")) is does


def test_the_model_is_opened_when_it_is_needed() -> None:
    def broken() -> ScriptedGenerator:
        raise AssertionError("opened")

    short = evidence(SHORT)
    assert Rewriter(broken, EvidenceVerifier()).reworded(short, 1, lambda: False) is None
