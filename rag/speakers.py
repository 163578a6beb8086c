"""According to whom a sentence says something: "police said", "according to the ministry"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rag.schema import Span


class Attribution(NamedTuple):
    """Words that say according to whom something is."""

    span: Span
    speaker: str
    ahead: bool
    """Whether it stands before what was said."""


_ACCORDING = re.compile(
    r"\b(?:[Aa]ccording\sto|[Ii]n\sthe\swords\sof|[Qq]uoting|[Cc]iting)\s(?P<who>(?:[^\W\d_]|[(“\"])"
    r"(?:[^,;:.()–—”\"\d]|\.(?=\w)|(?<=\b(?:Mr|Ms|Dr|St))\.|(?<=\b(?:Mrs|Gov|Sen))\.)*)"
)
_SAYING = re.compile(
    r"\b(?P<verb>said|says|say|told|announced|reported|reports|reckons?|reckoned|estimates?|estimated"
    r"|warned|warns|claimed|stated|states|predicts?|predicted|forecasts?|expects?|expected|believes?"
    r"|insists?|insisted|confirmed|added(?!\s(?:at|to|in|on|by|\d))|adds(?!\s(?:to|about|\d))|argued|argues|noted|notes|thinks?|thought|wrote|writes"
    r"|put(?=\s[^,;.]{3,60}\sat\s)|puts(?=\s[^,;.]{3,60}\sat\s)|speaks?\sof|counted|disclosed"
    r"|calculates?|calculated|projects?|projected"
    r"|(?P<shows>shows?|showed|found|finds?|suggests?|suggested|indicates?|indicated|revealed|reveals?))\b"
)
_SOURCES = re.compile(
    r"\b(?:figures|data|statistics|numbers|survey|study|studies|poll|report|reports|census|estimates?"
    r"|results|records|logs|papers|analysis|research|count|tally|accounts|documents|statement|review"
    r"|audit|paper|minutes|tables?|index|inquiry|bulletin)\b",
    re.IGNORECASE,
)
# "Is said", "an estimated 340", "12 reported cases", "as expected" name no one.
_NOBODY = re.compile(
    r"\b(?:is|are|was|were|be|been|being|an?|the|to|not|of|as|than|have|has|had\sbeen|it|there|\d+|no"
    r"|previously|first|newly|once|all|more|widely|initially|officially|so|that|which|who)\s$",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(r"\s(?:has|have|had|also|later|then|now|now\s|still|itself|themselves)\s?$")
_BREAK = re.compile(
    r"[;:“”\"()–—]\s?|,\s|\s-\s|\b(?:and(?!\s[A-Z])|but|that|while|when|because|whereas|although|though|if)\s|^"
)
_TIME = re.compile(
    r"\s(?:on\s)?(?:late\s|early\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$"
    r"|\s(?:yesterday|today|tonight|on\s\d+\s\w+|in\s(?:a|an|its|their)\s(?:\w+\s)?\w+)$"
)
_TIME_FIRST = re.compile(
    r"^(?:(?:on\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|in\s[A-Z]\w+|last\s\w+"
    r"|in\s(?:a|an|its)\s\w+|in\s\d{4}|as)\s(?=the\b|[A-Z]|an?\b|its\b|officials)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s(?P<who>(?!(?:that|on|in|at|it|there|he\swas|to|by|from|this|about|more|nearly|up|for|as|its"
    r"|their|last|yesterday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b)"
    r"[^\W\d_](?:[^,;:.()–—”\"]|\.(?=\w)|(?<=\b(?:Mr|Ms|Dr|St))\.|(?<=\b(?:Mrs|Gov|Sen))\.)*)"
)
_SPOKEN = re.compile(r"[,?!”\"]\s?$")
_ENDS = re.compile(
    r"\s(?:(?:released|published|issued|who|which|that|whose|quoted|compiled|seen|obtained|adding|when"
    r"|after|before|while|but|and\sthat|as|on\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|last\s\w+|in"
    r"\s(?:a|an)\s\w+|yesterday)\b.*|(?:said|says|has|have|had|was|were|is|are|will|would)\b.*)",
    re.DOTALL,
)
_CONTRAST = re.compile(r",?\s(?:but|while|whereas|though|although)\s|;\s")
_PRONOUNS_ALONE = frozenset(
    {"and", "but", "or", "it", "that", "this", "which", "who", "what", "there", "one"}
)
_MOST_WORDS = 12


def attributions(text: str) -> tuple[Attribution, ...]:
    """Return the attributions of a sentence in order."""
    found = [*_according(text), *_sayings(text)]
    return tuple(sorted(found, key=lambda attribution: attribution.span))


def speaker_of(text: str, found: tuple[Attribution, ...], clause: Span, figure: Span) -> str | None:
    """Return according to whom a figure is stated; None where the sentence speaks for itself.

    An attribution before what was said reaches up to the next one, or to where the sentence turns
    to another thing; one behind it reaches back to the one before.

    Args:
        text: of the sentence.
        found: its attributions.
        clause: of the figure.
        figure: its span.
    """
    within = [
        one
        for one in found
        if clause.contains(one.span)
        and not one.span.contains(figure)
        and (not one.ahead or one.span.start < figure.start)
    ]
    said = [one for one in within if not one.ahead]
    if said or len(within) == 1:
        # "Crews counted 12, a spokesman said": the spokesman says that they did.
        return (said or within)[-1].speaker
    before = [one for one in found if one.span.end <= figure.start]
    last = before[-1] if before else None
    if last and last.ahead and not _CONTRAST.search(text, last.span.end, figure.start):
        return last.speaker
    behind = next((one for one in found if one.span.start >= figure.end), None)
    if behind and not behind.ahead and ";" not in text[figure.end : behind.span.start]:
        return behind.speaker
    return None


def _according(text: str) -> Iterator[Attribution]:
    for match in _ACCORDING.finditer(text):
        speaker = _ENDS.sub("", match["who"]).strip()
        if speaker:
            head = text[max(0, match.start() - 6) : match.start()].strip(' “"')
            ahead = not head or head.endswith((";", "but", "and", ":", "while"))
            end = match.start("who") + len(speaker)
            yield Attribution(Span(match.start(), end), speaker, ahead)


def _sayings(text: str) -> Iterator[Attribution]:
    for match in _SAYING.finditer(text):
        head = text[: match.start()]
        if (_SPOKEN.search(head) and not head.rstrip().endswith(",")) or _inverts(text, match):
            found = _speaker_behind(text, match)
        else:
            found = _speaker_before(text, match)
        if found:
            yield found


def _inverts(text: str, match: re.Match[str]) -> bool:
    """Whether the speaker stands behind the verb: "sales rose, said Ann Ray"."""
    if match["verb"] not in {"said", "says", "say", "reported", "wrote", "added", "adds"}:
        return False
    head = text[: match.start()]
    if not _SPOKEN.search(head):
        return False
    who = _AFTER.match(text, match.end())
    return who is not None and not _appositive(head) and not _FINITE.search(who["who"])


def _appositive(head: str) -> bool:
    """Whether a speaker with an apposition stands before the verb: "Ann Ray, the mayor, said"."""
    parts = head.rstrip().removesuffix(",").split(", ")
    if len(parts) < 2 or any(character.isdecimal() for character in parts[-1]):
        return False
    return bool(
        _APPOSITION.match(parts[-1]) or (_TITLE.match(parts[-2]) and _NAME.match(parts[-1]))
    )


def _speaker_behind(text: str, match: re.Match[str]) -> Attribution | None:
    who = _AFTER.match(text, match.end())
    speaker = _ENDS.sub("", who["who"]).strip() if who else ""
    if not speaker or len(speaker.split()) > _MOST_WORDS:
        return None
    return Attribution(Span(match.start(), match.end() + 1 + len(speaker)), speaker, ahead=False)


def _speaker_before(text: str, match: re.Match[str]) -> Attribution | None:
    head = text[: match.start()]
    if _NOBODY.search(head):
        return None
    head = _AUXILIARY.sub(" ", head).rstrip()
    if head.endswith(","):
        # "Ann Ray, who runs the desk, said"
        inner = head[:-1].rpartition(", ")
        head = inner[0] if inner[1] else ""
    borders = list(_BREAK.finditer(head))
    start = borders[-1].end() if borders else 0
    if borders and borders[-1][0] == "that " and not _SAID_THAT.search(head[: borders[-1].start()]):
        return None  # "a magazine that ranks such things put"
    words = _TIME.sub("", _TIME_FIRST.sub("", head[start:].strip())).strip()
    words = _without_front(words)
    if not _is_someone(words, bool(match["shows"])):
        return None
    start = head.rindex(words)
    # ", the ministry said." stands behind what was said, "the ministry said 12" before it.
    rest = text[match.end() :].strip()
    spoken = start > 0 and text[:start].rstrip().endswith((",", "”", '"'))
    behind = spoken and (not rest or rest[0] in ",.;)” " or bool(_TIME_ONLY.match(rest)))
    return Attribution(Span(start, match.end()), words, ahead=not behind)


_FINITE = re.compile(r"\s(?:has|have|had|was|were|is|are|will|would|could|should|rose|fell)\s")
_APPOSITION = re.compile(r"(?:who|which|whose|the|an?|its|his|her|chief|head|of)\b")
_TITLE = re.compile(r"(?:.*[“”\"]\s)?(?:The|Its|Their|His|Her|An?)\s")
_NAME = re.compile(r"(?:[A-Z][\w'’.-]*\s?){1,4}$")
_FRONT = re.compile(
    r"(?:in|on|at|by|since|during|for|over|from|after|before|under|with|of|to|until)\s",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"\b(?:the|this|its|their|his|her|our|an?|some)\s")
_FINISHED = re.compile(r"\s(?:finished|published|released|conducted|completed|taken|done|issued)$")
_SAID_THAT = re.compile(r"\b(?:said|says|say|told\s\w+|reported|added|shows?|showed)\s$")
_TIME_ONLY = re.compile(
    r"(?:(?:on|in|at|to|late|early|last|yesterday|today|reporters)\b[\w\s’']{0,40}|[A-Z]\w+day)?[.,;]"
)


def _without_front(words: str) -> str:
    """A subject without what stands before it: "on the morning after the storm this newspaper"."""
    words = _FINISHED.sub("", words)
    if not _FRONT.match(words):
        return words
    parts = [match.start() for match in _SUBJECT.finditer(words)]
    return words[parts[-1] :] if len(parts) > 1 else ""


def _is_someone(words: str, source: bool) -> bool:
    count = len(words.split())
    if not 0 < count <= _MOST_WORDS or words.lower() in _PRONOUNS_ALONE:
        return False
    if any(character.isdecimal() for character in words):
        return False
    return not source or bool(_SOURCES.search(words))
