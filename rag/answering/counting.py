"""Counts of articles: "How many articles mention Ridgeport?" is answered by the library.

No model reads them and nothing is sampled: the articles that have the words are counted, and the
answer says by which words, so that a reader knows what was counted and what was not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.answering.drafts import Draft
from rag.figures import find_figures
from rag.lexical_index import telling_words
from rag.periods import find_times
from rag.protocols import Corpus
from rag.schema import (
    CheckedFigure,
    DocumentInfo,
    Filters,
    Mentions,
    StatedPeriod,
    Verdict,
    Verification,
)

_MOST_CITED = 5
_MOST_WORDS = 8
"""More words than these are a claim to be read, not a thing to be found."""

_QUESTION = re.compile(
    r"how many (?:of (?:the|these|those|our|your|my) )?(?:news )?"
    r"(?P<noun>articles|reports|documents|stories|sources)"
    r"(?: (?:in|of) (?:the|this|our|your|my) (?:library|collection|archive))?"
    r"(?P<there> (?:are there|are in (?:the|this|our|your|my) (?:library|collection|archive)"
    r"|do (?:i|we|you) have|are indexed))?"
    r"(?:(?: that| which)?(?: are| were)?(?: published| written)? (?:from|by) (?P<outlet>.+?))?"
    r"(?:(?: that| which)? (?P<verb>mention(?:ing)?|name|naming|say(?: that)?|speak of|speaking of"
    r"|(?:are )?about) (?P<subject>.+?))?"
    r"(?: in (?:all|total)| altogether)?",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"(?:(?: that| which)?(?: are| were)? (?:published|written|dated))?"
    r" (?P<word>in|on|during|since|until|before|after|from|between) (?P<time>[^,;]+)$",
    re.IGNORECASE,
)
# Words that turn what a sentence says: whether it says so cannot be told by its words.
_TURNS = re.compile(
    r"\b(?:or|not|no|never|without|neither|nor|except|but|only|how|what|which|headlines?|titles?"
    r"|it|this|they|them|so"
    r"|(?:more|less|fewer|other|rather) than|at (?:least|most)|times)\b|n[’']t\b|[,;:?]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Count:
    """What is to be counted."""

    subjects: tuple[str, ...]
    """An article has all words of each in one sentence, or in its title."""
    outlet: str
    """Publisher or author; empty where none is asked for."""
    since: date | None = None
    until: date | None = None

    @property
    def formula(self) -> str:
        """How it is counted, in words."""
        by = f" from {self.outlet}" if self.outlet else ""
        dated = [f"from {self.since.isoformat()}"] if self.since else []
        dated += [f"to {self.until.isoformat()}"] if self.until else []
        published = f" published {' '.join(dated)}" if dated else ""
        if not self.subjects:
            return f"articles{by}{published}" if by or published else "articles in the library"
        words = [", ".join(_words(subject)) for subject in self.subjects]
        return (
            f"articles{by}{published} with a sentence or a title that has all of: "
            + "; and with one that has all of: ".join(words)
        )


def read_count(question: str) -> Count | None:
    """Return what a question wants to be counted; None where it does not ask for articles.

    >>> read_count("How many of the articles mention Ridgeport?").formula
    'articles with a sentence or a title that has all of: Ridgeport'
    >>> read_count("How many reports did the agency publish?") is None
    True
    """
    asked = " ".join(question.split()).rstrip(" ?.!")
    head, when = _cut(asked)
    match = _QUESTION.fullmatch(head)
    if when and match and (match["verb"] or "").lower().startswith("say"):
        # The time belongs to what is said.
        when, match = _ANY_TIME, _QUESTION.fullmatch(asked)
    if match is None or not _is_of_articles(match, dated=when is not None):
        return None
    subjects = _subjects(match["subject"] or "")
    outlet = (match["outlet"] or "").strip(" “”\"'")
    since, until = when or _ANY_TIME
    if subjects is None or _TURNS.search(outlet):
        return None
    if asked.startswith("How Many"):  # every word has a capital: none is a name by it
        subjects = tuple(subject.lower() for subject in subjects)
    return Count(subjects, outlet, since, until)


def _is_of_articles(match: re.Match[str], *, dated: bool) -> bool:
    """Whether articles are counted, and not what they speak of: "How many reports are there?"."""
    if match["outlet"] or match["subject"]:
        return True
    return match["noun"].lower() == "articles" and bool(match["there"] or dated)


def count_draft(question: str, filters: Filters, corpus: Corpus) -> Draft | None:
    """Answer a question for a number of articles; None where it is none.

    Raises:
        LibraryError: the library cannot be read.
    """
    count = read_count(question)
    if count is None:
        return None
    narrowed = _narrowed(filters, count)
    if count.outlet:
        of_outlet = [d for d in corpus.documents(narrowed) if _is_from(d, count.outlet)]
        if not of_outlet:
            return None  # what is no outlet may be a place: "reports from Ridgeport"
        narrowed = replace(narrowed, documents=tuple(info.id for info in of_outlet))
    found = corpus.mentions(count.subjects, narrowed, shown=_MOST_CITED)
    return _draft(found, count.formula, chosen=bool(filters))


def _draft(found: Mentions, formula: str, *, chosen: bool) -> Draft:
    n_copies = found.articles - found.stories
    what = formula.removeprefix("articles").removesuffix(" in the library" if chosen else "")
    among = " among those chosen" if chosen else ""
    noun = "article" if found.articles == 1 else "articles"
    head = f"{found.articles:,} {noun}{among}{what}."
    markers = "".join(f" [{n}]" for n in range(1, len(found.sentences) + 1))
    figures = [_computed(head, 0, formula)]
    text = head + markers
    if n_copies:
        line = f"{n_copies:,} of these {'is a copy' if n_copies == 1 else 'are copies'} of another."
        figures.append(_computed(line, len(text) + 1, f"{formula}, copies of another"))
        text = f"{text}\n{line}"
    return Draft(text, found.sentences, Verification(tuple(figures), ()))


def _computed(line: str, start: int, formula: str) -> CheckedFigure:
    """The figure that a line begins with."""
    figure = find_figures(line.split(" ", 1)[0])[0]
    span = replace(figure.span, start=start, end=start + len(figure.span))
    return CheckedFigure(replace(figure, span=span), Verdict.COMPUTED, None, formula=formula)


_Days = tuple[date | None, date | None]
_ANY_TIME: _Days = (None, None)


def _cut(asked: str) -> tuple[str, _Days | None]:
    """The question without the time at its end, and the days of that time."""
    for match in _starts(asked):
        word = match["word"].lower()
        period = _period(f"{word if word == 'between' else 'in'} {match['time']}")
        if period:
            return asked[: match.start()], _days(word, period)
    return asked, None


def _starts(asked: str) -> Sequence[re.Match[str]]:
    found = (_WHEN.search(asked, at.start()) for at in re.finditer(" ", asked))
    return tuple(dict.fromkeys(match for match in found if match))


def _period(text: str) -> StatedPeriod | None:
    """The period that the words are, all of them; None where they are none."""
    times = find_times(text, find_figures(text), None)
    whole = len(times) == 1 and times[0].span.start == 0 and times[0].span.end == len(text)
    return times[0].period if whole else None


def _days(word: str, period: StatedPeriod) -> _Days:
    day = timedelta(days=1)
    match word:
        case "since":
            return period.first, None
        case "after":
            return period.last + day, None
        case "before":
            return None, period.first - day
        case "until":
            return None, period.last
        case _:
            return period.first, period.last


def _subjects(subject: str) -> tuple[str, ...] | None:
    """The things that an article has to name; None where words cannot tell."""
    if not subject:
        return ()
    parts = tuple(re.split(r" and (?:the )?| as well as ", subject))
    n_words = sum(len(telling_words(part)) for part in parts)
    times = find_times(subject, find_figures(subject), None)
    unknown = any(time.period is None for time in times)  # "in May": of which year?
    if unknown or _TURNS.search(subject) or n_words > _MOST_WORDS:
        return None
    return parts if all(map(telling_words, parts)) else None


def _words(subject: str) -> list[str]:
    return [variants[0] for variants in telling_words(subject)]


def _narrowed(filters: Filters, count: Count) -> Filters:
    since = max((d for d in (filters.since, count.since) if d), default=None)
    until = min((d for d in (filters.until, count.until) if d), default=None)
    return replace(filters, since=since, until=until)


def _is_from(info: DocumentInfo, outlet: str) -> bool:
    wanted = _name(outlet)
    return bool(wanted) and wanted in {_name(info.publisher or ""), _name(info.author or "")}


def _name(outlet: str) -> str:
    """An outlet's name without its article, case and surrounding marks."""
    return " ".join(outlet.casefold().split()).strip(" .“”\"'").removeprefix("the ")
