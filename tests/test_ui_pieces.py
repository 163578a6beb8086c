from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest
import ui_samples as samples
from hypothesis import given
from hypothesis import strategies as st
from ui_parsing import Parsed

from rag.errors import GenerationStoppedError, LibraryMissingError, ModelMissingError
from rag.schema import Answer, Document, Refusal, Status
from rag.ui.asker import Part
from rag.ui.pieces import answers, checked, sources, tables, text
from rag.ui.pieces.reading import document_html, places_of, reading_html

TAGS = {"a", "article", "bdi", "blockquote", "br", "details", "div", "em", "li", "mark", "ol", "p"}
TAGS |= {"section", "span", "strong", "summary", "sup", "table", "tbody", "td", "th", "thead"}
TAGS |= {"tr", "ul"}
ATTRIBUTES = {"class", "dir", "id", "open", "tabindex", "href", "title", "role", "scope"}
ALLOWED = re.compile(r"(?:[A-Za-z0-9 \x80-\U0010ffff]|&#\d+;|<br>)*")


def reply_to(question: str) -> Answer:
    answer = samples.asker()._replies[question]
    assert isinstance(answer, Answer)
    return answer


# --- answers -------------------------------------------------------------------------------


def test_markers_are_links_to_their_sentences_with_the_quote_to_show() -> None:
    reply = Parsed(answers.answer_html(reply_to(samples.HOW_MANY), 3))
    links = reply.of_class("marker")
    assert [a["href"] for a in links[:2]] == ["#mark-3-1", "#mark-3-2"]
    assert len(reply.of_class("tip")) == 2
    assert "“In April the number was 39,480.”" in reply.text
    assert "Coast Courier · 21 June 2031 · page 2" in reply.text


@pytest.mark.parametrize(
    ("words", "hrefs"),
    [
        ("So [1, 2].", ["#mark-1-1", "#mark-1-2"]),
        ("So [7].", []),
        ("No marker.", []),
        ("[2]", ["#mark-1-2"]),
    ],
)
def test_only_a_marker_with_a_citation_is_a_link(words: str, hrefs: list[str]) -> None:
    cited = samples.FOUND[:2]
    reply = Parsed(answers.answer_html(samples.answer("q", words, cited=cited), 1))
    assert [a["href"] for a in reply.of_class("marker")] == hrefs
    assert ("[7]" in reply.text) == ("[7]" in words)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (samples.HOW_MANY, "46,610 exact [1]"),
        (samples.HOW_MUCH_MORE, "7,130 computed: 46,610 − 39,480 = 7,130 [1]"),
    ],
)
def test_each_figure_has_its_verdict_in_words(question: str, said: str) -> None:
    reply = Parsed(answers.answer_html(reply_to(question), 1))
    assert said in reply.text
    assert reply.of_class("verdict")


def test_an_abstention_is_a_note_that_offers_the_nearest_sentences() -> None:
    answer = reply_to(samples.HOW_MUCH)
    reply = Parsed(answers.answer_html(answer, 1))
    assert reply.of_class("abstained")
    assert not reply.of_class("verdict")
    offered = [a for a in reply.tags if a[0] == "a"]
    assert [a[1]["href"] for a in offered] == ["#mark-1-1", "#mark-1-2", "#mark-1-3"]
    assert samples.SENTENCES[0][1] in reply.text
    assert "nearest" not in answers.answer_html(replace(answer, evidence=()), 1)


def test_the_sentence_that_an_abstention_names_comes_first_and_once() -> None:
    cited = samples.answer(
        "q", "Not said. The nearest is [1].", status=Status.ABSTAINED, cited=(samples.FOUND[2],)
    )
    quotes = [citation.quote for citation in answers.nearest(cited)]
    assert quotes[0] == samples.FOUND[2].sentence.text
    assert len(set(quotes)) == len(quotes) == answers.NEAREST


def test_a_conflict_is_a_table_with_a_row_a_side() -> None:
    reply = Parsed(answers.answer_html(reply_to(samples.WHICH), 1))
    assert reply.of_class("conflict")
    assert "The articles differ" in reply.text
    assert [tag for tag, _ in reply.tags].count("tr") == 3
    assert "1.2 million" in reply.text
    assert "also in: Northern Wire, 22 June 2031" in reply.text


def test_an_answer_is_no_note() -> None:
    assert not Parsed(answers.answer_html(reply_to(samples.HOW_MANY), 1)).of_class("note")


def test_a_rewritten_question_is_shown_as_it_was_asked() -> None:
    assert Parsed(answers.question_html("And in June?", "How many in June?")).text == (
        "And in June?Asked as: How many in June?"
    )
    assert Parsed(answers.question_html("How many?")).text == "How many?"


def test_an_error_is_its_message_and_its_hint() -> None:
    error = ModelMissingError("No <model> here.", "Run: rag models fetch")
    reply = Parsed(answers.error_html(error, 1))
    assert "No <model> here." in reply.text
    assert "Run: rag models fetch" in reply.text
    stopped = Parsed(answers.error_html(GenerationStoppedError("x"), 1)).text
    assert stopped.startswith("Stopped")


def test_a_draft_says_that_it_is_not_checked() -> None:
    assert "not checked yet" in answers.draft_html("46,610 ar", "Searching …")
    assert "Searching" in answers.draft_html(" ", "Searching …")


# --- sources -------------------------------------------------------------------------------


def test_the_sources_list_a_sentence_once_and_fold_the_others_away() -> None:
    answer = samples.answer("q", "So [1].", cited=(samples.FOUND[2],))
    first, folded = sources.sources_html(answer, 1).split("<details>")
    assert first.count("<article") == 1
    assert "39&#44;480" in first
    assert folded.count("<article") == 3
    assert "39&#44;480" not in folded
    assert "3 other sentences found" in folded


def test_a_card_names_title_outlet_date_page_and_copies() -> None:
    piece = Parsed(sources.evidence_html(samples.FOUND[:2])).text
    assert "Harbour traffic at a nine-year high Coast Courier · 21 June 2031 · page 2" in piece
    assert "Ferry line adds a night sailing The Island Post · no date" in piece
    assert "also in: Northern Wire, 22 June 2031" in piece


def test_an_abstention_opens_the_sentences_that_it_offers() -> None:
    answer = samples.answer("q", "Not said.", status=Status.ABSTAINED)
    opened, folded = sources.sources_html(answer, 1).split("<details>")
    assert (opened.count("<article"), folded.count("<article")) == (3, 1)
    nothing = sources.sources_html(replace(answer, evidence=()), 1)
    assert "No sentence of the articles is near" in nothing


# --- drafts and tables ---------------------------------------------------------------------


def test_a_checked_draft_links_each_figure_to_its_verdict() -> None:
    draft = samples.checked_draft()
    shown, claims = Parsed(checked.draft_html(draft)), Parsed(checked.claims_html(draft))
    links = [a for tag, a in shown.tags if tag == "a"]
    assert [a["href"] for a in links] == ["#claim-1", "#claim-2", "#claim-3"]
    assert [a["title"] for a in links] == ["contradicted", "supported", "not found in the articles"]
    assert "1 contradicted" in shown.text
    assert "46,620 contradicted" in claims.text
    assert "The harbour master counted 46,610" in claims.text
    assert "No sentence of the articles states it." in claims.text
    wanted = {a["href"] for tag, a in claims.tags if tag == "a" and "mark" in (a["href"] or "")}
    assert wanted == {f"#{p.id}" for p in checked.check_places(draft)}


def test_a_figure_that_is_not_where_it_should_be_is_not_coloured() -> None:
    draft = samples.checked_draft()
    moved = replace(draft, text=f"x{draft.text}")
    assert "<a" not in checked.draft_html(moved)
    assert Parsed(checked.draft_html(moved)).text.endswith(moved.text)


def test_a_draft_without_figures_and_one_that_was_stopped() -> None:
    draft = samples.checked_draft()
    assert "no figure" in checked.draft_html(replace(draft, claims=()))
    stopped = Parsed(checked.draft_html(replace(draft, sentences_checked=1))).text
    assert stopped.startswith("3 figures of 1 of 2 sentences")


def test_the_state_says_what_is_loading_missing_or_there() -> None:
    error = LibraryMissingError("There is no library.", "Run: rag index PATH")
    loading = tables.state_html(error=None, ready=False, seconds=2.4, articles=1)
    assert Parsed(loading).of_class("loading")
    assert "2 s so far" in Parsed(loading).text
    assert "1 article" in Parsed(loading).text
    ready = tables.state_html(error=None, ready=True, seconds=0, articles=1200)
    assert Parsed(ready).text == "Ready 1,200 articles"
    missing = tables.state_html(error=error, ready=False, seconds=0, articles=error)
    assert Parsed(missing).text.count("Run: rag index PATH") == 2


def test_refused_files_say_why() -> None:
    piece = Parsed(tables.files_html(["Added: A"], [Refusal("b.pdf", "It is empty.", "Look.")]))
    assert piece.text == "Added: Ab.pdf: It is empty. Look."


# --- safety --------------------------------------------------------------------------------


def hostile_pieces() -> list[str]:
    answer = samples.hostile_answer()
    nasty = " ".join(samples.NASTY)
    error = ModelMissingError(nasty, "\n".join(samples.NASTY))
    article = Document(answer.citations[0].document, "\n".join(samples.NASTY))
    abstained = replace(answer, status=Status.ABSTAINED, text="no", citations=())
    draft = samples.checked_draft()
    (row, *_), (claim, *_) = samples.stated(), draft.claims
    row = replace(row, sentence=replace(row.sentence, text=nasty), document=article.info)
    claims = (replace(claim, evidence=(row,), formula=nasty),)
    hostile_draft = replace(draft, text=f"{draft.text} {nasty}", claims=claims)
    places = places_of(answer.citations, "1")
    return [
        answers.question_html(nasty, nasty),
        answers.draft_html(nasty, ""),
        answers.answer_html(answer, 1),
        answers.answer_html(replace(answer, status=Status.CONFLICT), 1),
        answers.answer_html(abstained, 1),
        answers.error_html(error, 1),
        sources.sources_html(answer, 1),
        sources.sources_html(replace(answer, citations=()), 1),
        sources.evidence_html(answer.evidence),
        sources.earlier_html(nasty, ""),
        reading_html(places, {article.info.id: article}),
        reading_html(places, {}),
        document_html(article),
        checked.draft_html(hostile_draft),
        checked.claims_html(hostile_draft),
        tables.state_html(error=error, ready=False, seconds=0, articles=error),
        tables.facts_html([Part(nasty, nasty, nasty, ok=False)]),
        tables.files_html([nasty], [Refusal(nasty, nasty, nasty)]),
        tables.note_html(nasty),
        tables.trouble_html(error),
    ]


@pytest.mark.parametrize("piece", hostile_pieces())
def test_hostile_text_stays_text(piece: str) -> None:
    parsed = Parsed(piece)
    assert "\n" not in piece
    assert {tag for tag, _ in parsed.tags} <= TAGS
    assert {name for _, attributes in parsed.tags for name in attributes} <= ATTRIBUTES
    assert all((a.get("href") or "#").startswith("#") for _, a in parsed.tags)
    assert "<img src=x onerror=alert(1)>" in parsed.text
    assert not re.search(r"\$\{|\{\{|!\[|\]\(|\$\$|\*\*|`|__|://", piece)


@given(st.text())
def test_plain_text_has_no_sign_of_its_own_and_reads_the_same(words: str) -> None:
    written = text.plain(words)
    assert ALLOWED.fullmatch(written)
    unseen = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
    lines = [unseen.sub("", line) for line in words.splitlines()]
    assert [unescape(line) for line in written.split("<br>")] == (lines or [""])


def test_text_can_be_sent_and_cannot_turn_the_direction_of_what_follows() -> None:
    assert text.plain("a\u202eb\u2066c\x00d") == "abcd"
    assert text.plain("caf\udce9").encode() == b"caf"
    assert text.plain("5\u00a0000 café") == "5\u00a0000 café"


def test_days_counts_and_clippings() -> None:
    assert text.day(date(2031, 6, 1)) == "1 June 2031"
    assert text.day(None) == "no date"
    assert text.clipped("one two three", 9) == "one two…"
