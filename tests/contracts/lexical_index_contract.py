"""What every lexical index must do; subclass and say how to make one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from library_samples import Cut, article

from rag.protocols import LexicalIndex
from rag.schema import Filters

Made = tuple[LexicalIndex, Callable[[int], str]]
"""An index and what tells a sentence's text by the id of a hit."""
Maker = Callable[[Sequence[Cut]], Made]

NO_FILTERS = Filters()
ARTICLES = (
    article(
        "/a/harvest.txt",
        [
            "The wheat harvest reached 46,610 tonnes in July.",
            "Of 46 silos, 610 kilometres of belts were replaced.",
            "Farmers in São Tomé said prices decreased by 18%.",
            "The ministry counted 2500 tractors, the union counted 3,900.",
            "COVID-19 closed the mill between 2019 and 2020.",
        ],
        title="Wheat above all",
        publisher="Field Post",
        published=date(2024, 7, 30),
    ),
    article(
        "/a/ferries.txt",
        [
            "The ferries carried travellers to the island.",
            "Passengers waited for the morning boat.",
            "Passengers waited for the morning boat!",
            "Write to the harbour office.",
        ],
        title="Ferries sail again",
        publisher="Harbour Daily",
        published=date(2023, 1, 5),
        boilerplate=[1, 3],
    ),
    article(
        "/a/undated.txt",
        [
            "Nobody knows when the bridge was built.",
            "Who was it?",
            "The mayor said that all ferries of the next town had passed under it last spring.",
        ],
    ),
)
HARVEST, WAITED = ARTICLES[0][1][0].text, "Passengers waited for the morning boat"

HOSTILE = (
    "",
    " \n\t",
    "?",
    "🙂",
    "\x00",
    "wheat\x00harvest",
    '"',
    '"wheat',
    "'; DROP TABLE sentence_fts; --",
    "NEAR(wheat harvest, 3)",
    "AND",
    "wheat AND",
    "NOT wheat",
    "title:wheat",
    "{text title}: wheat",
    "wheat*",
    "^wheat",
    "wheat + harvest - (july)",
    "18%",
    "46,610",
    "what?",
    "\ud800 lone",
    "9" * 5000,
    "wheat " * 5000,
    " ".join(f"word{n}" for n in range(5000)),
)


class LexicalIndexContract:
    """Inherit and override :meth:`make`."""

    @pytest.fixture
    def make(self) -> Maker:
        raise NotImplementedError

    @pytest.fixture
    def made(self, make: Maker) -> Made:
        return make(ARTICLES)

    @staticmethod
    def find(made: Made, text: str, top_k: int = 20, filters: Filters = NO_FILTERS) -> list[str]:
        index, text_of = made
        return [text_of(hit.id) for hit in index.search(text, top_k, filters)]

    def test_an_empty_index_finds_nothing(self, make: Maker) -> None:
        index, _ = make([])
        assert index.search("wheat", 5, NO_FILTERS) == []

    @pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
    def test_any_text_is_a_valid_query(self, made: Made, text: str) -> None:
        made[0].search(text, 5, NO_FILTERS)

    @settings(
        max_examples=150,
        deadline=None,
        # The index is only read, so that all examples may share it.
        suppress_health_check=[
            HealthCheck.differing_executors,
            HealthCheck.function_scoped_fixture,
        ],
    )
    @given(text=st.text(max_size=40) | st.text(alphabet='"*^()+-:{}, wheatANDORNOT18%\x00'))
    def test_any_generated_text_is_a_valid_query(self, made: Made, text: str) -> None:
        hits = made[0].search(text, 5, NO_FILTERS)
        assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))

    @pytest.mark.parametrize("text", ["", "?", "🙂", '"', "\x00"])
    def test_without_a_word_there_are_no_hits(self, made: Made, text: str) -> None:
        assert made[0].search(text, 5, NO_FILTERS) == []

    def test_hits_come_best_first_with_ranks_from_one(self, made: Made) -> None:
        hits = made[0].search("wheat harvest tonnes in July", 20, NO_FILTERS)
        assert made[1](hits[0].id) == HARVEST
        assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert len({hit.id for hit in hits}) == len(hits)

    @pytest.mark.parametrize("top_k", [-1, 0, 1, 2])
    def test_top_k_is_a_limit(self, made: Made, top_k: int) -> None:
        assert len(self.find(made, "wheat passengers", top_k)) == max(top_k, 0)

    def test_one_of_the_words_is_enough(self, made: Made) -> None:
        assert HARVEST in self.find(made, "tonnes of unheard-of zircon")

    @pytest.mark.parametrize(
        ("text", "part"),
        [
            ("decrease", "decreased by"),
            ("SAO TOME", "São Tomé"),
            ("São", "São Tomé"),
            ("Sa\u0303o", "São Tomé"),
            ("18 percent", "18%"),
            ("Covid", "COVID-19"),
            ("2019–2020", "2019 and 2020"),
            ("2,500 tractors", "2500 tractors"),
            ("2,500", "2500 tractors"),
            ("3900", "counted 3,900"),
        ],
    )
    def test_other_ways_to_write_a_word_are_found(self, made: Made, text: str, part: str) -> None:
        assert part in self.find(made, text)[0]

    def test_a_number_is_found_whole(self, made: Made) -> None:
        assert self.find(made, "46,610") == [HARVEST]

    def test_function_words_do_not_count(self, made: Made) -> None:
        assert self.find(made, "when was the harvest in it?")[0] == HARVEST
        assert not any("nobody" in text.lower() for text in self.find(made, "the wheat of the"))

    def test_function_words_alone_are_searched(self, made: Made) -> None:
        assert self.find(made, "Who was it?")[0] == "Who was it?"

    def test_boilerplate_comes_after_the_same_words_elsewhere(self, made: Made) -> None:
        assert self.find(made, WAITED) == [f"{WAITED}!", f"{WAITED}."]

    def test_what_only_boilerplate_says_is_found(self, made: Made) -> None:
        assert self.find(made, "whom to write at the harbour office?")[0].startswith("Write")

    def test_a_word_of_the_title_finds_the_article_behind_sentences_that_have_it(
        self, made: Made
    ) -> None:
        found = self.find(made, "ferries")
        assert found[0].startswith("The ferries carried")
        assert found[1].startswith("The mayor said")
        assert len(found) == 5

    @pytest.mark.parametrize(
        ("filters", "sources"),
        [
            (Filters(documents=("harvest",)), {"harvest"}),
            (Filters(documents=("harvest", "undated", "none")), {"harvest", "undated"}),
            (Filters(documents=("none",)), set()),
            (Filters(publishers=("field post",)), {"harvest"}),
            (Filters(publishers=("Field Post", "Harbour Daily")), {"harvest", "ferries"}),
            (Filters(since=date(2024, 7, 30)), {"harvest"}),
            (Filters(since=date(2024, 7, 31)), set()),
            (Filters(until=date(2023, 1, 5)), {"ferries"}),
            (Filters(since=date(2023, 1, 1), until=date(2024, 12, 31)), {"harvest", "ferries"}),
            (Filters(documents=("harvest",), publishers=("Harbour Daily",)), set()),
            (NO_FILTERS, {"harvest", "ferries", "undated"}),
        ],
    )
    def test_filters_restrict_the_documents(
        self, made: Made, filters: Filters, sources: set[str]
    ) -> None:
        found = self.find(made, "wheat ferries bridge", filters=filters)
        of = {s.text: document.info.id for document, cut, _ in ARTICLES for s in cut}
        assert {of[text] for text in found} == sources
