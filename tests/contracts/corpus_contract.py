"""What every corpus must do; subclass and say how to make one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from library_samples import Cut, article

from rag.protocols import Corpus
from rag.schema import Filters

Maker = Callable[[Sequence[Cut]], Corpus]

NO_FILTERS = Filters()
FLOOD = (
    "The river Senn rose to 4.86 metres in Ridgeport on Tuesday.",
    "Two schools and the market hall were closed for the night.",
    "The mayor, Kim Lee, asked people to stay away from the quays.",
    "By Thursday the water had fallen below the steps of the old mill.",
)
ARTICLES = (
    article("/a/flood.txt", FLOOD, publisher="Coast Courier", published=date(2024, 5, 2)),
    article("/a/flood-copy.txt", FLOOD, publisher="Valley Herald", published=date(2024, 5, 3)),
    article(
        "/a/fair.txt",
        [
            "Kim Bell opened the book fair with a reading.",
            "Gates may open late, said Ann Lee of Ridgeport's museum.",
            "Floods had closed it the year before.",
        ],
        title="Book fair opens in Holm",
        publisher="Coast Courier",
        published=date(2023, 9, 1),
    ),
    article(
        "/a/undated.txt",
        ["Nobody knows when the gate was built.", "Photo: the gate in Ridgeport."],
        boilerplate=[1],
    ),
)


class CorpusContract:
    """Inherit and override :meth:`make`."""

    @pytest.fixture
    def make(self) -> Maker:
        raise NotImplementedError

    @pytest.fixture
    def corpus(self, make: Maker) -> Corpus:
        return make(ARTICLES)

    def test_an_empty_corpus_has_nothing(self, make: Maker) -> None:
        empty = make([])
        assert list(empty.documents(NO_FILTERS)) == []
        found = empty.mentions(["Ridgeport"], NO_FILTERS, shown=5)
        assert (found.articles, found.stories, found.sentences) == (0, 0, ())

    @pytest.mark.parametrize(
        ("texts", "articles", "stories"),
        [
            ((), 4, 3),
            (("Ridgeport",), 3, 2),
            (("ridgeport",), 3, 2),
            (("RIDGEPORT",), 3, 2),
            (("a flooded reading",), 0, 0),  # not in one sentence
            (("flooded", "reading"), 1, 1),
            (("Kim Lee",), 2, 1),  # Kim Bell and Ann Lee are others
            (("Kim", "Lee"), 3, 2),
            (("Holm",), 1, 1),  # in the title alone
            (("gate",), 2, 2),
            (("Gates",), 1, 1),
            (("May",), 0, 0),
            (("may",), 1, 1),
            (("Atlantis",), 0, 0),
            (("4.86 metres",), 2, 1),
            (("?",), 0, 0),
            (('"NEAR(ridgeport) OR *',), 0, 0),
        ],
    )
    def test_articles_are_counted_by_the_words_of_one_sentence_or_title(
        self, corpus: Corpus, texts: tuple[str, ...], articles: int, stories: int
    ) -> None:
        found = corpus.mentions(texts, NO_FILTERS, shown=5)
        assert (found.articles, found.stories) == (articles, stories)
        assert len(found.sentences) == stories

    @pytest.mark.parametrize(
        ("filters", "articles", "documents"),
        [
            (Filters(documents=("fair",)), 1, 1),
            (Filters(documents=("none",)), 0, 0),
            (Filters(publishers=("coast courier",)), 2, 2),
            (Filters(since=date(2024, 1, 1)), 2, 2),
            (Filters(until=date(2023, 12, 31)), 1, 1),
            (Filters(documents=("undated",)), 0, 1),
        ],
    )
    def test_filters_restrict_the_articles(
        self, corpus: Corpus, filters: Filters, articles: int, documents: int
    ) -> None:
        assert corpus.mentions(["Ridgeport"], filters, shown=0).articles == articles
        assert len(corpus.documents(filters)) == documents

    def test_sentences_are_the_articles_own_and_have_the_words(self, corpus: Corpus) -> None:
        found = corpus.mentions(["Ridgeport"], NO_FILTERS, shown=5)
        texts = {document.info.id: document.text for document, _, _ in ARTICLES}
        assert [e.document.id for e in found.sentences] == ["fair", "flood"]  # by date
        for e in found.sentences:
            span = e.sentence.span
            assert texts[e.document.id][span.start : span.end] == e.sentence.text
            assert "Ridgeport" in e.sentence.text

    @pytest.mark.parametrize("shown", [0, 1, 2])
    def test_no_more_sentences_are_returned_than_asked_for(
        self, corpus: Corpus, shown: int
    ) -> None:
        found = corpus.mentions(["Ridgeport"], NO_FILTERS, shown=shown)
        assert found.articles == 3
        assert len(found.sentences) == shown
