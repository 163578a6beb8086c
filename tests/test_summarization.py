from __future__ import annotations

import pytest
from job_samples import HARBOUR, Reply, asked, evidence, in_turn
from library_samples import article

import rag.summarization
from rag.errors import GenerationStoppedError
from rag.fakes import ScriptedGenerator
from rag.prompts import key_point_messages
from rag.schema import Evidence, Passage, Summary, SummaryPoint, Verdict
from rag.summarization import Summarizer
from rag.verification import EvidenceVerifier

SENTENCES = (
    "The island ferry carried 48,200 passengers in July.",
    "More than 9,000 of the passengers brought a bicycle along.",
    "A second boat joined the line in spring.",
    "The company will raise fares by 30 cents in October.",
    "Bicycles travel free of charge until the end of the season.",
    "The captain said: “We sail at dawn. We sail in fog.”",
)
EVIDENCE = tuple(evidence(text, position=n) for n, text in enumerate(SENTENCES))
PASSAGES = article("/news/ferry.txt", SENTENCES, per_passage=2)[2]


def first(prompt: str) -> str:
    """The first sentence of the section that is asked about."""
    return prompt.removeprefix("Text: ").partition(". ")[0].rstrip(".") + "."


def summarize(
    *replies: Reply,
    found: tuple[Evidence, ...] = EVIDENCE,
    passages: tuple[Passage, ...] = PASSAGES,
) -> tuple[Summary, ScriptedGenerator, list[SummaryPoint]]:
    model, told = in_turn(*replies), list[SummaryPoint]()
    summary = Summarizer(model, EvidenceVerifier(), settings_sha256="5" * 64).summarize(
        HARBOUR, found, passages, on_point=told.append, stop=lambda: False
    )
    return summary, model, told


@pytest.fixture(params=[25, 60, 10_000])
def section_tokens(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Sections of one sentence, of some, and one of all."""
    n_prompt = len(key_point_messages(())[0].content.split())
    tokens: int = request.param + n_prompt
    monkeypatch.setattr(rag.summarization, "_SECTION_TOKENS", tokens)
    return tokens


def test_the_whole_article_is_read_once_and_in_order(section_tokens: int) -> None:
    summary, model, _ = summarize(*[first] * len(SENTENCES))
    read = " ".join(prompt.removeprefix("Text: ") for prompt in asked(model))
    assert read == " ".join(SENTENCES)
    assert (summary.passages_read, summary.passages_total) == (3, 3)
    for messages in model.prompts:
        n_sentences = sum(sentence in messages[1].content for sentence in SENTENCES)
        assert n_sentences == 1 or model.count_tokens(messages) <= section_tokens


def test_markers_are_numbered_through_and_each_point_is_cited(section_tokens: int) -> None:
    summary, model, told = summarize(*[first] * len(SENTENCES))
    assert len(summary.points) == len(model.prompts)
    assert tuple(told) == summary.points
    for number, point in enumerate(summary.points, start=1):
        (citation,) = point.citations
        assert citation.marker == number
        assert point.text.endswith(f" [{number}]")
        assert point.text.count("[") == 1
        assert citation.quote in SENTENCES
        assert citation.document == HARBOUR
        assert {f.marker for f in point.figures} <= {number}
        assert point.verified
    assert (summary.document, summary.settings_sha256) == (HARBOUR, "5" * 64)
    assert summary.total_s > 0


BOTH = "In July the ferry carried 48,200 passengers, and fares will be raised by 30 cents."


def test_a_point_of_two_sentences_cites_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.summarization, "_SECTION_TOKENS", 110)
    found = EVIDENCE * 3
    summary, model, _ = summarize(*[BOTH] * len(found), found=found)
    assert len(model.prompts) > 1
    assert [c.marker for p in summary.points for c in p.citations] == list(
        range(1, 1 + sum(len(p.citations) for p in summary.points))
    )
    of_two = [p for p in summary.points if p.text.startswith(BOTH)]
    assert any(p.citations[0].marker > 1 for p in of_two)
    for point in of_two:
        marker = {citation.quote: citation.marker for citation in point.citations}
        assert marker.keys() == {SENTENCES[0], SENTENCES[3]}
        assert point.text == BOTH + " " + "".join(f"[{n}]" for n in marker.values())
        bound = {f.figure.text.split()[0]: f.marker for f in point.figures}
        assert bound["48,200"] == marker[SENTENCES[0]]
        assert bound["30"] == marker[SENTENCES[3]]


def test_a_point_is_laid_at_the_sentence_that_it_came_from() -> None:
    summary, _, _ = summarize("Fares will be raised by 30 cents in October.")
    (point,) = summary.points
    assert point.text == "Fares will be raised by 30 cents in October. [1]"
    assert point.citations[0].quote == SENTENCES[3]
    assert point.citations[0].span == EVIDENCE[3].sentence.span
    assert [
        (f.figure.text, f.verdict) for f in point.figures if f.figure.text.startswith("30")
    ] != []
    assert summary.notes == ()


def test_the_bound_that_the_model_left_out_is_put_back() -> None:
    summary, _, _ = summarize("9,000 passengers brought a bicycle along.")
    assert "more than 9,000 passengers" in summary.points[0].text.lower()
    assert summary.points[0].citations[0].quote == SENTENCES[1]


@pytest.mark.parametrize(
    "written",
    [
        "The island ferry carried 48,900 passengers in July.",
        "The island ferry carried 48,200 passengers in July, 6% more than before.",
        "The island ferry carried 30 passengers in July.",
        "The mayor resigned over a quarrel about school buses.",
        "",
        "[1]",
        pytest.param(f"{SENTENCES[0].rstrip('.')} and " * 20, id="cut off"),
        "The island ferry carried 48,200 passengers. In July it sank.",
    ],
)
def test_what_cannot_be_verified_is_quoted_instead(written: str) -> None:
    summary, _, told = summarize(written)
    (point,) = summary.points
    (citation,) = point.citations
    assert citation.quote in SENTENCES
    assert point.text == f"“{citation.quote}” [1]"
    assert {(f.verdict, f.marker) for f in point.figures} == {(Verdict.EXACT, 1)}
    assert point.verified
    assert told == [point]
    (note,) = summary.notes
    assert note.endswith("1.")


def test_the_sentence_with_the_most_figures_is_quoted() -> None:
    telling = evidence("Of 48,200 passengers 9,000 had a bicycle and 730 a dog.", position=2)
    summary, _, _ = summarize("", found=(EVIDENCE[5], telling, EVIDENCE[0]))
    assert summary.points[0].citations[0].quote == telling.sentence.text


def test_a_quotation_of_several_sentences_counts_as_stated() -> None:
    speech = evidence("“It fell by 4% in May. It rose by 6% in June,” she said.")
    summary, _, _ = summarize("Nothing of the kind was said.", found=(speech,))
    (point,) = summary.points
    assert [f.verdict for f in point.figures] == [Verdict.EXACT] * len(point.figures)
    assert {"4%", "6%"} <= {f.figure.text for f in point.figures}
    for checked in point.figures:
        span = checked.figure.span
        assert point.text[span.start : span.end] == checked.figure.text


def test_footnotes_of_the_article_are_no_markers() -> None:
    noted = evidence("The ferry [7] carried 48,200 passengers [12].")
    for written in ("", "The ferry [7] carried 48,200 passengers [12]."):
        (point,) = summarize(written, found=(noted,))[0].points
        assert point.text.count("[") == 1
        assert point.text.endswith("[1]")
        assert [f.figure.text for f in point.figures] == ["48,200"]
        assert point.citations[0].quote == noted.sentence.text


def test_quoted_points_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.summarization, "_SECTION_TOKENS", 0)
    summary, _, _ = summarize(first, "", first, "", "", first)
    assert [p.text.startswith("“") for p in summary.points] == [
        False, True, False, True, True, False
    ]  # fmt: skip
    assert summary.notes[0].endswith("3.")


def test_markers_of_the_model_are_not_believed() -> None:
    summary, _, _ = summarize("The island ferry [3] carried 48,200 passengers [4]. [2]")
    assert summary.points[0].text == "The island ferry carried 48,200 passengers. [1]"


def test_an_article_without_sentences_has_no_points() -> None:
    summary, model, _ = summarize(found=(), passages=())
    assert (summary.points, summary.notes, model.prompts) == ((), (), [])


def test_stopping_keeps_the_points_that_were_handed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rag.summarization, "_SECTION_TOKENS", 0)
    told: list[SummaryPoint] = []
    model = in_turn(*[first] * len(SENTENCES))
    with pytest.raises(GenerationStoppedError):
        Summarizer(model, EvidenceVerifier(), settings_sha256="").summarize(
            HARBOUR, EVIDENCE, PASSAGES, on_point=told.append, stop=lambda: len(told) == 2
        )
    assert [p.citations[0].quote for p in told] == list(SENTENCES[:2])
