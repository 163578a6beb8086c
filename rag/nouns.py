"""What a figure counts or measures, as the sentence words it.

The words behind the figure say it ("12 cargo ships"), or those behind "of" ("77% of applicants"),
or the subject of the sentence ("sales rose 4%").
"""

from __future__ import annotations

import re

from rag.figures import bounded_span, lexicon
from rag.figures.reading import prose
from rag.figures.units import unit_after
from rag.schema import Figure, FigureKind, Span

MASK = "\0"
"""Stands for the characters of times, which are no part of a noun."""

_NAMELESS = frozenset({FigureKind.YEAR, FigureKind.DATE, FigureKind.IDENTIFIER})
_WORD = re.compile(r"(?P<gap>[\s-]|)(?P<word>[^\W\d_][\w’']*(?:[-/][^\W\d_][\w’']*)*\.?)")
_PLURALS = frozenset(
    "people men women children police staff crew cattle sheep fish aircraft feet teeth mice media "  # noqa: SIM905
    "data clergy criteria seamen firemen policemen geese troops".split()
)
_NO_PLURALS = ("ss", "us", "is", "’s", "'s", "ous")
_STOPS = lexicon.FUNCTION_WORDS | frozenset(
    "rose fell grew risen fallen grown dropped climbed died lived had went came got paid "  # noqa: SIM905
    "cost costs took gave left held stood won lost sold bought spent made found told "
    "want wants need needs begin began begins set sat sent met ran run runs put cut hit "
    "may can could should will would might must did does apiece altogether respectively "
    "instead ago earlier later there per each annually daily weekly monthly yearly alone "
    "plus minus versus worth percent saw seen show shows showed live lives work works "
    "say think thinks know stay stays remain remains aged".split()
)
_SKIPPED = re.compile(
    r"\s(?:more|fewer|less|other|additional|extra|further|different|or\s(?:so|more|fewer|less|older"
    r"|younger))\b"
)
_OF = re.compile(
    r"(?:\s(?:per\s?cent|percent|or\s(?:so|more|less)))?\s(?:out\s)?of\s"
    r"(?:(?:all|the|these|those|its|their|his|her|our|my|your|this|that|some|about|nearly|more\sthan"
    r"|over|a|an|every|any|such|what)\s)*(?:(?:(?!(?:in|on|at|for|from|by|to|over|and|or|with|who|that|aged|under|above|below|people|men|women|children|[a-z]+[^\Wuis]s)\b)[\w’'-]+\s){0,2}?[\d.,]+(?:\s(?:million|billion|thousand))?\s)?"
)
_CHANGE = (
    r"(?:rise|rises|fall|increase|increases|decrease|drop|decline|growth|gain|jump|cut|reduction|surge"
    r"|slump|loss|change|hike|improvement|dip|slide|climb)"
)
_CHANGE_IN = re.compile(
    rf"(?:\s|-)(?:[a-z-]+\s){{0,2}}?{_CHANGE}\s(?:in|of|for)\s(?:the\s|its\s|their\s)?"
)
_IN_BY = re.compile(
    rf"\b{_CHANGE}\sin\s(?:the\s|its\s|their\s)?(?P<noun>[^,;.]{{2,50}}?)\s(?:of|by|was|is|at)\s(?:[a-z]+\s){{0,2}}$",
    re.IGNORECASE,
)
_BEFORE_OF = re.compile(
    r"(?:^|.*\b(?:an?|the|its|their|his|her|with|by|for|to|of|some|no)\s)"
    r"(?P<noun>(?:[a-z-]+\s){0,2}?[a-z-]+)"
    r"\s(?:of|worth|totalling|totaling)\s(?:only\s|just\s|some\s|a\s)?$",
    re.IGNORECASE,
)
_FOR = re.compile(r"\s(?:for|in|on)\s(?:the\s|an?\s|its\s|their\s|his\s|her\s)?(?=[^\W\d])")
_EMPTY_NOUNS = frozenset(
    "high low peak record total average maximum minimum mean median value level rate figure height "  # noqa: SIM905
    "number sum most least result end rest goal target best worst estimate cost lead majority "
    "increase decrease rise fall drop decline gain speaks speak spoke consists think short "
    "out ahead".split()
)
_VERB = re.compile(
    r"\s(?:(?:was|were|is|are|has|have|had|will|would|can|could|may|might|should|rose|rises|rise|fell"
    r"|falls|fall|grew|grows|grow|dropped|climbed|came|comes|come|cost|costs|stood|stands|stand|went|got"
    r"|made|makes|took|takes|held|holds|won|lost|paid|pays|pay|spent|ran|runs|run|sank|shrank|slid|hit"
    r"|saw|gave|gives|brought|brings|totalled|reached|covers|weighs|did|does|kept|beat|amounts"
    r"|accounts|includes?|worth|needs?|lasts?|sold|sent|put|puts|set|sets|met|fed|led|left|leaves|stays|stayed|drew|goes|gets|adds|uses|runs|lies|carries|earns|owes|employs|seats"
    r"|foresees|disputes|shows|showed|found|finds|says|said|built|bought|began|became|felt|met|rents"
    r"|serves|provides|expects|plans|wants|offers|raises|produces|sells|buys|makes|hires)"
    r"|(?!need|speed|seed|feed|hundred|red)[a-z]{2,}ed)\b"
)
_FRONTED = re.compile(
    r"^(?:(?:in|on|at|by|since|during|for|over|from|between|after|before|as\sof|among|within|across"
    r"|despite|under|with|when|last|this|that\s(?:year|month|week))\b[^,]*,\s)+",
    re.IGNORECASE,
)
_QUALIFIED = re.compile(
    r"\s(?:in|on|at|for|from|with|by|between|among|across|to|who|which|that|whose|over|under|during"
    r"|since|after|before|aged|out)\b"
)
_OPENING = re.compile(
    r"^(?:(?:and|but|while|whereas|though|although|the|an?|its|their|his|her|our|my|this|these|those"
    r"|that|some|all|both|only|also|what|how|then)\s)+",
    re.IGNORECASE,
)
_PRONOUNS = frozenset(
    "it they he she we i you there this that these those who which what one he’s it’s nobody all "  # noqa: SIM905
    "another others some most many few none both each either".split()
)
_PUT_AT = re.compile(r"\bputs?\s(?:the\s|its\s)?(?P<noun>(?!number\b)[^,;]{2,50}?)\sat\s$")
_ARTICLE = re.compile(r"\b(?:an?|the|its|their|his|her)\s")
_REFLEXIVE = frozenset({"itself", "themselves", "alone", "also", "together", "but"})
_SAYING = re.compile(
    r"\b(?:said|says|say|told\s\w+|adds|reckons?|estimates?|thinks?|believes?)\s(?:that\s)?"
    r"|\b(?:pleased|shows?|showed|found|hopes?|fears?|means?|meant|noted|warned|clear|sure|likely|added"
    r"|reported|announced|confirmed|argued|claimed|insisted|stressed|expected)\sthat\s"
)
_NUMBER_OF = re.compile(
    r"\b(?:number|share|proportion|percentage|count)\sof\s(?:the\s|all\s)?(?P<noun>[^\W\d_][^,;:.]*)$",
    re.IGNORECASE,
)
_AGED = re.compile(
    r"(?P<noun>[^\W\d_][\w’'-]*(?:\s[^\W\d_][\w’'-]*){0,2}?)(?:,?\saged\s|\sof\s|\s(?:under|over)\s|,\s)"
    r"(?:between\s|about\s|just\s)?$"
)
_NAMED = re.compile(r"(?P<noun>[A-Z][\w’'.-]+(?:\s[A-Z][\w’'.-]+){0,3})(?:,|\s\()\s?$")
_SHARES = frozenset({FigureKind.PERCENT, FigureKind.RATIO})
_FRONTED_WHOLE = re.compile(
    r"(?:[^,;]*[;:]\s|(?:and|but)\s)?(?:[Oo]f|[Aa]mong)\s(?:(?:the|all|its|their|these|those)\s)*"
    r"(?:[\d.,]+\s)?(?P<noun>[^\W\d][^,;:\d]{1,40}),(?:[^,;:\d]{0,30}\s|\s)$"
)
_BEFORE_AGED = re.compile(
    r"\b(?:an?|the|are|were|was|is|and|of|among|in|for|to|with|by|than|from|per\scent|percent)\s",
    re.IGNORECASE,
)
_TIMES = re.compile(f"{MASK}+\\s?")
_MOST_WORDS = 5


def counted(text: str, figure: Figure) -> str:
    """Return the words behind a figure that say what it counts; empty where none do.

    >>> from rag.figures import find_figures
    >>> text = "77% of applicants"
    >>> counted(text, find_figures(text)[0])
    'applicants'
    """
    if figure.kind in _NAMELESS:
        return ""
    if figure.kind is FigureKind.AGE:
        named = _of_age(text, figure)
        grown = text[figure.span.end : figure.span.end + 1].isspace()
        return named or (_behind(text, figure.span.end, len(text)) if grown else "")
    if figure.kind in _SHARES and (whole := _FRONTED_WHOLE.match(text, 0, figure.span.start)):
        # "Of the boys, 7.5 percent vape".
        said = _of(text, figure.span.end) or _clean(whole["noun"])
        return "" if said.endswith("ed") else said
    end = _end_of_unit(text, figure)
    noun = _of(text, end) or _change(text, end) or _behind(text, end, len(text))
    # "An 18% decrease", "a four-year low": of what, other words say.
    return "" if noun.lower().rpartition(" ")[2] in _EMPTY_NOUNS else noun


def named_before(text: str, figure: Figure) -> str:
    """Return the noun that a figure is that of: "a loss of $3m"; empty where there is none."""
    start = bounded_span(text, figure).start
    named = _BEFORE_OF.search(text[max(0, start - 60) : start])
    if figure.kind in _NAMELESS or not named:
        return ""
    return "" if named["noun"].lower().split()[-1] in _EMPTY_NOUNS else _clean(named["noun"])


def measured(text: str, figure: Figure, clause: Span) -> str:
    """Return the words before a figure that say what it measures; empty where none do.

    Args:
        text: of the sentence, with :data:`MASK` for its times.
        figure: of the sentence.
        clause: the part of the sentence that speaks of the figure.
    """
    if figure.kind in _NAMELESS:
        return ""
    return _before(text, figure, clause) or _paid_for(text, figure, clause)


def _end_of_unit(text: str, figure: Figure) -> int:
    """Where the measure that stands behind a count ends: "41 mm of rain"."""
    end = figure.span.end
    if figure.kind is FigureKind.COUNT and figure.unit and (unit := unit_after(prose(text), end)):
        end = unit[1]
    skipped = _SKIPPED.match(text, end)
    return skipped.end() if skipped else end


def _of(text: str, end: int) -> str:
    match = _OF.match(text, end)
    return phrase(text, match.end() - 1, len(text)) if match else ""


def _change(text: str, end: int) -> str:
    """A 4% rise in sales."""
    match = _CHANGE_IN.match(text, end)
    return phrase(text, match.end() - 1, len(text)) if match else ""


def _behind(text: str, start: int, end: int) -> str:
    noun = phrase(text, start, end)
    stop = start + len(noun) + 1
    if noun and text.startswith(" of ", stop):
        whole = phrase(text, stop + 3, end)
        return f"{noun} of {whole}" if whole and " " not in whole else noun
    return noun


def phrase(text: str, start: int, end: int) -> str:
    """The words of a noun phrase that begins behind ``start``; empty where none does.

    >>> phrase("12 illegal crossings were", 2, 25)
    'illegal crossings'
    """
    words: list[str] = []
    position = start
    while len(words) < _MOST_WORDS and (match := _WORD.match(text, position, end)):
        word = match["word"].rstrip(".")
        following = _WORD.match(text, match.end(), end)
        if word.lower() in _STOPS or (words and not match["gap"]):
            break
        if _is_verb(word, following["word"] if following else ""):
            break
        words.append(word)
        position = match.start("word") + len(word)
        if match["word"].endswith(".") or (_is_plural(word) and not _goes_on(following)):
            break
    return " ".join(words)


def _is_verb(word: str, following: str) -> bool:
    """Whether a word with the ending of a verb is none that stands before a noun."""
    if word.endswith("ed") and len(word) > 4:
        return not following or following.lower() in _STOPS
    return word.endswith("ing") and following.lower() in {"the", "a", "an", "to", "in", "on"}


def _is_plural(word: str) -> bool:
    low = word.lower()
    if low in _PLURALS:
        return True
    return len(low) > 3 and low.endswith("s") and not low.endswith(_NO_PLURALS)


def _goes_on(following: re.Match[str] | None) -> bool:
    """Whether another plural follows: "sports clubs"."""
    return following is not None and bool(following["gap"]) and _is_plural(following["word"])


def _before(text: str, figure: Figure, clause: Span) -> str:
    head = text[clause.start : max(clause.start, bounded_span(text, figure).start)]
    head = _TIMES.sub("", head)
    if match := _IN_BY.search(head):
        return _clean(match["noun"])
    if put := _PUT_AT.search(head):
        return _clean(put["noun"])
    if number := _NUMBER_OF.search(head):
        return phrase(f" {number['noun']}", 0, len(number["noun"]) + 1)
    return subject(head)


def subject(head: str) -> str:
    """The noun before the first verb of the words that stand before a figure; may be empty.

    >>> subject("In June, sales of cars rose by ")
    'sales of cars'
    """
    if head.rstrip().endswith(":"):
        # "A first bill: £38m".
        return _clean(_ARTICLE.split(head.rstrip(" :"))[-1])
    head = _FRONTED.sub("", _SAYING.split(head)[-1])
    verb = _VERB.search(f" {head}")
    head = f" {head}"
    # "And profit 3%": the verb is that of the words before.
    return _clean(head[: verb.start()] if verb else head)


def _clean(words: str) -> str:
    """A phrase without what qualifies it: the last one before the verb."""
    words = re.split(r"[,;:“”\"()–—]", words.strip(" ,"))[-1].strip()
    words = words.removeprefix("’s ").removeprefix("'s ")
    qualified = _QUALIFIED.search(words)
    words = _OPENING.sub("", words[: qualified.start()] if qualified else words).strip()
    few = [word for word in words.split() if word.lower() not in _REFLEXIVE]
    while few and few[-1].lower() in {"the", "a", "an", "of", "and"}:
        few.pop()
    words = " ".join(few)
    if not few or few[-1].lower() in _PRONOUNS or len(few) > _MOST_WORDS + 2:
        return ""
    if few[0].lower() in lexicon.FUNCTION_WORDS or few[-1].lower() in _EMPTY_NOUNS:
        return ""
    return words


def _paid_for(text: str, figure: Figure, clause: Span) -> str:
    if figure.kind is not FigureKind.MONEY:
        return ""
    match = _FOR.match(text, figure.span.end, clause.end)
    return phrase(text, match.end() - 1, len(text)) if match else ""


def _of_age(text: str, figure: Figure) -> str:
    head = text[max(0, figure.span.start - 60) : figure.span.start]
    match = _NAMED.search(head) or _AGED.search(head)
    noun = _BEFORE_AGED.split(f"{match['noun']} ")[-1].strip() if match else ""
    return "" if noun.lower() in _PRONOUNS or noun.lower().endswith("cent") else noun
