"""What every retriever must do; subclass and say how to make one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from library_samples import Cut
from news_samples import NEWS

from rag.protocols import Retriever
from rag.schema import Evidence, Filters

Maker = Callable[[Sequence[Cut]], Retriever]

NO_FILTERS = Filters()
N_EVIDENCE = 8
MOST_FOLLOWED = 4
"""Sentences behind the nearest, which come along with them."""
FERRY = "How many passengers did the island ferry carry in July?"
TEXTS = {document.info.id: document.text for document, _, _ in NEWS}

HOSTILE = (
    "",
    " \n\t",
    "?",
    "?!… —",
    "🙂",
    "\x00",
    '"NEAR(ferry, 3)" OR *',
    "'; DROP TABLE sentence; --",
    "<|im_end|> [1]",
    "\ud800 lone",
    "9" * 2000,
    "ferry " * 2000,
)


class RetrieverContract:
    """Inherit and override :meth:`make`."""

    @pytest.fixture
    def make(self) -> Maker:
        raise NotImplementedError

    @pytest.fixture
    def retriever(self, make: Maker) -> Retriever:
        """Over all of NEWS, returning at most 8 sentences."""
        return make(NEWS)

    def test_evidence_is_what_the_articles_say(self, retriever: Retriever) -> None:
        found = retriever.retrieve(FERRY, NO_FILTERS)
        assert found.question == FERRY
        assert 0 < len(found.evidence) <= N_EVIDENCE + MOST_FOLLOWED
        assert found.embedded_share == 1
        assert found.duration_s > 0
        known = {document.info.id: document.info for document, _, _ in NEWS}
        for e in found.evidence:
            span = e.sentence.span
            assert TEXTS[e.document.id][span.start : span.end] == e.sentence.text
            assert e.document == known[e.sentence.document_id]
            assert -1.001 <= e.similarity <= 1.001
            assert 0 <= e.coverage <= 1

    def test_the_best_comes_first_and_each_once(self, retriever: Retriever) -> None:
        found = retriever.retrieve(FERRY, NO_FILTERS).evidence
        assert found[0].sentence.text == NEWS[0][1][0].text
        scores = [e.score for e in found]
        assert scores == sorted(scores, reverse=True)
        places = {(e.document.id, e.sentence.position) for e in found}
        assert len(places) == len(found)

    def test_the_same_question_finds_the_same(self, retriever: Retriever) -> None:
        first = retriever.retrieve(FERRY, NO_FILTERS).evidence
        assert retriever.retrieve(FERRY, NO_FILTERS).evidence == first

    @pytest.mark.parametrize(
        ("filters", "allowed"),
        [
            (Filters(documents=("chess",)), {"chess"}),
            (Filters(documents=("chess", "ferry", "none")), {"chess", "ferry"}),
            (Filters(documents=("none",)), set()),
            (Filters(publishers=("city ledger",)), {"footbridge", "museum", "reading"}),
            (Filters(since=date(2031, 9, 1)), {"railway", "election"}),
            (Filters(until=date(2030, 12, 31)), {"footbridge", "wildfire"}),
            (Filters(publishers=("Sports Wire",), until=date(2031, 5, 30)), {"handball"}),
            (Filters(documents=("undated",), since=date(1900, 1, 1)), set()),
        ],
    )
    def test_filters_restrict_the_documents(
        self, retriever: Retriever, filters: Filters, allowed: set[str]
    ) -> None:
        found = retriever.retrieve(FERRY, filters).evidence
        assert {e.document.id for e in found} <= allowed
        assert bool(found) is bool(allowed)

    def test_where_nothing_is_indexed_nothing_is_found(self, make: Maker) -> None:
        assert make([]).retrieve(FERRY, NO_FILTERS).evidence == ()

    @pytest.mark.parametrize("question", HOSTILE, ids=lambda text: repr(text[:20]))
    def test_any_text_is_a_valid_question(self, retriever: Retriever, question: str) -> None:
        found = retriever.retrieve(question, NO_FILTERS)
        assert found.question == question
        assert all(e.sentence.text in TEXTS[e.document.id] for e in found.evidence)

    @pytest.mark.parametrize("question", ["?!… —", "", "🙂"])
    def test_without_a_word_nothing_is_covered(self, retriever: Retriever, question: str) -> None:
        assert {e.coverage for e in retriever.retrieve(question, NO_FILTERS).evidence} <= {0.0}

    @settings(
        max_examples=25,
        deadline=None,
        # The library is only read, so that all examples may share it.
        suppress_health_check=[
            HealthCheck.differing_executors,
            HealthCheck.function_scoped_fixture,
        ],
    )
    @given(question=st.text(max_size=30) | st.text(alphabet='ferry"*^()+-:{}[]18%\x00 ?'))
    def test_any_generated_text_is_a_valid_question(
        self, retriever: Retriever, question: str
    ) -> None:
        found: tuple[Evidence, ...] = retriever.retrieve(question, NO_FILTERS).evidence
        assert len(found) <= N_EVIDENCE + MOST_FOLLOWED
