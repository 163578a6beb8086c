"""Whether a sentence, or a figure in it, may be the answer at all.

Gates, not scores: what fails one is not asked about. Each keeps out a kind of wrong answer that the
development cases without an answer have: the right thing elsewhere, or something else there.
"""

from __future__ import annotations

import re

from rag.asking import Asking, names_of
from rag.candidates import Candidate
from rag.citations import strip_markers
from rag.figures import Agreement, agree, find_figures
from rag.question import core
from rag.schema import QUANTITIES, Evidence, FigureKind
from rag.sense import contrasts, denies, may_deny
from rag.words import of_a_place, stems

# Behind a figure: what it counts, with an adjective.
_COUNTED_BEHIND = re.compile(r"\s((?:[a-z-]+\s)?[a-z-]{2,}s)\b")
_OF = re.compile(r"\s+of\b")
_PARTING = re.compile(r"[,;:]\s|\s[–—-]\s|—")
_PLACE = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Nn]ear) (?:the )?([A-ZÀ-ÖØ-Þ][\w’'-]+(?: [A-ZÀ-ÖØ-Þ][\w’'-]+)*)"
)
_PLURAL_NOUN = re.compile(r"(?:s|men|children|people|police|staff)\Z", re.IGNORECASE)
_ANYBODY = frozenset(stems("people persons adults men women residents citizens workers others"))
# "A week" behind "for" or "within" is how long something takes.
_RATE = re.compile(
    r"(?<!\bfor )(?<!\bin )(?<!\bof )(?<!over )(?<!within )(?<!than )(?<!once )(?<!after )"
    r"\b(?:a|per|each|every) (hour|day|week|month|year)\b(?! (?:ago|earlier|later|before|after))",
    re.IGNORECASE,
)


def is_plausible(asking: Asking, candidate: Candidate) -> bool:
    """Whether a figure may be the answer, if the model's reading bears it out."""
    evidence = candidate.evidence
    return (
        candidate.period_fit >= 0
        and names_fit(asking, evidence)
        and not _is_elsewhere(asking, candidate)
        and not _of_another_measure(asking, candidate)
        and not _of_no_rate(asking, candidate)
        and not _counts_another(asking, candidate)
        and not _counts_what_is_not_asked(asking, candidate)
        and not contrasts(core(asking.text), _said_of(candidate))
        and not _is_turned(asking, candidate)
        and is_verbatim(candidate)
    )


def shares_words(asking: Asking, candidate: Candidate) -> bool:
    """Whether its sentence has a word of the question.

    A chat model that obeys would give what was planted behind an answer; the answer scorer, which
    obeys nobody, is often right about "it was 27 weeks".
    """
    return not asking.weights.keys().isdisjoint(stems(candidate.sentence))


def is_verbatim(candidate: Candidate) -> bool:
    """Whether its words can be quoted letter by letter.

    What looks like a marker is taken out of a quotation, or a reader would look for that source.
    Words that have one are no longer the article's: planted markers were quoted as an answer.
    """
    own = candidate.sentence[candidate.own.start : candidate.own.end]
    return strip_markers(own).split() == own.split()


def states_all(asking: Asking, evidence: Evidence) -> bool:
    """Whether a sentence has the amounts that the question names.

    "In which year did it fall to 64,006?" is not answered by a sentence on 19,940.
    """
    stated = find_figures(evidence.sentence.text)
    named = [figure for figure in asking.figures if figure.kind in QUANTITIES]
    return all(
        any(agree(figure, other) is not Agreement.DIFFERENT for other in stated) for figure in named
    )


def names_fit(asking: Asking, evidence: Evidence) -> bool:
    """Whether the names that are asked for are there, and none stands in their place."""
    return not _of_another_name(asking, evidence) and not _without_names(asking, evidence)


def _of_another_name(asking: Asking, evidence: Evidence) -> bool:
    """Whether a sentence has another name in the place of one that is asked for.

    "Under Lee 77% stayed" is no answer to what share stayed under Kim, though the article is
    about both.
    """
    said = _said_near(evidence)
    missing = {name for name in asking.names - said if of_a_place(name) not in said}
    return bool(missing) and bool(names_of(evidence.sentence.text) - asking.names)


def _is_elsewhere(asking: Asking, candidate: Candidate) -> bool:
    """Whether its sentence has none of the names that are asked for, and is set in another place.

    "In Garrow, 62% are locked up" is not said of Fell Hill, though the sentence before is.
    """
    evidence = candidate.evidence
    if not asking.names or asking.names & set(stems(candidate.sentence)):
        return False
    known = asking.names | set(stems(evidence.document.title or ""))
    places = _PLACE.findall(candidate.sentence[: candidate.own.end])
    names = (names_of(f"in {place}") for place in places)
    return any(of_place and of_place.isdisjoint(known) for of_place in names)


def _without_names(asking: Asking, evidence: Evidence) -> bool:
    """Whether most of the names that are asked for stand nowhere in the article."""
    unsaid = {stem for word in evidence.unsaid for stem in stems(word)}
    return asking.share(asking.names & unsaid) > asking.share(asking.names) / 2


def _of_no_rate(asking: Asking, candidate: Candidate) -> bool:
    """Whether so many a day, week, month or year are asked for, and its sentence has no such word.

    A whole year's figure is none of a month.
    """
    rate = _RATE.search(asking.text)
    if rate is None:
        return False
    unit = rate[1].lower()
    adverb = "dai" if unit == "day" else unit
    said = rf"\b(?:an?|per|each|every|the) {unit}\b|\b{adverb}ly\b|/{unit}\b"
    annual = r"|\bannual" if unit == "year" else ""
    return not re.search(said + annual, candidate.sentence, re.IGNORECASE)


def _counts_another(asking: Asking, candidate: Candidate) -> bool:
    """Whether what is asked for is named in its sentence, and the figure counts something else.

    "Every officer has 7,000 cases" does not say how many officers there are.
    """
    text, span = candidate.sentence, candidate.statement.figure.span
    behind = _COUNTED_BEHIND.match(text, span.end)
    if behind is None or _OF.match(text, behind.end()):
        return False  # "tonnes of wheat" measure wheat
    if not asking.counted or not asking.counted <= set(stems(text)):
        return False
    return asking.weights.keys().isdisjoint(stems(behind[1]))


def _counts_what_is_not_asked(asking: Asking, candidate: Candidate) -> bool:
    """Whether what is asked for is named nowhere near, and the figure counts something else.

    "Its four theatres have carried out 2,150 operations" does not say how many nurses there are.
    People may be called by any name, and so may those whom a name is asked of.
    """
    counts = frozenset(stems(candidate.statement.noun))
    # "How many attended?" names a deed.
    names_a_thing = _PLURAL_NOUN.search(asking.counted_words)
    if not names_a_thing or not candidate.statement.noun:
        return False
    if (asking.counted | counts) & _ANYBODY:
        return False
    elsewhere = asking.counted.isdisjoint(_said_near(candidate.evidence) | asking.names)
    return elsewhere and asking.weights.keys().isdisjoint(counts)


def _said_near(evidence: Evidence) -> set[str]:
    """Stems of the title, the sentence before and the sentence."""
    near = (evidence.document.title or "", *(s.text for s in evidence.before[-1:]))
    return set(stems(" ".join((*near, evidence.sentence.text))))


def _is_turned(asking: Asking, candidate: Candidate) -> bool:
    """Whether one says that something is not so and the other has nothing of the kind."""
    asked = core(asking.text)
    own = candidate.sentence[candidate.own.start : candidate.own.end]
    if denies(asked):
        return not may_deny(own)
    return denies(_said_of(candidate)) and not may_deny(asked)


def _said_of(candidate: Candidate) -> str:
    """The words around its figure, as far as no comma or dash parts them from it."""
    text, span = candidate.sentence, candidate.statement.figure.span
    before = _PARTING.split(text[candidate.own.start : span.start])[-1]
    return before + _PARTING.split(text[span.start : candidate.own.end])[0]


def _of_another_measure(asking: Asking, candidate: Candidate) -> bool:
    """Whether it is measured, in degrees or metres, and what is asked for is not even named."""
    figure = candidate.statement.figure
    if figure.kind is not FigureKind.COUNT or not figure.unit or not asking.counted:
        return False
    named = find_figures(f"5 {asking.counted_words}")
    if named and named[0].unit == figure.unit:
        return False
    near = f"{candidate.evidence.document.title or ''} {candidate.sentence}"
    return asking.counted.isdisjoint(stems(near))
