"""Any sequence of changes leaves a library that agrees with a model of dictionaries."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from library_samples import Cut, article, vectors_of

from rag.lexical_index import Fts5LexicalIndex
from rag.library import ChangeKind, Library, embedded_text, open_vectors
from rag.schema import Filters

WORDS = ("barley", "ferry", "18%", "46,610", "café", "🙂 drum")
SOURCES = st.sampled_from(["/a/x.txt", "/b/x.txt", "/c/y.txt"])
SENTENCES = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), max_size=5)


class LibraryMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.library = Library.open(self.folder, create=True, writable=True)
        self.cuts: dict[str, Cut] = {}
        self.embedded: set[str] = set()

    def teardown(self) -> None:
        self.library.close()
        shutil.rmtree(self.folder)

    @initialize(words=SENTENCES)
    def start(self, words: list[list[str]]) -> None:
        # Otherwise few sequences get as far as changing what has vectors.
        self.replace("/a/x.txt", words, None)
        self.replace("/c/y.txt", [["barley", "18%"], ["ferry"], ["café"]], "Quay")
        self.embed(4)

    @rule(source=SOURCES, words=SENTENCES, title=st.none() | st.sampled_from(["Barley", "Quay"]))
    def replace(self, source: str, words: list[list[str]], title: str | None) -> None:
        cut = article(source, [" ".join(w) + "." for w in words], title=title)
        before = self.cuts.get(source)
        change = self.library.replace_document(*cut)
        expected = ChangeKind.UPDATED if before else ChangeKind.ADDED
        assert change.kind is (ChangeKind.UNCHANGED if before == cut else expected)
        self.cuts[source] = cut
        self.forget_orphans()

    @rule(sources=st.lists(SOURCES, max_size=3))
    def remove(self, sources: list[str]) -> None:
        removed = self.library.remove(sources)
        assert len(removed) == len(set(sources) & set(self.cuts))
        for source in sources:
            self.cuts.pop(source, None)
        self.forget_orphans()

    @rule(limit=st.integers(1, 4))
    def embed(self, limit: int) -> None:
        pending = self.library.passages_without_vectors("mini", limit)
        texts = [p.text for p in pending]
        missing = [text for text in self.passage_texts() if text not in self.embedded]
        assert set(texts) <= set(missing)
        assert len(set(texts)) == len(texts) == min(limit, len(set(missing)))
        self.library.store_vectors("mini", [p.sha256 for p in pending], vectors_of(texts))
        self.embedded |= set(texts)

    @rule()
    def forget_vectors(self) -> None:
        self.library.forget_vectors("other")
        self.embedded = set()

    @rule()
    def reopen(self) -> None:
        self.library.close()
        self.library = Library.open(self.folder, writable=True)

    @rule()
    def search_vectors(self) -> None:
        store = open_vectors(self.library, "mini", 4)
        keys, blobs = self.library.vector_rows("mini")
        assert len(store) == len(keys)
        passages = self.library.passages(keys)
        for key, blob in zip(keys, blobs, strict=True):
            passage = passages[key]
            text = self.library.document(passage.document_id).text
            read = embedded_text(passage.header, text[passage.span.start : passage.span.end])
            vector = vectors_of([read])[0]
            assert np.array_equal(np.frombuffer(blob, "<f4"), vector)
            assert store.search(vector, 1, [key])[0].id == key

    @rule(word=st.sampled_from(WORDS))
    def search_words(self, word: str) -> None:
        hits = Fts5LexicalIndex(self.library.connection).search(word, 999, Filters())
        found = self.library.sentences([hit.id for hit in hits])
        assert len(found) == len(hits)
        needle = word.removeprefix("🙂 ").rstrip("%").lower()
        expected = sorted(
            (source, s.position)
            for source, (document, cut, _) in self.cuts.items()
            for s in cut
            if needle in f"{s.text} {document.info.title}".lower()
        )
        assert sorted((s.document.source, s.sentence.position) for s in found.values()) == expected

    @invariant()
    def documents_are_those_of_the_model(self) -> None:
        with self.library.snapshot():
            infos = self.library.documents()
            assert [info.source for info in infos] == sorted(self.cuts)
            assert len({info.id for info in infos}) == len(infos)
            for info in infos:
                document = self.library.document(info.id)
                expected, sentences, passages = self.cuts[info.source]
                assert document.text == expected.text
                stored = [s.sentence for s in self.library.sentences_of(info.id)]
                assert [(s.text, s.span) for s in stored] == [(s.text, s.span) for s in sentences]
                assert all(document.text[s.span.start : s.span.end] == s.text for s in stored)
                kept = self.library.passages_of(info.id)
                assert [(p.span, p.header) for p in kept] == [(p.span, p.header) for p in passages]

    @invariant()
    def vectors_are_those_of_passages(self) -> None:
        assert self.library.check() == ()
        with self.library.connection() as connection:
            (n_vectors,) = connection.execute("SELECT count(*) FROM vector").fetchone()
        assert n_vectors == len(self.embedded)
        texts = self.passage_texts()
        share = sum(text in self.embedded for text in texts) / len(texts) if texts else 0
        assert self.library.embedded_share("mini") == share

    def passage_texts(self) -> list[str]:
        return [
            embedded_text(p.header, document.text[p.span.start : p.span.end])
            for document, _, passages in self.cuts.values()
            for p in passages
        ]

    def forget_orphans(self) -> None:
        self.embedded &= set(self.passage_texts())


TestLibraryState = LibraryMachine.TestCase
TestLibraryState.settings = settings(max_examples=30, stateful_step_count=15, deadline=None)
