from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from claim_samples import checked, checker_in
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.claim_check import ClaimChecker
from rag.drafts import draft_of
from rag.schema import ClaimVerdict, Filters
from rag.serialization import draft_json


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClaimChecker]:
    with checker_in(tmp_path_factory.mktemp("library")) as opened:
        yield opened


@pytest.mark.parametrize(
    ("draft", "verdicts"),
    [
        ("The gauge at Tanner's Bridge peaked at 4.86 metres.", ["supported"]),
        ("The gauge at Tanner's Bridge peaked at 4.96 metres.", ["contradicted"]),
        ("The gauge at Tanner's Bridge peaked at 4.86 feet.", ["contradicted"]),
        ("The gauge at Tanner's Bridge peaked at about 4.9 metres.", ["rounded"]),
        ("The gauge at Quarmby Bridge peaked at 4.86 metres.", ["not found"]),
        ("1,150 people were told to leave the riverside.", ["rounded"]),
        ("The flood of the Sarn damaged 340 houses in Harnby.", ["outdated"]),
        ("The flood of the Sarn damaged 527 houses in Harnby.", ["supported"]),
        (
            "Rain gauges caught 88 mm in Harnby and 74 mm in Scarholme.",
            ["contradicted", "contradicted"],
        ),
        (
            "Ferries carried 3,100 passengers in June 2023 and 2,400 in May 2023.",
            ["contradicted", "contradicted"],
        ),
        ("Ferries carried 3,100 passengers in May 2019.", ["not found"]),
        (
            "Insurers expect claims of £21.7m from homes and £9.2m from shops, a total of £30.9m.",
            ["supported", "supported", "computed"],
        ),
        (
            "Ferries carried 3,100 passengers in May 2023 and 2,400 in June 2023, a fall of 700.",
            ["supported", "supported", "computed"],
        ),
        (
            "Ferries carried 3,100 passengers in May 2023 and 2,400 in June 2023, a fall of 900.",
            ["supported", "supported", "not found"],
        ),
        ("The comet has a tail of 38 million kilometres.", ["not found"]),
        ("Nothing is said in 2024 or on 4 May.", []),
    ],
)
def test_a_figure_has_the_verdict_of_what_the_articles_state(
    checker: ClaimChecker, draft: str, verdicts: list[str]
) -> None:
    assert [c.verdict.value for c in checked(checker, draft).claims] == verdicts


def test_evidence_is_the_sentence_with_its_figure_and_article(checker: ClaimChecker) -> None:
    (claim,) = checked(checker, "The gauge at Tanner's Bridge peaked at 4.96 metres.").claims
    stated = claim.evidence[0]
    span = stated.statement.figure.span
    assert stated.sentence.text[span.start : span.end] == "4.86"
    assert stated.document.id == "first"


def test_a_later_article_stands_before_the_one_that_it_corrects(checker: ClaimChecker) -> None:
    (claim,) = checked(checker, "The flood of the Sarn damaged 340 houses in Harnby.").claims
    assert [stated.document.id for stated in claim.evidence] == ["later", "first"]


def test_a_formula_names_its_operands(checker: ClaimChecker) -> None:
    draft = "Ferries carried 3,100 passengers in May 2023 and 2,400 in June 2023, a fall of 700."
    claim = checked(checker, draft).claims[-1]
    assert claim.formula == "3,100 − 2,400 = 700"
    assert [s.statement.figure.text for s in claim.evidence] == ["3,100", "2,400"]


def test_a_draft_is_read_from_its_own_date(checker: ClaimChecker) -> None:
    draft = "Ferries carried 3,100 passengers in May last year."
    then = checked(checker, draft, dated=date(2024, 11, 20)).claims
    later = checked(checker, draft, dated=date(2026, 11, 20)).claims
    assert [c.verdict for c in (*then, *later)] == [ClaimVerdict.SUPPORTED, ClaimVerdict.NOT_FOUND]


def test_filters_leave_articles_out(checker: ClaimChecker) -> None:
    draft = draft_of("The gauge at Tanner's Bridge peaked at 4.86 metres.")
    found = checker.check(
        draft,
        Filters(documents=("later",)),
        on_progress=lambda _done, _total: None,
        stop=lambda: False,
    )
    assert [c.verdict for c in found.claims] == [ClaimVerdict.NOT_FOUND]


def test_a_check_that_is_stopped_says_how_far_it_came(checker: ClaimChecker) -> None:
    told: list[tuple[int, int]] = []
    draft = draft_of("\n".join(f"Ship {n} carried {n + 100} boxes." for n in range(150)))
    found = checker.check(
        draft, Filters(), on_progress=lambda *at: told.append(at), stop=lambda: len(told) > 1
    )
    assert told == [(0, 150), (64, 150)]
    assert (found.sentences_checked, found.sentences_total, found.complete) == (64, 150, False)


def test_json_places_each_figure_in_the_draft(checker: ClaimChecker) -> None:
    text = "Nobody knew.\n\nThe gauge at Tanner's Bridge peaked at 4.86 metres."
    record = draft_json(checked(checker, text))
    (claim,) = record["claims"]
    assert text[claim["start"] : claim["end"]] == "4.86"
    assert claim["verdict"] == "supported"
    assert claim["evidence"][0]["quote"] == "The gauge at Tanner's Bridge peaked at 4.86 metres."
    assert record["counts"]["supported"] == 1


@settings(max_examples=40, deadline=None)
@given(
    text=st.text(
        st.sampled_from("The flood damaged 340 houses £9.2m in May 2023 %\n.,;'\"()–“ À\u202e½٣"),
        max_size=200,
    )
)
def test_no_draft_is_too_strange(checker: ClaimChecker, text: str) -> None:
    found = checked(checker, text)
    for claim in found.claims:
        span = found.written(claim)
        assert found.text[span.start : span.end] == claim.statement.figure.text
