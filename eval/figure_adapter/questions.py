"""What is taught: the questions on news of eval/answer_scorer and eval/question_forms, by article.

Each has the reply that is wanted: the figure as its sentence has it, several of them parted by
semicolons, figures with the signs of what is computed of them, or none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.chunking import PassageChunker
from rag.readers.markdown import MarkdownReader, strip_marks
from rag.schema import DocumentInfo

EVAL = Path(__file__).parent.parent
NEWS = EVAL / "answer_scorer" / "news"
SEVERAL = EVAL / "question_forms" / "several"
_LONGEST = 10_000
"""Passages are not needed here: an article may be one."""


@dataclass(frozen=True, slots=True)
class Article:
    """What is known of an article, and its sentences in their order."""

    info: DocumentInfo
    folder: str
    sentences: tuple[str, ...]

    def with_quote(self, quote: str) -> tuple[int, ...]:
        """Which sentences hold a quote, or are a part of it."""
        plain = _plain(quote)
        return tuple(i for i, s in enumerate(self.sentences) if plain in s or s in plain)


@dataclass(frozen=True, slots=True)
class Taught:
    """A question and the reply that is wanted."""

    kind: str
    """single, part, several, premise or absent."""
    text: str
    reply: str | None
    """None where the article does not say."""
    quotes: tuple[tuple[str, str], ...]
    """Names of articles and what they are quoted with."""
    tempts: str = ""
    """A figure of the article that is not the answer, where there is none."""


def read_articles(folder: Path = NEWS) -> dict[str, Article]:
    """Read the articles, by their names."""
    paths = sorted(folder.glob("*/*.md"))
    return {path.stem: _article(path) for path in paths}


def read_taught(*folders: Path) -> dict[str, list[Taught]]:
    """Read the questions, by the article that they are asked of."""
    found: dict[str, list[Taught]] = {}
    for folder in folders or (NEWS, SEVERAL):
        for path in sorted(folder.glob("*.jsonl")):
            for line in path.read_text("utf-8").splitlines():
                for article, question in _questions(json.loads(line)):
                    found.setdefault(article, []).append(question)
    return found


def _article(path: Path) -> Article:
    (document,) = MarkdownReader().read(path.read_bytes(), str(path))
    sentences, _ = PassageChunker(len, _LONGEST).split(document)
    return Article(document.info, path.parent.name, tuple(_one_line(s.text) for s in sentences))


def _questions(told: Mapping[str, Any]) -> Iterator[tuple[str, Taught]]:
    article, kind, text = told["article"], told["kind"], told["question"]
    if kind == "absent":
        yield article, Taught("absent", text, None, (), told.get("tempts") or "")
        return
    if kind != "multi":
        alone = ((article, told["quote"]),)
        yield article, Taught(_alone(kind), text, told["answer"], alone)
        return
    quotes = tuple((part.get("article", article), part["quote"]) for part in told["parts"])
    for part, quote in zip(told["parts"], quotes, strict=True):
        yield quote[0], Taught("part", part["question"], part["answer"], (quote,))
    if reply := _joined(told):
        yield article, Taught("several", text, reply, quotes)


def _alone(kind: str) -> str:
    return "premise" if kind == "premise" else "single"


def _joined(told: Mapping[str, Any]) -> str:
    """Figures and what is to be computed of them; empty where that is not told."""
    answers = [part["answer"] for part in told["parts"]]
    if told["form"] != "compute":
        return "; ".join(answers)
    named = dict(zip("abcdefg", answers, strict=False))
    return re.sub(r"\b[a-g]\b", lambda name: named[name[0]], told.get("formula") or "")


def _plain(text: str) -> str:
    return _one_line(strip_marks(text)[0])


def _one_line(text: str) -> str:
    return " ".join(text.split())
