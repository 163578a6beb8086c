from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
import ui_samples as samples
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import GenerationStoppedError, LibraryMissingError, ModelMissingError
from rag.schema import Status
from rag.ui import html

TAGS = {"a", "article", "bdi", "blockquote", "br", "details", "div", "li", "p", "section", "span"}
TAGS |= {"strong", "summary", "ul"}
ATTRIBUTES = {"class", "id", "tabindex", "href", "title", "role"}
ALLOWED = re.compile(r"(?:[A-Za-z0-9 \x80-\U0010ffff]|&#\d+;|<br>)*")


class Parsed(HTMLParser):
    """What a browser would make of a piece: its tags, their attributes, and its text."""

    def __init__(self, piece: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(piece)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.text += "\n" if tag == "br" else ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def of_class(self, name: str) -> list[dict[str, str | None]]:
        return [a for _, a in self.tags if name in (a.get("class") or "").split()]


def test_markers_are_links_to_the_cards_of_the_sources() -> None:
    answer = samples.asker()._replies[samples.HOW_MANY]
    assert not isinstance(answer, Exception)
    reply = Parsed(html.answer_html(answer, 3))
    links = reply.of_class("marker")
    assert [a["href"] for a in links] == ["#cite-3-1", "#cite-3-2"]
    assert "39,480" in (links[1]["title"] or "")
    assert "Coast Courier, 21 June 2031, page 2" in (links[0]["title"] or "")
    cards = Parsed(html.sources_html(answer, 3)).of_class("cited")
    assert [a["id"] for a in cards] == ["cite-3-1", "cite-3-2"]


@pytest.mark.parametrize(
    ("text", "hrefs", "shown"),
    [
        ("So [1, 2].", ["#cite-1-1", "#cite-1-2"], "So [1][2]."),
        ("So [7].", [], "So [7]."),
        ("No marker.", [], "No marker."),
        ("[2]", ["#cite-1-2"], "[2]"),
    ],
)
def test_only_a_marker_with_a_citation_is_a_link(text: str, hrefs: list[str], shown: str) -> None:
    cited = samples.FOUND[:2]
    reply = Parsed(html.answer_html(samples.answer("q", text, cited=cited), 1))
    assert [a["href"] for a in reply.of_class("marker")] == hrefs
    assert reply.text.startswith(shown)


def test_the_sources_list_a_sentence_once_and_fold_the_others_away() -> None:
    answer = samples.answer("q", "So [1].", cited=(samples.FOUND[2],))
    piece = html.sources_html(answer, 1)
    first, folded = piece.split("<details>")
    assert first.count("<article") == 1
    assert "39&#44;480" in first
    assert folded.count("<article") == 3
    assert "39&#44;480" not in folded
    assert "3 other sentences found" in folded


def test_a_card_names_title_outlet_date_and_page() -> None:
    piece = Parsed(html.evidence_html(samples.FOUND[:2])).text
    assert "Harbour traffic at a nine-year high Coast Courier · 21 June 2031 · page 2" in piece
    assert "Ferry line adds a night sailing The Island Post · no date" in piece


def test_an_abstention_is_a_note_with_the_nearest_sentence() -> None:
    answer = samples.answer("q", "The articles do not say.", status=Status.ABSTAINED)
    reply = Parsed(html.answer_html(answer, 1))
    assert reply.of_class("abstained")
    assert samples.SENTENCES[0][1] in reply.text
    quoted = replace(answer, text=f"Not said. The nearest: {samples.SENTENCES[0][1]}")
    assert Parsed(html.answer_html(quoted, 1)).text.count(samples.SENTENCES[0][1]) == 1
    assert "<blockquote>" not in html.answer_html(replace(answer, evidence=()), 1)


def test_an_answer_is_no_note_and_a_conflict_says_so() -> None:
    answer = samples.answer("q", "So [1].", cited=samples.FOUND[:1])
    assert not Parsed(html.answer_html(answer, 1)).of_class("note")
    conflict = Parsed(html.answer_html(replace(answer, status=Status.CONFLICT), 1))
    assert conflict.of_class("conflict")
    assert "The articles differ" in conflict.text


def test_an_abstention_opens_the_nearest_sentence_only() -> None:
    answer = samples.answer("q", "Not said.", status=Status.ABSTAINED)
    opened, folded = html.sources_html(answer, 1).split("<details>")
    assert (opened.count("<article"), folded.count("<article")) == (1, 3)
    nothing = html.sources_html(replace(answer, evidence=()), 1)
    assert "No sentence of the articles is near" in nothing


def test_an_error_is_its_message_and_its_hint() -> None:
    error = ModelMissingError("No <model> here.", "Run: rag models fetch")
    reply = Parsed(html.error_html(error, 1))
    assert "No <model> here." in reply.text
    assert "Run: rag models fetch" in reply.text
    stopped = Parsed(html.error_html(GenerationStoppedError("x"), 1)).text
    assert stopped.startswith("Stopped")


def test_a_draft_says_that_it_is_not_checked() -> None:
    assert "not checked yet" in html.draft_html("46,610 ar", "Searching …")
    assert "Searching" in html.draft_html(" ", "Searching …")


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 articles"), (1, "1 article"), (2, "2 articles"), (1234, "1,234")]
)
def test_the_status_counts_the_articles(count: int, text: str) -> None:
    piece = Parsed(html.status_html("", [samples.HARBOUR] * count))
    assert text in piece.text
    assert [tag for tag, _ in piece.tags].count("li") == min(count, html.LISTED_DOCUMENTS + 1)


def test_the_status_says_what_is_missing() -> None:
    error = LibraryMissingError("There is no library.", "Run: rag index PATH")
    assert "Run: rag index PATH" in Parsed(html.status_html("", error)).text
    model = ModelMissingError("No model.", "Run: rag models fetch")
    failed = Parsed(html.state_html(error=model, ready=False))
    assert "Run: rag models fetch" in failed.text
    assert failed.of_class("failed")
    assert Parsed(html.state_html(error=None, ready=False)).of_class("loading")
    assert Parsed(html.state_html(error=None, ready=True)).of_class("ready")


def test_every_piece_keeps_hostile_text_as_text_and_is_one_line() -> None:
    answer = samples.hostile_answer()
    error = ModelMissingError("\n".join(samples.NASTY), "\n".join(samples.NASTY))
    article = answer.citations[0].document
    nasty = " ".join(samples.NASTY)
    pieces = [
        html.question_html(nasty),
        html.draft_html(nasty, ""),
        html.answer_html(answer, 1),
        html.answer_html(replace(answer, status=Status.ABSTAINED, text="no", citations=()), 1),
        html.sources_html(answer, 1),
        html.sources_html(replace(answer, citations=()), 1),
        html.evidence_html(answer.evidence),
        html.error_html(error, 1),
        html.earlier_html(nasty, ""),
        html.status_html(html.state_html(error=error, ready=False), [article]),
        html.status_html("", error),
    ]
    for piece in pieces:
        parsed = Parsed(piece)
        assert "\n" not in piece
        assert {tag for tag, _ in parsed.tags} <= TAGS
        assert {name for _, attributes in parsed.tags for name in attributes} <= ATTRIBUTES
        assert all((a.get("href") or "#").startswith("#") for _, a in parsed.tags)
        assert "<img src=x onerror=alert(1)>" in parsed.text
        assert not re.search(r"\$\{|\{\{|!\[|\]\(|\$\$|\*\*|`|__|://", piece)


@given(st.text())
def test_plain_text_has_no_sign_of_its_own_and_reads_the_same(text: str) -> None:
    written = html.plain(text)
    assert ALLOWED.fullmatch(written)
    unseen = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
    lines = [unseen.sub("", line) for line in text.splitlines()]
    assert [unescape(line) for line in written.split("<br>")] == (lines or [""])


def test_text_can_be_sent_and_cannot_turn_the_direction_of_what_follows() -> None:
    assert html.plain("a\u202eb\u2066c\x00d") == "abcd"
    assert html.plain("caf\udce9").encode() == b"caf"
    assert html.plain("5\u00a0000 café") == "5\u00a0000 café"
