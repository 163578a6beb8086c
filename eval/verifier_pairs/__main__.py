"""Writes tests/data/verifier_pairs.jsonl: python -m eval.verifier_pairs.

The pairs come from four places: texts by hand, sentences with slots, the right texts by hand with
a figure of their own article in place of another, and sentences of the articles in eval/articles
with two figures exchanged or one changed. A source and all texts about it fall into one half.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import combinations
from pathlib import Path

from rag.evaluation.restating import RESTATABLE, other_values, restated
from rag.figures import Agreement, agree, find_figures, same_unit
from rag.readers import read_bytes
from rag.schema import Document, Figure, FigureKind
from rag.text import split_sentences

HERE = Path(__file__).parent
ARTICLES = HERE.parent / "articles"
TARGET = HERE.parents[1] / "tests" / "data" / "verifier_pairs.jsonl"
_SUBJECTS = ("weather", "sport", "health")
_EXCHANGED = RESTATABLE | {FigureKind.YEAR, FigureKind.RATIO}
_MOST_OF_ARTICLES = 60
_SEED = 5


@dataclass(frozen=True)
class Pair:
    """A text, what it is said of, and whether it follows from it."""

    right: bool
    kind: str
    """How a right text differs from its source, or what is wrong with a wrong one."""
    by: str
    text: str
    sources: tuple[str, ...]
    published: str | None = None
    dev: bool = False
    """Whether it was added to the dev half; else a toss says which half it is in."""


def pairs_by_hand() -> Iterator[Pair]:
    """Yield what by_hand.txt has."""
    for group in (HERE / "by_hand.txt").read_text("utf-8").split("\n\n"):
        lines = [line for line in group.splitlines() if line and not line.startswith("#")]
        sources = tuple(line[2:] for line in lines if line.startswith("S "))
        published = next((line[2:] for line in lines if line.startswith("P ")), None)
        for line in lines:
            if line[0] in "+-":
                kind, _, text = line[2:].partition(": ")
                yield Pair(line[0] == "+", kind, "hand", text, sources, published, dev="D" in lines)


def pairs_of_frames() -> Iterator[Pair]:
    """Yield what frames.toml makes."""
    for frame in tomllib.loads((HERE / "frames.toml").read_text("utf-8"))["frame"]:
        for row in frame["fill"]:
            words = dict(zip(frame["slots"], row, strict=True))
            source = _filled(frame["source"], words)
            for right in (True, False):
                for template in frame["right" if right else "wrong"]:
                    kind, _, text = template.partition(": ")
                    yield Pair(right, kind, "frame", _filled(text, words), (source,))


def with_a_figure_of_the_source(pair: Pair) -> Iterator[Pair]:
    """Yield a right text with each figure in turn replaced by one of its source."""
    own = find_figures(pair.text)
    for figure in own:
        for other in find_figures("\n".join(pair.sources)):
            if _can_be_exchanged(figure, other) and not any(_same(other, one) for one in own):
                text = pair.text[: figure.span.start] + other.text + pair.text[figure.span.end :]
                yield replace(
                    pair, right=False, kind="other figure", by="script", text=_capital(text)
                )


def pairs_of_articles() -> Iterator[Pair]:
    """Yield sentences of articles as they are, with two figures exchanged, and with one changed."""
    rng = random.Random(_SEED)  # noqa: S311 - a draw that can be repeated
    sentences = list(_sentences())
    rng.shuffle(sentences)
    for sentence in sentences[:_MOST_OF_ARTICLES]:
        figures = find_figures(sentence)
        yield Pair(True, "verbatim", "script", sentence, (sentence,))
        exchanged = next(_exchanged(sentence, figures), None)
        if exchanged:
            yield Pair(False, "swapped", "script", exchanged, (sentence,))
        figure = next((f for f in figures if f.kind in RESTATABLE), None)
        value = next(other_values(figure, rng), None) if figure else None
        written = restated(figure, value) if figure and value is not None else None
        if figure and written:
            text = sentence[: figure.span.start] + written + sentence[figure.span.end :]
            yield Pair(False, "digit", "script", text, (sentence,))


def all_pairs() -> list[Pair]:
    """Return every pair, without doubles."""
    by_hand = list(pairs_by_hand())
    replaced = [new for p in by_hand if p.right for new in with_a_figure_of_the_source(p)]
    found: dict[tuple[str, tuple[str, ...]], Pair] = {}
    for pair in (*by_hand, *pairs_of_frames(), *replaced, *pairs_of_articles()):
        found.setdefault((pair.text, pair.sources), pair)
    return list(found.values())


def lines() -> list[str]:
    """Return the pairs as lines of JSON, each with its half."""
    written = []
    for pair in all_pairs():
        fields = asdict(pair)
        del fields["dev"]
        written.append(json.dumps({"half": _half(pair), **fields}, ensure_ascii=False))
    return written


def _half(pair: Pair) -> str:
    """Which half the sources of a pair are in: a toss that stays as it fell."""
    if pair.dev:
        return "dev"
    return "held" if hashlib.sha256(" ".join(pair.sources).encode()).digest()[0] % 2 else "dev"


def _filled(template: str, words: dict[str, str]) -> str:
    """A template with its words; "The port" is lower case within a sentence."""
    inner = {
        key: re.sub(r"^(The|More|Nearly|At|About)\b", lambda m: m[0].lower(), word)
        for key, word in words.items()
    }
    return re.sub(r"(?:^|(?<=[.!?] ))\w", lambda m: m[0].upper(), template.format(**inner))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _same(one: Figure, other: Figure) -> bool:
    return agree(one, other) is not Agreement.DIFFERENT


def _can_be_exchanged(one: Figure, other: Figure) -> bool:
    alike = one.kind is other.kind and same_unit(one.unit, other.unit)
    return alike and one.kind in _EXCHANGED and not _same(one, other) and not _same(other, one)


def _exchanged(sentence: str, figures: Sequence[Figure]) -> Iterator[str]:
    """Yield the sentence with two of its figures, that make no range, in each other's place."""
    for one, other in combinations(figures, 2):
        between = sentence[one.span.end : other.span.start]
        if not _can_be_exchanged(one, other) or re.fullmatch(r"\W*(?:to|and|or)?\W*", between):
            continue
        text = (
            f"{sentence[: one.span.start]}{other.text}{between}{one.text}"
            f"{sentence[other.span.end :]}"
        )
        if len(find_figures(text)) == len(figures):
            yield _capital(text)


def _sentences() -> Iterator[str]:
    for subject in _SUBJECTS:
        for path in sorted((ARTICLES / subject).glob("*.md")):
            for document in read_bytes(path.read_bytes(), path.name, path.suffix):
                if isinstance(document, Document):
                    for found in split_sentences(document.text):
                        sentence = document.text[found.span.start : found.span.end]
                        if len([f for f in find_figures(sentence) if f.kind in RESTATABLE]) > 1:
                            yield sentence


if __name__ == "__main__":
    TARGET.write_text("\n".join(lines()) + "\n", "utf-8")
