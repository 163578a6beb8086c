"""What a question wants made of figures, as a linear model tells by its words.

Multinomial logistic regression on the tf-idf of one to three words in a row, taught by
eval/question_forms on 7,200 questions: words for "which was dearer" or "plus the number of" are
too many to be written down. Names, numbers, years and months are told by their shape alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("wanted.npz")
_MOST_WORDS = 3
_YEAR = re.compile(r"\b(?:19|20)\d\d(?:[-–/]\d\d)?\b")
_MONTH = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_NAME = re.compile(r"(?<=[\w,;:'–—)] )[“‘(]?[A-ZÀ-ÖØ-Þ][\w'-]*(?: [A-Z][\w'-]*)*")
_NUMBER = re.compile(r"\d[\d.,]*")
_TERM = re.compile(r"[a-z']+|[?%£$€,:;-]|[0-9]")
_BEGIN = "^"


class Form(StrEnum):
    """What is wanted."""

    ONE = "one"
    """A figure that is stated."""
    LIST = "list"
    COMPARISON = "comparison"
    PREMISE = "premise"
    """Whether a figure is right, or one is taken for granted."""
    DIFFERENCE = "difference"
    CHANGE = "change"
    SHARE = "share"
    SUM = "sum"
    TIMES = "times"


@dataclass(frozen=True, slots=True)
class FormWeights:
    """The linear model.

    Args:
        terms: one to three words, by their column.
        idf: float32 [terms].
        weights: float32 [terms, forms].
        constants: float32 [forms].
        forms: in the order of the columns.
    """

    terms: Mapping[str, int]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    constants: NDArray[np.float32]
    forms: tuple[Form, ...]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what :meth:`save` wrote.

        Raises:
            OSError, ValueError, KeyError: it is no such file.
        """
        with np.load(path, allow_pickle=False) as stored:
            terms = bytes(stored["terms"]).decode().split("\n")
            return cls(
                {term: column for column, term in enumerate(terms)},
                stored["idf"].astype(np.float32),
                stored["weights"].astype(np.float32),
                stored["constants"].astype(np.float32),
                tuple(map(Form, bytes(stored["forms"]).decode().split("\n"))),
            )

    def save(self, path: Path) -> None:
        """Write it in half precision."""
        np.savez_compressed(
            path,
            terms=np.frombuffer("\n".join(self.terms).encode(), np.uint8),
            forms=np.frombuffer("\n".join(self.forms).encode(), np.uint8),
            idf=self.idf.astype(np.float16),
            weights=self.weights.astype(np.float16),
            constants=self.constants,
        )

    def read(self, question: str) -> dict[Form, float]:
        """How likely each form is; they add up to 1."""
        counts = Counter(term for term in terms_of(question) if term in self.terms)
        columns = [self.terms[term] for term in counts]
        values = (1 + np.log(np.array([*counts.values()], np.float32))) * self.idf[columns]
        length = float(np.sqrt(np.sum(values**2))) or 1.0
        logits = self.constants + (values / length) @ self.weights[columns]
        shares = np.exp(logits - logits.max())
        return dict(zip(self.forms, map(float, shares / shares.sum()), strict=True))


def wanted(question: str) -> dict[Form, float]:
    """How likely each form is that a question may have; they add up to 1.

    >>> max((told := wanted("Which was dearer, bread or milk?")), key=told.get).value
    'comparison'
    """
    return _shipped().read(question)


def terms_of(question: str) -> list[str]:
    """One to three words of a question in a row, what they name left out."""
    text = question.replace("’", "'")
    for pattern, sign in ((_YEAR, " yyy "), (_MONTH, " mmm "), (_NAME, " nnn "), (_NUMBER, " 1 ")):
        text = pattern.sub(sign, text)
    words = [_BEGIN, *_TERM.findall(text.lower())]
    return [
        " ".join(words[start : start + n])
        for n in range(1, _MOST_WORDS + 1)
        for start in range(len(words) - n + 1)
    ]


@cache
def _shipped() -> FormWeights:
    return FormWeights.load(WEIGHTS)
