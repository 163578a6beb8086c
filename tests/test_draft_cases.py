"""The cases of claim checks: what they quote stands in the articles, and nothing is left out."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from eval.drafts.rules import cases
from rag.drafts import draft_of, is_checked
from rag.errors import InputError
from rag.evaluation.claim_cases import DraftCase, load_draft_cases
from rag.figures import find_figures
from rag.readers import read_path
from rag.schema import ClaimVerdict, Document

REPO = Path(__file__).resolve().parents[1]
FILES = {name: REPO / "eval" / "drafts" / f"{name}.jsonl" for name in ("rule", "hand")}
CASES = [case for path in FILES.values() for case in load_draft_cases(path)]
NEITHER_STATED_NOR_DENIED = {ClaimVerdict.NOT_FOUND}


@pytest.fixture(scope="module")
def articles() -> dict[str, str]:
    paths = [*REPO.glob("seeds/*.md"), *REPO.glob("eval/articles/*/*.md")]
    documents = [d for path in paths for d in read_path(path) if isinstance(d, Document)]
    return {document.info.id: document.text for document in documents}


def test_the_rules_make_the_file_that_is_committed() -> None:
    lines = [json.dumps(case.record(), ensure_ascii=False) for case in cases()]
    assert FILES["rule"].read_text("utf-8").splitlines() == lines


def test_there_are_fifteen_of_each_way_and_sixty_by_hand() -> None:
    ways = Counter(case.how for case in CASES)
    assert ways.pop("by hand") == 60
    assert len(ways) == 8
    assert set(ways.values()) == {15}


def test_ids_are_unique() -> None:
    assert max(Counter(case.id for case in CASES).values()) == 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_figure_of_a_case_has_a_verdict(case: DraftCase) -> None:
    figures = [
        figure.text
        for sentence in draft_of(case.text).sentences
        for figure in find_figures(sentence.text)
        if is_checked(figure)
    ]
    assert figures == [claim.figure for claim in case.claims]


@pytest.mark.parametrize("case", [c for c in CASES if c.document], ids=lambda case: case.id)
def test_a_quote_stands_in_its_article(case: DraftCase, articles: dict[str, str]) -> None:
    assert case.document is not None
    assert case.quote in articles[case.document]


@pytest.mark.parametrize(
    "line",
    ["", "{}", '{"id": "a", "claims": [{"figure": "4", "verdict": "wrong"}]}', "[1]"],
)
def test_a_line_that_is_no_case_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(f"{line}\n")
    with pytest.raises(InputError, match=r"cases\.jsonl:1"):
        load_draft_cases(path)
