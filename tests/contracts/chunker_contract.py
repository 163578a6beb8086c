"""What every chunker must do; subclass and say how to make one."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.protocols import Chunker
from rag.schema import Document, DocumentInfo, Passage, Sentence, Span
from rag.text import normalise

Cut = tuple[tuple[Sentence, ...], tuple[Passage, ...]]

# Text that tokenizers and splitters trip over: what has no spaces, what falls apart into many
# word pieces, what vanishes, what looks like a special token.
_BITS = st.sampled_from(
    [
        *(
            "Rain fell. ",
            "It rose by 4.5%",
            ". ",
            "\n",
            "\n\n",
            " ",
            "? “",
            "!”",
            "…",
            "。",
            "U.S. ",
        ),
        *("odune", "iloroloire", "[SEP]", "[CLS] ", "##ing", "https://a.example/b?c=d&e=f "),
        *("한국어", "東京都", "สวัสดี", "ﷺ", "🙂", "é", "a\u0301\u0316", "ß", "\ufb03", "Ⅻ", "½"),
    ]
)
_CHUNKS = st.tuples(_BITS | st.text(max_size=12), st.integers(1, 60)).map(
    lambda pair: pair[0] * pair[1]
)
TEXTS = st.lists(_CHUNKS, max_size=12).map("".join).map(normalise)
TITLES = st.none() | st.text(min_size=1, max_size=300) | _CHUNKS


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Any document that a reader could give: normalised text, boilerplate in order."""
    text = draw(TEXTS)
    at = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    title = " ".join(normalise(draw(TITLES) or "").split()) or None
    return document(
        text,
        title=title,
        published=draw(st.none() | st.dates()),
        boilerplate=tuple(Span(a, b) for a, b in zip(at[::2], at[1::2], strict=False) if a < b),
    )


def document(
    text: str,
    *,
    title: str | None = None,
    published: date | None = None,
    boilerplate: tuple[Span, ...] = (),
) -> Document:
    info = DocumentInfo("d", "/d.txt", "text/plain", "0" * 64, title=title, published=published)
    return Document(info, text, boilerplate=boilerplate)


def check_cut(whole: Document, cut: Cut) -> None:
    """Sentences and passages that hold to each other and to the text."""
    sentences, passages = cut
    text = whole.text
    spans = [sentence.span for sentence in sentences]
    assert [sentence.position for sentence in sentences] == list(range(len(sentences)))
    assert all(text[s.span.start : s.span.end] == s.text for s in sentences)
    assert _uncovered(text, spans) == ""
    assert [passage.position for passage in passages] == list(range(len(passages)))
    assert _uncovered(text, [passage.span for passage in passages]) == ""
    for passage in passages:
        first, last = sentences[passage.first_sentence], sentences[passage.last_sentence]
        members = sentences[passage.first_sentence : passage.last_sentence + 1]
        # A piece of one long sentence may stop short of its end, at either side.
        assert first.span.start <= passage.span.start < first.span.end
        assert last.span.start < passage.span.end <= last.span.end
        assert {member.boilerplate for member in members} == {passage.boilerplate}
        assert passage.n_tokens > 0
    for passage, following in pairwise(passages):
        assert following.first_sentence - passage.last_sentence in {0, 1}
    assert {sentence.document_id for sentence in sentences} <= {whole.info.id}
    assert {passage.document_id for passage in passages} <= {whole.info.id}
    assert len({passage.header for passage in passages}) <= 1


def _uncovered(text: str, spans: list[Span]) -> str:
    """What lies between spans that follow each other, whitespace left out."""
    edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
    assert edges == sorted(edges)
    assert all(len(span) for span in spans)
    return "".join(text[a:b].strip() for a, b in zip(edges[::2], edges[1::2], strict=True))


class ChunkerContract:
    """Inherit and override :meth:`chunker`."""

    @pytest.fixture
    def chunker(self) -> Chunker:
        raise NotImplementedError

    @settings(
        max_examples=100,
        deadline=None,
        # A chunker keeps nothing, so that all examples may share it.
        suppress_health_check=[
            HealthCheck.differing_executors,
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
        ],
    )
    @given(whole=documents())
    def test_every_sentence_is_in_passages_in_order(
        self, chunker: Chunker, whole: Document
    ) -> None:
        check_cut(whole, chunker.split(whole))

    @pytest.mark.parametrize("text", ["", "\n", " \n "])
    def test_a_document_without_words_has_no_sentence(self, chunker: Chunker, text: str) -> None:
        assert chunker.split(document(text, title="A title")) == ((), ())

    def test_the_same_document_is_cut_the_same(self, chunker: Chunker) -> None:
        whole = document("Rain fell. It rose.\n\nRoads flooded. " * 50, title="Rain")
        assert chunker.split(whole) == chunker.split(whole)

    def test_boilerplate_has_passages_of_its_own(self, chunker: Chunker) -> None:
        text = "Rain fell. Share this page. Call us. It rose."
        cut = chunker.split(document(text, boilerplate=(Span(11, 27), Span(28, 36))))
        check_cut(document(text), cut)
        assert [(text[p.span.start : p.span.end], p.boilerplate) for p in cut[1]] == [
            ("Rain fell.", False),
            ("Share this page. Call us.", True),
            ("It rose.", False),
        ]
