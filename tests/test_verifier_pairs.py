"""The verifier on texts that follow from their sources and on texts that do not."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import rag
from eval.verifier_pairs.__main__ import lines
from rag.schema import Document, DocumentInfo, Evidence, Sentence, Verification
from rag.text import split_sentences
from rag.verification import EvidenceVerifier

PAIRS = Path(__file__).parent / "data" / "verifier_pairs.jsonl"


@dataclass(frozen=True, slots=True)
class Pair:
    """A text, the articles it speaks of, and whether it follows from them."""

    half: str
    right: bool
    kind: str
    by: str
    text: str
    sources: tuple[str, ...]
    published: str | None


@cache
def pairs() -> tuple[Pair, ...]:
    rows = map(json.loads, PAIRS.read_text("utf-8").splitlines())
    return tuple(Pair(**{**row, "sources": tuple(row["sources"])}) for row in rows)


def documents(pair: Pair) -> list[Document]:
    published = date.fromisoformat(pair.published) if pair.published else None
    return [
        Document(
            DocumentInfo(f"{n}", f"/{n}.txt", "text/plain", "0" * 64, published=published), text
        )
        for n, text in enumerate(pair.sources)
    ]


def as_any_text(pair: Pair) -> Verification:
    return rag.verify(pair.text, documents(pair))


def as_an_answer(pair: Pair) -> Verification:
    """Every sentence of the text cites every sentence of the articles."""
    found: list[Evidence] = []
    for document in documents(pair):
        lead = None
        for position, s in enumerate(split_sentences(document.text)):
            text = document.text[s.span.start : s.span.end]
            sentence = Sentence(document.info.id, position, s.span, text, s.paragraph)
            found.append(Evidence(sentence, document.info, 0.1, 0.6, 0.7, lead=lead))
            lead = sentence
    markers = "".join(f" [{n + 1}]" for n in range(len(found)))
    sentences = [pair.text[s.span.start : s.span.end] for s in split_sentences(pair.text)]
    return EvidenceVerifier().verify(" ".join(s + markers for s in sentences), found)


def test_the_pairs_are_as_they_are_made() -> None:
    assert PAIRS.read_text("utf-8").splitlines() == lines()


def test_the_pairs_are_many_and_of_both_halves() -> None:
    for right in (True, False):
        chosen = [pair for pair in pairs() if pair.right is right]
        assert len(chosen) >= 500
        assert len([pair for pair in chosen if pair.by == "hand"]) >= 150
        assert len([pair for pair in chosen if pair.half == "held"]) >= 200
    halves = {half: {p.sources for p in pairs() if p.half == half} for half in ("dev", "held")}
    assert not halves["dev"] & halves["held"]


# What was reached, less one pair in a hundred: docs/EVALUATION.md has the numbers.
FLOORS = {
    ("dev", True): 0.98,
    ("dev", False): 0.98,
    ("held", True): 0.943,
    ("held", False): 0.951,
}


@pytest.mark.parametrize("check", [as_any_text, as_an_answer])
@pytest.mark.parametrize(("half", "right"), FLOORS)
def test_right_texts_pass_and_wrong_ones_do_not(
    half: str, right: bool, check: Callable[[Pair], Verification]
) -> None:
    chosen = [pair for pair in pairs() if pair.half == half and pair.right is right]
    judged = [check(pair).passed is right for pair in chosen]
    assert statistics.mean(judged) >= FLOORS[half, right]


def test_a_sentence_is_checked_in_a_few_milliseconds() -> None:
    taken = []
    for pair in pairs()[:200]:
        started = time.thread_time()
        as_an_answer(pair)
        taken.append(time.thread_time() - started)
    assert statistics.median(taken) < 0.005  # seconds; 0.0012 on an idle core
