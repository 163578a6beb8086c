"""The words of a sentence as they are compared: stems with weights, and names."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence

from rag.schema import Figure, FigureKind, Span, Statement

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")
_CAPITAL = re.compile(r"(?<!\w)[^\W\d_a-zß-öø-ÿ][\w’'.]*")
_RUN = re.compile(rf"{_CAPITAL.pattern}(?:[ -]{_CAPITAL.pattern})*")
_BREAK = re.compile(
    r"[,;:()–—]|\b(?:after|against|and|but|compared|from|or|than|versus|whereas|while)\b"
)
_HELPING = frozenset({FigureKind.YEAR, FigureKind.DATE, FigureKind.ORDINAL, FigureKind.IDENTIFIER})
_ENDING = re.compile(r"(?:['’]s|ing|ed|es|s|e|y|ies)$")
# "vaccine", "vaccinated" and "vaccination" are one; "homes" and "home" too.
_STEM = 6
_LEAST_STEM = 3
_NAME_STEM = 5
"""Of "Portugal" and "Portuguese" as much is alike."""
_CALENDAR = (
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday"
)
# Beside function words those that say how much, when or which way: figures, periods and changes
# are compared as such.
_EMPTY_WORDS = (
    "a about after all almost also an and any are around as at be been before being between both "
    "but by can could did do does down each else even ever every for from had has have he her him "
    "his himself how i if in into is it its itself herself themselves just last less like made "
    "make many me might more most much must my nearly no nor not now of off on once one only or "
    "other our out over own per said same say says she should since so some still such than that "
    "the their them then there these they this those through to today together too under until up "
    "upon us very was we were what when where which while who whom whose why will with would year "
    "years yet you your month months week weeks day days percent cent million billion thousand "
    "hundred total number figure roughly approximately according reported told put rise rises "
    "rising rose risen fall falls fell fallen increase increases increased increasing decrease "
    "decreased drop drops dropped decline declined declining reduce reduced gain gained grew "
    "grown higher lower fewer greater smaller above below amount amounted average averaged came "
    "come stood stand reach reached two three four five six seven eight nine ten eleven twelve "
    "dozen half"
)
_EMPTY = frozenset(f"{_EMPTY_WORDS} {_CALENDAR}".split())
_NO_NAMES = frozenset(w[:_NAME_STEM] for w in f"{_CALENDAR} i the mr mrs ms dr".split())


class Weights:
    """How much a stem tells: idf over the library's articles, as BM25 has it, 0 to 1.

    A word that no article has weighs 1, so that weights mean the same in libraries of any size.

    Args:
        vocabulary: in how many articles each word stands.
        n_documents: how many articles there are.
    """

    def __init__(self, vocabulary: Mapping[str, int], n_documents: int) -> None:
        counts: dict[str, int] = {}
        for word, documents in vocabulary.items():
            for one in _stems(word):
                counts[one] = min(counts.get(one, 0) + documents, n_documents)
        self._known = frozenset(vocabulary)
        self._n = max(n_documents, 1)
        most = self._idf(0)
        self._weights = {one: self._idf(count) / most for one, count in counts.items()}

    def of(self, stem: str) -> float:
        """The weight of one stem."""
        return self._weights.get(stem, 1.0)

    def sum(self, stems: Iterable[str]) -> float:
        """The weight of several."""
        return math.fsum(self.of(one) for one in stems)

    def knows(self, word: str) -> bool:
        """Whether any article has the word."""
        return word.lower() in self._known

    def _idf(self, count: int) -> float:
        return math.log(1 + (self._n - count + 0.5) / (count + 0.5))


def stems(text: str) -> frozenset[str]:
    """The stems of the telling words of a text; figures, units and calendar words are left out.

    >>> sorted(stems("The vaccinated homes were flooded in May 2024."))
    ['flood', 'hom', 'vaccin']
    """
    return frozenset(one for word in _WORD.findall(text) for one in _stems(word.lower()))


def _stems(word: str) -> tuple[str, ...]:
    if word in _EMPTY or len(word) < _LEAST_STEM:
        return ()
    bare = _ENDING.sub("", word)
    return ((bare if len(bare) >= _LEAST_STEM else word)[:_STEM],)


def names(text: str, *, first_too: bool = False) -> frozenset[str]:
    """The capitalised words of a text, cut; its first word only where ``first_too`` says so.

    >>> sorted(names("Storms hit Harnby's port and Wick Sands."))
    ['harnb', 'sands', 'wick']
    """
    first = first_word(text)
    found = (match for match in _CAPITAL.finditer(text) if first_too or match.start() != first)
    return frozenset(cut for match in found if (cut := name_stem(match[0])) not in _NO_NAMES)


def part_of(text: str, of: Statement, all_of: Sequence[Statement]) -> Span:
    """The words between a figure and its neighbours that are its own: up to the first break.

    A clause ends where the grammar does; "Girls are at 44 and boys at 54" names the boys before
    that, and who is meant is what is exchanged by mistake.
    """
    spans = sorted({s.figure.span for s in all_of if s.figure.kind not in _HELPING})
    before = [span for span in spans if span.end <= of.figure.span.start]
    behind = [span for span in spans if span.start >= of.figure.span.end]
    start = _broken(text, before[-1].end, of.figure.span.start) if before else 0
    end = _broken(text, of.figure.span.end, behind[0].start) if behind else len(text)
    return Span(start, max(start, end))


def _broken(text: str, start: int, end: int) -> int:
    match = _BREAK.search(text, start, end)
    return match.start() if match else start + (end - start) // 2


def near_names(text: str, of: Statement, all_of: Sequence[Statement]) -> frozenset[str]:
    """The name nearest to a figure: before it in its part, behind it there, before it at all."""
    part, figure = part_of(text, of, all_of), of.figure.span
    for start, end, last in (
        (part.start, figure.start, True),
        (figure.end, part.end, False),
        (0, figure.start, True),
    ):
        found = (match[0] for match in _RUN.finditer(text, start, max(start, end)))
        runs = [run for run in found if names(run, first_too=True)]
        if runs:
            return names(runs[-1 if last else 0], first_too=True)
    return frozenset()


def first_word(text: str) -> int:
    """Where the first word of a text begins; its length where there is none."""
    match = re.search(r"\w", text)
    return match.start() if match else len(text)


def name_stem(word: str) -> str:
    """A name as names are compared: "Harnby's" as "Harnby", "U.S." as "US"."""
    return re.sub(r"['’]s?$", "", word.replace(".", "")).lower()[:_NAME_STEM]


def abbreviates(name: str, text: str) -> bool:
    """Whether a name is made of the first letters of words that follow on each other.

    >>> abbreviates("gdp", "3.4% of gross domestic product")
    True
    """
    letters = "".join(word[0] for word in re.findall(r"[^\W\d_]+", text.lower()))
    return len(name) >= _LEAST_STEM and name in letters


def without_figures(text: str, figures: Iterable[Figure]) -> str:
    """The text with its figures blanked out; offsets stay."""
    for figure in figures:
        start, end = figure.span.start, figure.span.end
        text = text[:start] + " " * (end - start) + text[end:]
    return text
