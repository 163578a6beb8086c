"""Right figures with the opposite said of them, or each with the other's subject."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations

from evaluation_samples import right_answer, stated_figures, with_text
from mutants import Mutant, Mutate

from rag.evaluation import Case, ExpectedFigure, score_answer

_ROSE, _FELL = (
    ("rose", "risen", "up", "increase", "increased"),
    ("fell", "fall", "down", "drop", "decrease"),
)
_DENIED = re.compile(r"\b(?:not|no|never|none|nobody|neither|without)\b|n[’']t\b", re.IGNORECASE)
# "Rose by 18%" and "an 18% rise": what stands between says of no other figure that it rose.
_NEAR_BEFORE = r"\b(?:{words})\b(?: \w+){{0,2}} (?:\w+ )?{figure}"
_NEAR_AFTER = r"{figure}(?: per cent| percent)? (?:{words})\b"
_WORD = re.compile(r"[^\W_]{4,}")
_FORMS = {
    True: ("It rose by {}", "There was a rise of {}", "It was up {}"),
    False: ("It fell by {}", "There was a fall of {}", "It was down {}"),
}


def sense_turned(case: Case) -> Iterator[Mutant]:
    """That something rose where its sentence says that it fell, and the other way round."""
    for words in stated_figures(case):
        rises = _says(case, words, _ROSE)
        if rises is not _says(case, words, _FELL):
            for right, turned in zip(_FORMS[rises], _FORMS[not rises], strict=True):
                yield from _spoilt(case, right.format(words), turned.format(words))


def denied(case: Case) -> Iterator[Mutant]:
    """That it was not so many, or that so many were not."""
    stated = [source.quote for source in case.sources]
    asked = [case.question, *(figure.scope for figure in case.figures)]
    asked += [words for group in case.texts for words in group]
    for words in stated_figures(case):
        yield from _spoilt(case, f"It was {words}", f"It was not {words}")
        if not any(_DENIED.search(text) for text in [*stated, *asked]):
            yield from _spoilt(case, f"{words} was counted", f"{words} was not counted")
            yield from _spoilt(case, f"It came to {words}", f"It never came to {words}")


def subjects_exchanged(case: Case) -> Iterator[Mutant]:
    """Two figures of an answer on each other's subjects, in three ways of saying it."""
    words = stated_figures(case)
    for i, j in permutations(range(len(case.figures)), 2):
        one, other = case.figures[i], case.figures[j]
        if one.value == other.value or not _differ(one, other):
            continue
        first, second = (f"{figure.scope} {figure.period}" for figure in (one, other))
        for form in (
            "For {0} it was {2}, and for {1} it was {3}",
            "{2} is the figure of {0} while {3} is that of {1}",
            "For {0} and {1} the figures are {2} and {3}",
        ):
            right = form.format(first, second, words[i], words[j])
            yield from _spoilt(case, right, form.format(first, second, words[j], words[i]))


SENSE_MUTATIONS: tuple[Mutate, ...] = (sense_turned, denied, subjects_exchanged)


def _spoilt(case: Case, right: str, wrong: str) -> Iterator[Mutant]:
    """The wrong form of an answer, where the right one is scored right."""
    sound = right_answer(case)
    if score_answer(case, with_text(sound, f"{right} [1]")).right:
        yield Mutant(case, with_text(sound, f"{wrong} [1]"))


def _says(case: Case, figure: str, verbs: tuple[str, ...]) -> bool:
    """Whether a sentence of the case has one of some words right beside a figure."""
    parts = {"words": "|".join(verbs), "figure": re.escape(figure)}
    patterns = [re.compile(form.format(**parts)) for form in (_NEAR_BEFORE, _NEAR_AFTER)]
    return any(pattern.search(source.quote) for source in case.sources for pattern in patterns)


def _differ(one: ExpectedFigure, other: ExpectedFigure) -> bool:
    """Whether each of two figures has a word of scope or period that the other has not."""
    first, second = (
        {word[:6] for word in _WORD.findall(f"{figure.scope} {figure.period}".lower())}
        for figure in (one, other)
    )
    return bool(first - second) and bool(second - first)
