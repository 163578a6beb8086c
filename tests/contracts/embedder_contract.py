"""What every embedder must do; subclass and say how to make one."""

from __future__ import annotations

import numpy as np
import pytest

from rag.protocols import Embedder

TEXTS = (
    "The harbour handled 4,310 tonnes of cargo in May.",
    "Rain.",
    "A much longer text, so that the rows of one batch differ in length. " * 2,
    "Cargo in May: 4,310 tonnes, said the harbour.",
    "Çà et là — 東京、🙂 naïve",
)
ODD_TEXTS = (
    "",
    " \n ",
    "🙂",
    "\x00",
    "\ud800 lone",
    "[SEP] [MASK] [PAD]",
    "x" * 5000,
    "word " * 3000,
)


class EmbedderContract:
    """Inherit and override :meth:`embedder`."""

    @pytest.fixture
    def embedder(self) -> Embedder:
        raise NotImplementedError

    def test_a_row_a_text_in_single_precision_and_of_unit_length(self, embedder: Embedder) -> None:
        vectors = embedder.embed_documents(TEXTS)
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(TEXTS), embedder.dimension)
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)

    def test_no_texts_give_no_rows(self, embedder: Embedder) -> None:
        vectors = embedder.embed_documents([])
        assert vectors.shape == (0, embedder.dimension)
        assert vectors.dtype == np.float32

    def test_a_query_is_embedded_as_a_text_by_itself(self, embedder: Embedder) -> None:
        vector = embedder.embed_query(TEXTS[0])
        assert vector.dtype == np.float32
        assert np.array_equal(vector, embedder.embed_documents(TEXTS[:1])[0])

    def test_rows_come_in_the_order_of_the_texts(self, embedder: Embedder) -> None:
        together = embedder.embed_documents(TEXTS)
        alone = np.stack([embedder.embed_query(text) for text in TEXTS])
        assert np.abs(together - alone).max() < 1e-5
        assert np.abs(embedder.embed_documents(TEXTS[::-1])[::-1] - alone).max() < 1e-5

    def test_the_same_texts_have_the_same_vectors_bit_for_bit(self, embedder: Embedder) -> None:
        first = embedder.embed_documents(TEXTS)
        embedder.embed_query("something else")
        assert np.array_equal(embedder.embed_documents(TEXTS), first)

    @pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: ascii(text[:12]))
    def test_any_text_has_a_vector(self, embedder: Embedder, text: str) -> None:
        vectors = embedder.embed_documents([text, TEXTS[0]])
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
        assert np.abs(vectors[1] - embedder.embed_query(TEXTS[0])).max() < 1e-5

    def test_texts_that_share_words_are_nearer(self, embedder: Embedder) -> None:
        cargo, rain, _, cargo_again, _ = embedder.embed_documents(TEXTS)
        assert cargo @ cargo_again > 0.5 > cargo @ rain

    def test_a_name_tells_the_weights_apart(self, embedder: Embedder) -> None:
        assert embedder.name
