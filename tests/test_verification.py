from __future__ import annotations

import doctest

import pytest
from contracts.verifier_contract import VerifierContract
from job_samples import HARBOUR, evidence

import rag.verification.bounds
import rag.verification.documents
import rag.verification.lookup
import rag.verification.words
from rag.figures import Agreement
from rag.protocols import Verifier
from rag.schema import Figure, Verdict, Verification
from rag.verification import EvidenceVerifier, restore_bounds

ARRIVALS = "The harbour counted 46,610 arrivals in May, 18% more than in April."
TICKETS = "The ferry line sold more than 1,200 tickets for $4.5 million."
CREW = "The captain praised the crew of the night ferry."


class TestEvidenceVerifier(VerifierContract):
    @pytest.fixture
    def verifier(self) -> Verifier:
        return EvidenceVerifier()


def verify(text: str, *sentences: str, lead: str | None = None) -> Verification:
    found = [evidence(s, lead=lead) for s in sentences or (ARRIVALS, TICKETS, CREW)]
    return EvidenceVerifier().verify(text, found)


def kinds(verification: Verification) -> list[str]:
    return [finding.kind for finding in verification.findings]


@pytest.mark.parametrize("module", ["bounds", "documents", "words"])
def test_the_examples_in_the_docstrings_are_right(module: str) -> None:
    result = doctest.testmod(getattr(rag.verification, module))
    assert result.attempted
    assert result.failed == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The harbour counted 46,610 arrivals in May [1].", []),
        ("The harbour counted 46,610 arrivals in May. [1]", []),
        ("The harbour counted 46,610 arrivals in May.[1]", []),
        ("[1] The harbour counted 46,610 arrivals in May.", []),
        ("The harbour counted 46,610[1] arrivals in May.", []),
        ("The harbour [1] counted 46,610 arrivals in May.", []),
        ("The harbour counted 46,610 arrivals [1] and sold more than 1,200 tickets [2].", []),
        ("The harbour counted 46,610 arrivals and sold more than 1,200 tickets [1, 2].", []),
        ("The harbour counted arrivals. [1] The captain praised the crew. [3]", []),
        ("The harbour counted arrivals [1]. The captain praised the crew [3].", []),
        ("The captain praised the crew [3].", []),
        ("The harbour counted 46,610 arrivals in May.", ["uncited", "unsupported"]),
        ("The harbour counted arrivals in May. It praised the crew [3].", ["uncited"]),
        ("The harbour counted arrivals in May [1]. The captain praised the crew.", ["uncited"]),
        (
            "The harbour counted 46,610 arrivals in May [4].",
            ["unknown marker", "uncited", "unsupported"],
        ),
        ("The harbour counted 46,610 arrivals in May [1, 4].", ["unknown marker"]),
        ("The harbour counted 46,610 arrivals in May [0][1].", ["unknown marker"]),
        ("[7] The harbour counted 46,610 arrivals in May [1].", ["unknown marker"]),
        ("The harbour counted 46,601 arrivals in May [1].", ["unsupported"]),
        ("The harbour counted 46,610 arrivals in May [2].", ["unsupported words", "unsupported"]),
        ("The ferry line sold tickets for 4.5 million [2].", ["unsupported"]),
        ("The ferry line sold more than 1,200 tickets, 300 of them in May [2].", ["unsupported"]),
        ("", []),
        (" \n", []),
    ],
)
def test_findings(text: str, expected: list[str]) -> None:
    verification = verify(text)
    assert kinds(verification) == expected
    assert verification.passed is (not expected)


@pytest.mark.parametrize(
    ("text", "marker", "verdict"),
    [
        ("The harbour counted 46,610 arrivals [1].", 1, Verdict.EXACT),
        ("The ferry line sold more than 1,200 tickets [2].", 2, Verdict.EXACT),
        ("The ferry line of the harbour sold $4.5 million [1][2].", 2, Verdict.EXACT),
        ("The harbour counted 47 arrivals [1].", None, Verdict.UNSUPPORTED),
    ],
)
def test_a_figure_is_bound_to_the_sentence_that_states_it(
    text: str, marker: int | None, verdict: Verdict
) -> None:
    (checked,) = verify(text).figures
    assert (checked.marker, checked.verdict) == (marker, verdict)
    span = checked.figure.span
    assert text[span.start : span.end] == checked.figure.text


def test_places_of_figures_and_findings_are_in_the_whole_text() -> None:
    text = "The captain praised the crew [3]. The harbour counted 46,610 arrivals and 77 crews [1]."
    verification = verify(text)
    places = [text[f.figure.span.start : f.figure.span.end] for f in verification.figures]
    assert places == ["46,610", "77"]
    (finding,) = verification.findings
    assert text[finding.span.start : finding.span.end] == "77"
    assert "'77'" in finding.message


@pytest.fixture
def rounding(monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts as rounded is for figures to say; here it is less than 500 away."""

    def agree(written: Figure, stated: Figure) -> Agreement:
        if written.value == stated.value:
            return Agreement.EXACT
        near = abs(written.value - stated.value) < 500
        return Agreement.ROUNDED if near else Agreement.DIFFERENT

    monkeypatch.setattr(rag.verification.lookup, "agree", agree)


@pytest.mark.usefixtures("rounding")
def test_a_rounded_figure_is_said_to_be_rounded() -> None:
    verification = verify("The harbour counted 47,000 arrivals in May [1][2].", TICKETS, ARRIVALS)
    assert verification.passed
    (checked,) = verification.figures
    assert (checked.verdict, checked.marker) == (Verdict.ROUNDED, 2)


@pytest.mark.usefixtures("rounding")
def test_a_sentence_that_states_it_exactly_goes_before_one_that_rounds() -> None:
    rounded, exact = "47,000 ships arrived in May.", "46,610 ships arrived in May."
    (checked,) = verify("46,610 ships arrived in May [1][2].", rounded, exact).figures
    assert (checked.marker, checked.verdict) == (2, Verdict.EXACT)


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        (TICKETS, "The ferry line sold 1,200 tickets [1]."),
        ("About 900 people left the village.", "900 people left the village [1]."),
    ],
)
def test_a_lost_bound_fails_until_it_is_restored(sentence: str, text: str) -> None:
    assert kinds(verify(text, sentence)) == ["unsupported"]
    restored = restore_bounds(text, sentence)
    assert verify(restored, sentence).passed


@pytest.mark.parametrize(
    ("text", "sentence", "restored"),
    [
        ("It was 500.", "They counted more than 500 ships.", "It was more than 500."),
        ("It was more than 500.", "They counted more than 500 ships.", None),
        ("It was 500.", "They counted 500 ships.", None),
        ("It was 500.", "They counted more than 600 ships.", None),
        ("In June it was 500.", "More than 500 came in May and 500 in June.", None),
        (
            "Up 500, down 700.",
            "Up about 500, down more than 700.",
            "Up about 500, down more than 700.",
        ),
        ("It was 12%.", "They counted more than 12 ships.", None),
        ("Nothing.", "They counted more than 500 ships.", None),
        ("It was 500.", "", None),
        ("It was 7.", "They counted ships, more than [7] of them.", None),
        ("", "They counted more than 500 ships.", None),
    ],
)
def test_bounds_are_restored_only_where_they_were_lost(
    text: str, sentence: str, restored: str | None
) -> None:
    assert restore_bounds(text, sentence) == (text if restored is None else restored)


def test_a_footnote_of_the_article_is_no_figure() -> None:
    sentence = "The ship sank with all hands in the bay [12]."
    assert kinds(verify("The ship sank with 12 hands in the bay [1].", sentence)) == ["unsupported"]
    assert verify("The ship sank with all hands in the bay [1].", sentence).passed


def test_the_text_of_an_article_cannot_vouch_for_a_marker() -> None:
    verification = verify("The harbour counted arrivals [1] [2].", "The harbour counted arrivals [2].")  # fmt: skip  # noqa: E501
    assert kinds(verification) == ["unknown marker"]


@pytest.mark.parametrize(
    "text",
    [
        "The mayor resigned over the quarrel about school buses [1].",
        "Forests burned for weeks near the northern villages [1].",
    ],
)
def test_words_from_nowhere_fail(text: str) -> None:
    assert kinds(verify(text, CREW)) == ["unsupported words"]


@pytest.mark.parametrize("known", ["lead", "title", "publisher"])
def test_words_of_the_article_around_it_are_known(known: str) -> None:
    text = {
        "lead": "Passengers thanked the captain, who praised the crew [1].",
        "title": f"{HARBOUR.title}: the captain praised the crew [1].",
        "publisher": f"The captain praised the crew, says the {HARBOUR.publisher} [1].",
    }[known]
    assert verify(text, CREW, lead="Passengers thanked him, reporters too.").passed


def test_figures_of_the_sentence_before_do_not_vouch() -> None:
    lead = "There were 300 passengers on board."
    text = "The captain praised the crew and 300 passengers on board [1]."
    assert kinds(verify(text, CREW, lead=lead)) == ["unsupported"]
