"""What an article says about itself: title, publisher, author and the day it was published.

Only what is written there counts; nothing is guessed, and what can be read in two ways is left
out. Patterns are general: no outlet has one of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import islice, takewhile

from rag.readers.boilerplate import find_boilerplate
from rag.readers.dates import iso_date, read_date_line
from rag.schema import Span

HEAD_LINES = 12
"""Non-empty lines at the top among which bylines, date lines and the headline are looked for."""

MAX_TITLE_WORDS = 25
MIN_TITLE_WORDS = 3
"""Shorter lines above the text are names of sections ("US News") more often than headlines."""

MAX_HEAD_PROSE = 2
"""Lines of prose that end the head: the first may be a summary that stands above the byline."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is stated of an article; None where nothing is."""

    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: date | None = None

    def or_else(self, other: Metadata) -> Metadata:
        """Return this, with the gaps filled from ``other``."""
        return Metadata(
            title=self.title or other.title,
            publisher=self.publisher or other.publisher,
            author=self.author or other.author,
            published=self.published or other.published,
        )


# --- bylines and datelines -----------------------------------------------------------------

# Capitals of the Latin alphabets; Python's re has no class for them.
_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻŁŃŅŇŌŐŘŚŞŠȘŤȚŪŮŰŲŹŻŽ"
_PERSON = (
    rf"(?:[{_UPPER}][\w’'-]*\.?|[{_UPPER}]\.(?:[{_UPPER}]\.)*)"
    r"(?: (?:(?:de|da|di|del|della|van|von|der|den|bin|ibn|al|el|la|le|y|e) )*"
    rf"(?:[{_UPPER}](?:[\w’'-]+|\.(?:[{_UPPER}]\.)*)|Jr\.|Sr\.)){{1,4}}"
)
_PEOPLE = rf"{_PERSON}(?:(?:, {_PERSON})*,? (?:and|&|AND) {_PERSON})?"
_BYLINE = re.compile(
    rf"(?:(?:Written |Story |Reported |Words )?[Bb]y|BY):? (?P<people>{_PEOPLE})"
    rf"(?:\s*(?:,|[|·•–—/-])\s*(?P<rest>\S.{{0,100}}))?"
)
_SEGMENT = re.compile(r"\s*[|·•]\s*|\s+[–—/-]\s+")
_OUTLET = re.compile(
    rf"(?:The )?[{_UPPER}][\w.&’'-]*(?: (?:(?:of|the|and|&|for) )*[{_UPPER}0-9][\w.&’'-]*){{0,4}}"
)
_ROLE = re.compile(
    r"\b(?:writers?|reporters?|correspondents?|editors?|staff|columnists?|contributors?|analysts?"
    r"|producers?|journalists?|fellow|professor|director|desk|team|bureau|ph\.?d\.?|m\.?d\.?|jr\.?"
    r"|published|updated|posted|min(?:ute)?s?)\b",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    r"\b(?:The|Staff|Desk|Team|Bureau|Reporters?|Writers?|Editors?|Editorial|Correspondents?|News"
    r"|Agency|Agencies|Press|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January"
    r"|February|March|April|May|June|July|August|September|October|November|December|Popular"
    r"|Accident|Chance|Design|Default)\b",
    re.IGNORECASE,
)


def _byline(line: str) -> Metadata | None:
    """Read "By Ann Ray, Example | June 3, 2024"; None where the line is no byline."""
    match = _BYLINE.fullmatch(line)
    if not match or _NO_PERSON.search(match["people"]):
        return None
    found = Metadata(author=_tidy_name(match["people"]))
    for segment in _SEGMENT.split(match["rest"] or ""):
        if day := read_date_line(segment):
            found = found.or_else(Metadata(published=None if day.of_update else day.day))
        elif _OUTLET.fullmatch(segment) and not _ROLE.search(segment):
            found = found.or_else(Metadata(publisher=segment))
        elif segment.endswith((".", "?", "!")) or len(segment.split()) > 8:
            return None  # prose that begins like a byline
    return found


def _tidy_name(name: str) -> str:
    """Return "ANN RAY" as "Ann Ray"; leave other names as they are."""
    return name.title() if name.isupper() else name


_DATELINE = re.compile(
    r"(?P<place>[A-Z][\w.’' -]{1,30}(?:, [A-Z][\w. ]{1,20})?) "
    r"\((?P<agency>[A-Z][A-Za-z&. ]{1,19})\)(?:, [A-Z][\w. ]{2,12})?\s*[–—-]{1,2}\s"
)
# Written in brackets behind a place, these are the state or the country that it lies in.
_REGION = re.compile(
    r"A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]"
    r"|UT|V[AT]|W[AIVY]|US|USA|UK|EU|UN|UAE"
)


def _dateline(line: str) -> str | None:
    """Return the agency of "Place (AP) — " at the start of a line.

    An agency in capitals, or one in title case behind a place in capitals: "OSLO (Reuters) -".
    """
    match = _DATELINE.match(line)
    if not match or _REGION.fullmatch(match["agency"]):
        return None
    agency = match["agency"]
    city = match["place"].split(",")[0]
    return agency if (agency.isupper() and " " not in agency) or city.isupper() else None


# --- the whole head ------------------------------------------------------------------------

_STAMP = re.compile(
    r"(?:date|dated|published|posted) ?:? (?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)?(?!\S) ?(?:[|–—-] )?",
    re.IGNORECASE,
)


def cut_stamp(text: str) -> tuple[Metadata, str]:
    """Cut a leading "date 2024-06-21" and a byline on the same line off normalised text.

    Returns:
        What was cut off, and the text without it; a sentence never begins with the stamp.
    """
    stamp = _STAMP.match(text)
    day = iso_date(stamp["day"]) if stamp else None
    # "Date 2024-06-21 was set" is a sentence.
    if not stamp or not day or text[stamp.end() : stamp.end() + 1].islower():
        return Metadata(), text
    line, _, behind = text[stamp.end() :].partition("\n")
    found = Metadata(published=day)
    if byline := _byline(line.strip()):
        return found.or_else(byline), behind.strip()
    return found, text[stamp.end() :].strip()


def find_metadata(text: str) -> tuple[Metadata, tuple[Span, ...]]:
    """Look for headline, byline, date line and dateline at the top of normalised text.

    Returns:
        What was found, and the lines that hold nothing else (the headline is not among them).
    """
    found, updated = Metadata(), Metadata()
    spans: list[Span] = []
    content: list[str] = []
    for line in islice(re.finditer(r"[^\n]+", text), HEAD_LINES):
        if byline := _byline(line[0]):
            found = found.or_else(byline)
        elif (day := read_date_line(line[0])) and not any(map(_is_prose, content)):
            stated = Metadata(published=day.day)
            updated = updated.or_else(stated if day.of_update else Metadata())
            found = found.or_else(Metadata() if day.of_update else stated)
        else:
            content.append(line[0])
            if sum(map(_is_prose, content)) == MAX_HEAD_PROSE:
                break
            continue
        spans.append(Span(*line.span()))
    publisher = next(filter(None, map(_dateline, content)), None)
    in_text = Metadata(title=_headline(content), publisher=publisher)
    return found.or_else(updated).or_else(in_text), tuple(spans)


_SENTENCE_END = re.compile(r"[.!?…][’”\"')\]]*$")


def _is_prose(line: str) -> bool:
    """A sentence or more, as opposed to a headline, a byline or the name of a section."""
    n_words = len(line.split())
    return n_words > MAX_TITLE_WORDS or (n_words >= 8 and bool(_SENTENCE_END.search(line)))


def _headline(content: list[str]) -> str | None:
    """The first line that looks like a headline above prose; section names are passed over."""
    above = list(takewhile(lambda line: not _is_prose(line), content))
    if len(above) == len(content):
        return None
    for line in above:
        if len(line.split()) < MIN_TITLE_WORDS or find_boilerplate(line):
            continue
        statement = _SENTENCE_END.search(line) and not line.endswith(("?", "!"))
        return None if statement or line.endswith((":", ";", ",")) else line
    return None
