"""The page of a run: complete, harmless whatever was answered, and usable without JavaScript."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from evaluation_runs import (
    BARLEY,
    CASES,
    DAY,
    FARE,
    HOSTILE,
    SETTINGS,
    WHEAT,
    all_passed,
    answer,
    evidence,
    hostile,
    run_of,
    sample,
)
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluation import Evaluation, Floor, report_html
from rag.evaluation.baseline import Acceptance
from rag.evaluation.rendering.markup import Html, tag, text


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    baseline = replace(
        all_passed(), accepted=(Acceptance(date(2025, 1, 31), "valley", 6, 7, SETTINGS[:12]),)
    )
    return sample(Floor(right_share=0.9), baseline)


@pytest.fixture(scope="module")
def page_text(evaluation: Evaluation) -> str:
    return report_html(evaluation, DAY)


class Outline(HTMLParser):
    """Every element with its attributes, and that all are closed in order."""

    _VOID = frozenset({"meta", "input"})

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self._VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self._open):
            self.words += data

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag == name]


# --- what stands there ---------------------------------------------------------------------


def test_the_page_has_every_case_with_question_answer_and_evidence(page_text: str) -> None:
    outline = Outline(page_text)
    rows = [row for row in outline.of("tr") if "data-kind" in row]
    assert [row["data-kind"] for row in rows] == [case.kind for case in CASES]
    assert [row["data-verdict"] for row in rows] == [
        "right",
        "wrong",
        "false refusal",
        "right, but",
        "abstained right",
        "answered unanswerable",
        "wrong",
        "right",
    ]
    for case in CASES:
        assert case.question in outline.words
    assert "It was <script>alert(1)</script> 4.1 million [1]." in outline.words
    assert "Barley came to 900,000 tonnes." in outline.words
    assert "stopped by RagError: The model broke\ufffd. Try again." in outline.words


def test_the_cited_sentence_and_the_one_that_states_the_answer_are_marked() -> None:
    (row,) = rows_of(run_of(WHEAT))
    cited, other = row.split("<ol")[1].split("<li>")[1:3]
    assert cited.startswith("<mark>Farmers brought in about 4.1 million tonnes")
    assert "cited [1]" in cited
    assert "states the answer" in cited
    assert "A dry summer, The Valley Post, 2024-09-02" in cited
    assert other.startswith("Barley came to")
    assert "cited" not in other.split("</ol>")[0]


def test_a_citation_that_was_not_among_the_evidence_is_shown_too() -> None:
    bare = replace(answer("It costs 14 euros [1].", "fare"), evidence=(evidence("boats"),))
    (row,) = rows_of(run_of(FARE, replies={FARE.question: bare}))
    assert "<mark>A single ticket costs 14 euros from May.</mark>" in row


def test_a_summary_shows_its_points_and_their_sentences(page_text: str) -> None:
    row = rows_in(page_text)[-1]
    assert '<li dir="auto">Wheat came to about 4.1 million tonnes. [1]</li>' in row
    assert "<mark>Farmers brought in" in row


def test_figures_are_shown_with_their_verdicts() -> None:
    (row,) = rows_of(run_of(BARLEY))
    assert re.search(r">900000</th><td>\w+", row)
    assert "Figures of the answer" in row


def test_the_headline_has_intervals_and_floors(page_text: str) -> None:
    words = Outline(page_text).words
    assert "Evaluation failed" in words
    assert "right answers: 50.0% (3 of 6), the floor asks for 90.0%." in words
    assert "at least 90.0%" in words
    labels = [svg.get("aria-label") for svg in Outline(page_text).of("svg")]
    assert any(re.fullmatch(r"50\.0%, 95% interval [\d.]+% to [\d.]+%", str(s)) for s in labels)


def test_each_kind_has_its_cases_and_a_bar(page_text: str) -> None:
    section = page_text[page_text.index("By kind") :]
    for kind, n_cases in [("lookup", 3), ("near-miss", 2), ("absent-figure", 2), ("summary", 1)]:
        assert f'<th scope="row">{kind}</th><td>{n_cases}</td>' in section
    assert "abstained right 1, answered unanswerable 1" in section


def test_what_changed_and_what_was_accepted_before_is_shown(page_text: str) -> None:
    section = page_text[page_text.index("against the baseline") :]
    assert "7 cases compared, 1 new. Exact McNemar p = 0.125." in section
    words = Outline(page_text).words
    for said in ("lost4fare boats oats broken", "2025-01-316 of 7", f"{DAY}, this run3 of 8"):
        assert said in words
    lost = next(row for row in rows_in(page_text) if 'data-change="lost"' in row)
    assert "was right" in lost


def test_a_link_to_a_case_leads_to_its_row(page_text: str) -> None:
    outline = Outline(page_text)
    ids = {attributes["id"] for _, attributes in outline.elements if "id" in attributes}
    links = [link["href"] or "" for link in outline.of("a")]
    assert links
    assert {link.removeprefix("#") for link in links} <= ids
    assert all(link.startswith("#") for link in links)


def rows_in(page: str) -> list[str]:
    table = page[page.index('id="cases"') :]
    return re.split(r"(?=<tr id=)", table)[1:]


def rows_of(evaluation: Evaluation) -> list[str]:
    return rows_in(report_html(evaluation, DAY))


# --- harmless ------------------------------------------------------------------------------


def test_what_others_wrote_is_only_text() -> None:
    page = report_html(hostile(), DAY)
    assert page.count("<script>") == page.count("<style>") == 1
    assert "<img" not in page
    assert "<!--" not in page
    assert HOSTILE in Outline(page).words


@given(st.text(st.characters(), max_size=40))
def test_any_words_are_text_and_can_be_written(words: str) -> None:
    found = Outline(tag("p", words, title=words))
    (attributes,) = found.of("p")
    assert [name for name, _ in found.elements] == ["p"]
    assert (attributes["title"] or "") == found.words
    found.words.encode()
    assert len(found.words) == len(words)


def test_only_html_is_html() -> None:
    assert tag("p", Html("<b>"), "<b>") == "<p><b>&lt;b&gt;</p>"
    assert text("\u202eabc\x00\ud800") == "\ufffdabc\ufffd\ufffd"


def test_the_page_needs_nothing_else_and_allows_nothing_else(page_text: str) -> None:
    outline = Outline(page_text)
    policy = next(meta["content"] or "" for meta in outline.of("meta") if "http-equiv" in meta)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    for _, attributes in outline.elements:
        assert not attributes.keys() & {"src", "srcset", "style", "action", "data", "ping"}
        assert not any(name.startswith("on") for name in attributes)
    assert "/articles/" not in page_text, "paths of one machine are nobody else's business"
    assert "http://" not in page_text
    assert "https://" not in page_text
