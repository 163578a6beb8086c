"""One article: all of it is read, every sentence is cited, and code decides what is covered."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from job_samples import HARBOUR, asked, evidence
from library_samples import article

from rag.errors import GenerationStoppedError
from rag.fakes import ScriptedGenerator
from rag.schema import (
    Evidence,
    Length,
    Message,
    Origin,
    Passage,
    Summary,
    SummaryPoint,
    Verdict,
)
from rag.summarization import Rewriter, Summarizer
from rag.verification import EvidenceVerifier

SENTENCES = tuple(
    """\
The island ferry carried 48,200 passengers in July, its owner said in a report on Tuesday.
More than 9,000 of the passengers of that month brought a bicycle along, the owner reckons.
A second boat joined the line in spring, and its crew is made up of young people of the island.
Boats, a sight that nobody on the island wants to miss, will cost 30 cents more in all of October.
Bicycles travel free of charge until the end of the season, as they always have on this line.
The captain said: “We sail at dawn. We sail in fog, and in rain, and on the day of the fair.”
Gulls wait for the boats at both ends of the line, where children throw them bread and fish.
Nobody has yet been found who remembers how the line was begun or who paid for the old pier.
""".splitlines()
)
EVIDENCE = tuple(evidence(text, position=n) for n, text in enumerate(SENTENCES))
PASSAGES = article("/news/ferry.txt", SENTENCES, per_passage=2)[2]
SHORTER = {
    SENTENCES[3]: "Boats will cost 30 cents more in all of October.",
}

Reply = Callable[[Sequence[Message]], str]


def shorter(messages: Sequence[Message]) -> str:
    return SHORTER.get(messages[-1].content.removeprefix("Sentence: "), "")


def summarize(
    reply: Reply = shorter,
    *,
    found: tuple[Evidence, ...] = EVIDENCE,
    passages: tuple[Passage, ...] = PASSAGES,
    length: Length = Length.MEDIUM,
    stop: Callable[[], bool] = lambda: False,
) -> tuple[Summary, ScriptedGenerator, list[SummaryPoint]]:
    model, told = ScriptedGenerator(reply), list[SummaryPoint]()
    rewriter = Rewriter(lambda: model, EvidenceVerifier())
    summary = Summarizer(rewriter, settings_sha256="5" * 64).summarize(
        HARBOUR, found, passages, on_point=told.append, stop=stop, length=length
    )
    return summary, model, told


def test_the_whole_article_is_read_and_said_to_be() -> None:
    seen: list[tuple[str, int, int]] = []

    class Watch:
        def reading(self, done: int, total: int) -> None:
            seen.append(("reading", done, total))

        def wording(self, done: int, total: int) -> None:
            seen.append(("wording", done, total))

    summary = Summarizer(None, settings_sha256="").summarize(
        HARBOUR,
        EVIDENCE,
        PASSAGES,
        on_point=lambda _point: None,
        stop=lambda: False,
        observer=Watch(),
    )
    assert (summary.passages_read, summary.passages_total) == (4, 4)
    n_points = len(summary.points)
    assert seen == [
        *(("reading", n, 8) for n in range(1, 9)),
        *(("wording", n, n_points) for n in range(1, n_points + 1)),
    ]
    assert f"all 8 sentences and chose {n_points} points" in summary.notes[0]


def test_markers_are_numbered_through_and_each_sentence_is_cited() -> None:
    summary, _, told = summarize()
    assert tuple(told) == summary.points
    citations = [citation for point in summary.points for citation in point.citations]
    assert [citation.marker for citation in citations] == list(range(1, len(citations) + 1))
    assert [citation.quote for citation in citations] == sorted(
        (citation.quote for citation in citations), key=SENTENCES.index
    )
    for point in summary.points:
        assert point.verified
        for citation in point.citations:
            assert f"[{citation.marker}]" in point.text
            assert citation.document == HARBOUR
        assert {figure.verdict for figure in point.figures} <= {Verdict.EXACT}
        assert {f.marker for f in point.figures} <= {c.marker for c in point.citations}
    assert (summary.document, summary.settings_sha256) == (HARBOUR, "5" * 64)
    assert summary.total_s > 0


def test_the_main_figures_are_covered_whatever_the_model_writes() -> None:
    replies: tuple[Reply, ...] = (shorter, lambda _: "It sank.", lambda _: "")
    for reply in replies:
        text = " ".join(point.text for point in summarize(reply)[0].points)
        assert all(figure in text for figure in ("48,200", "More than 9,000", "30 cents"))


def test_the_first_point_waits_for_no_model() -> None:
    summary, model, told = summarize()
    assert told[0].origin is Origin.RANKED
    assert all(SENTENCES[0] not in prompt for prompt in asked(model))
    assert summary.points[0].text.startswith("“The island ferry")


def test_what_the_model_reworded_is_told_from_what_is_quoted() -> None:
    summary, _, _ = summarize()
    origins = {point.text.rsplit(" [", 1)[0]: point.origin for point in summary.points}
    assert origins[SHORTER[SENTENCES[3]]] is Origin.READ
    assert [origin for origin in origins.values() if origin is Origin.READ] == [Origin.READ]
    assert "the model reworded 1" in summary.notes[0]


def test_a_sentence_that_leans_is_quoted_behind_the_one_before() -> None:
    found = tuple(
        evidence(text, position=n)
        for n, text in enumerate(
            ["Of all pupils, 9.4 percent said they vaped.", "In 2022 it was 14.8 percent."]
        )
    )
    (point,) = summarize(found=found)[0].points
    assert point.text == (
        "“Of all pupils, 9.4 percent said they vaped.” [1] “In 2022 it was 14.8 percent.” [2]"
    )
    bound = {figure.figure.text: figure.marker for figure in point.figures}
    assert (bound["9.4 percent"], bound["14.8 percent"]) == (1, 2)
    for checked in point.figures:
        span = checked.figure.span
        assert point.text[span.start : span.end] == checked.figure.text


def test_what_the_cited_sentences_state_comes_as_rows() -> None:
    summary, _, _ = summarize()
    rows = [(row.statement.figure.text, row.sentence.text) for row in summary.figures]
    assert ("48,200", SENTENCES[0]) in rows
    assert ("30 cents", SENTENCES[3]) in rows
    cited = {citation.quote for point in summary.points for citation in point.citations}
    assert {sentence for _, sentence in rows} <= cited


def test_a_quotation_of_several_sentences_counts_as_stated() -> None:
    speech = evidence("“It fell by 4% in May. It rose by 6% in June,” she said.")
    (point,) = summarize(found=(speech,))[0].points
    assert [figure.verdict for figure in point.figures] == [Verdict.EXACT] * len(point.figures)
    assert {"4%", "6%"} <= {figure.figure.text for figure in point.figures}


def test_footnotes_of_the_article_are_no_markers() -> None:
    noted = evidence("The ferry [7] carried 48,200 passengers [12].")
    (point,) = summarize(found=(noted,))[0].points
    assert point.text == "“The ferry carried 48,200 passengers.” [1]"
    assert point.citations[0].quote == noted.sentence.text


def test_an_article_without_sentences_has_no_points() -> None:
    summary, model, _ = summarize(found=(), passages=())
    assert (summary.points, summary.notes, summary.figures, model.prompts) == ((), (), (), [])


def test_a_longer_summary_has_all_of_a_shorter_one_s_figures() -> None:
    found = EVIDENCE + tuple(
        evidence(
            f"In year {n} after that the pier of the harbour took {n * 137} boats.", position=n
        )
        for n in range(6, 60)
    )
    figures = [
        {row.statement.figure.value for row in summarize(found=found, length=length)[0].figures}
        for length in Length
    ]
    assert figures[0] < figures[1] < figures[2]


@pytest.mark.parametrize("asks", [1, 4, 10])
def test_stopping_keeps_the_points_that_were_handed_over(asks: int) -> None:
    told: list[SummaryPoint] = []
    left = iter(range(asks))
    rewriter = Rewriter(lambda: ScriptedGenerator(shorter), EvidenceVerifier())
    with pytest.raises(GenerationStoppedError):
        Summarizer(rewriter, settings_sha256="").summarize(
            HARBOUR,
            EVIDENCE,
            PASSAGES,
            on_point=told.append,
            stop=lambda: next(left, None) is None,
        )
    assert len(told) <= max(0, asks - len(SENTENCES))
    assert bool(told) is (asks > len(SENTENCES) + 1)
