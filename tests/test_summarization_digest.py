"""Many articles: what they agree on, what changed, where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from library_samples import Cut, article
from statement_samples import stated

from rag.errors import GenerationStoppedError
from rag.library import StoredSentence
from rag.schema import Digest, DigestPoint, Evidence, Length, Relation
from rag.summarization import Article, as_worded, by_period, readable, summarize_many
from rag.summarization.events import Events
from rag.summarization.topic import about
from rag.verification import EvidenceVerifier

FIRST = article(
    "/news/first.md",
    [
        "The storm left 340 homes in Harnby flooded, near Tanner Bridge and the Sarn.",
        "The river at Tanner Bridge in Harnby peaked at 4.86 metres.",
        "In Harnby the Marrow Dales council opened 12,750 beds by the Sarn.",
        "Share this page with Ylva Dane, of Scarholme.",
    ],
    title="Storm floods Harnby",
    publisher="Examiner",
    published=date(2031, 11, 19),
    boilerplate=[3],
)
SECOND = article(
    "/news/second.md",
    [
        "The river at Tanner Bridge in Harnby reached 4.91 metres, near the Sarn.",
        "There were 12,750 beds in Marrow Dales schools of Harnby, said Ylva Dane of the Sarn.",
        "Gulls were seen in the streets of Sandsby all day.",
    ],
    title="Harnby under water",
    publisher="Wire",
    published=date(2031, 11, 20),
)
LATER = article(
    "/news/later.md",
    [
        "In Harnby 527 homes were flooded, near Tanner Bridge and the Sarn.",
        "Nobody in Marrow Dales knows of any more, said the council.",
    ],
    title="Harnby counts",
    publisher="Examiner",
    published=date(2031, 12, 3),
)
ELSEWHERE = article(
    "/news/elsewhere.md",
    ["The storm left 95 homes flooded in a town far away.", "It was cold."],
    title="Rain elsewhere",
    publisher="Post",
    published=date(2031, 11, 20),
)


def as_article(cut: Cut) -> Article:
    document, sentences, passages = cut
    stored = [StoredSentence(n, s, document.info, None) for n, s in enumerate(sentences)]
    return Article(document.info, readable(stored), passages)


def digest(
    *cuts: Cut,
    copies: Mapping[str, Sequence[str]] | None = None,
    topic: str | None = None,
    length: Length = Length.MEDIUM,
) -> Digest:
    return summarize_many(
        map(as_article, cuts),
        n_articles=len(cuts),
        verifier=EvidenceVerifier(),
        copies=copies or {},
        about=topic,
        length=length,
    )


def of(found: Digest, relation: Relation | None) -> list[DigestPoint]:
    return [point for point in found.points if point.relation is relation]


def test_points_say_what_agrees_what_changed_and_what_differs() -> None:
    found = digest(FIRST, SECOND, LATER)
    (agreed,), (changed,), (differing,) = (
        of(found, relation) for relation in (Relation.AGREE, Relation.CHANGED, Relation.DIFFER)
    )
    assert "12,750" in agreed.text
    assert changed.text.index("340") < changed.text.index("527")
    assert "4.86" in differing.text
    assert "4.91" in differing.text
    outlets = {citation.document.publisher for citation in differing.citations}
    assert outlets == {"Examiner", "Wire"}


def test_every_point_is_cited_and_its_figures_stand_in_what_it_cites() -> None:
    found = digest(FIRST, SECOND, LATER, ELSEWHERE)
    markers = [citation.marker for point in found.points for citation in point.citations]
    assert markers == list(range(1, len(markers) + 1))
    for point in found.points:
        assert all(f"[{citation.marker}]" in point.text for citation in point.citations)
        quotes = {citation.quote for citation in point.citations}
        assert {figure.sentence.text for figure in point.figures} <= quotes


def test_an_article_that_shares_no_event_stands_alone() -> None:
    found = digest(FIRST, ELSEWHERE)
    assert [point.citations[0].document.id for point in of(found, None)] == ["first", "elsewhere"]
    assert {point.relation for point in found.points} == {None}


def test_coverage_counts_what_was_read_and_what_there_is() -> None:
    coverage = digest(FIRST, SECOND).coverage
    assert (coverage.articles_read, coverage.articles_total) == (2, 2)
    assert (coverage.passages_read, coverage.passages_total) == (4, 4)
    assert digest(FIRST).notes[0].startswith("Code read all 3 sentences")


def test_passages_of_captions_and_footers_are_not_read() -> None:
    whole = as_article(FIRST)
    footer = replace(whole.passages[1], boilerplate=True)
    found = summarize_many(
        [replace(whole, passages=(whole.passages[0], footer))],
        n_articles=1,
        verifier=EvidenceVerifier(),
        copies={},
    )
    assert (found.coverage.passages_read, found.coverage.passages_total) == (1, 2)


def test_copies_of_a_story_are_one_source() -> None:
    texts = [sentence.text for sentence in FIRST[1][:3]]
    copy = article("/news/copy.md", texts, publisher="Echo", published=date(2031, 11, 19))
    copies = {"first": ("copy",), "copy": ("first",)}
    found = digest(FIRST, copy, copies=copies)
    assert {point.relation for point in found.points} == {None}
    (point,) = found.points
    assert [other.publisher for other in point.citations[0].also_in] == ["Echo"]
    assert any("3 stand in a copy" in note for note in found.notes)
    apart = digest(FIRST, copy)
    assert of(apart, Relation.AGREE) != []


def test_a_subject_leaves_out_what_is_not_about_it() -> None:
    found = digest(FIRST, SECOND, LATER, topic="homes flooded")
    assert {point.relation for point in found.points} == {Relation.CHANGED}
    assert all("4.86" not in point.text for point in found.points)
    assert digest(FIRST, SECOND, topic="parliament of owls").points == ()


def test_figures_come_in_the_order_of_their_periods() -> None:
    found = digest(FIRST, SECOND, LATER)
    assert found.figures == by_period(found.figures)
    assert len(set(found.figures)) == len(found.figures)


@pytest.mark.parametrize(
    ("text", "worded"),
    [
        ("Some 112 mm of rain fell.", "Some 112 mm"),
        ("It lay 313 centimetres deep.", "313 centimetres"),
        ("It was 18.9 to 18.8 degrees.", "18.9"),
        ("More than 40 goats came.", "More than 40"),
        ("It cost $4 million more.", "$4 million"),
    ],
)
def test_a_figure_is_given_with_its_bound_and_measure(text: str, worded: str) -> None:
    assert as_worded(stated(text)) == worded


@pytest.mark.parametrize("length", list(Length))
def test_a_longer_digest_has_more_points(length: Length) -> None:
    cuts = [
        article(f"/news/{n}.md", [f"In town number {n} there were {n * 137} boats."], title=f"T{n}")
        for n in range(1, 20)
    ]
    assert len(digest(*cuts, length=length).points) == {"short": 2, "medium": 5, "long": 12}[length]


def test_nothing_to_read_gives_nothing() -> None:
    found = digest()
    assert (found.points, found.figures, found.documents) == ((), (), ())


def test_it_stops_between_two_articles() -> None:
    asked = iter([False, True])
    with pytest.raises(GenerationStoppedError):
        summarize_many(
            map(as_article, (FIRST, SECOND)),
            n_articles=2,
            verifier=EvidenceVerifier(),
            copies={},
            stop=lambda: next(asked),
        )


# --- subjects and events -------------------------------------------------------------------


def test_title_and_the_sentence_before_say_what_a_sentence_is_about() -> None:
    found: tuple[Evidence, ...] = as_article(FIRST).evidence
    assert [e.sentence.position for e in about("storm homes", found)] == [0]
    assert [e.sentence.position for e in about("storm council beds", found)] == [2]
    assert about("owls", found) == ()


def test_articles_that_name_the_same_people_and_places_are_on_one_event() -> None:
    events = Events()
    for cut in (FIRST, SECOND, LATER, ELSEWHERE):
        events.add(cut[0].info.id, [sentence.text for sentence in cut[1]])
    assert events.same("first", "second")
    assert events.same("first", "later")
    assert not events.same("first", "elsewhere")
