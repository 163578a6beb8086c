"""The English words that figures are written with, apart from their units."""

from __future__ import annotations

from decimal import Decimal

from rag.schema import Bound


def _numbered(words: str, start: int = 0) -> dict[str, int]:
    """Words in the order of their values."""
    return {word: value for value, word in enumerate(words.split(), start)}


# --- numbers -------------------------------------------------------------------------------

ONES = _numbered("one two three four five six seven eight nine", start=1)
TEENS = _numbered(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", start=10
)
UNITS = {"zero": 0, **ONES, **TEENS}
TENS = {
    word: 10 * value
    for word, value in _numbered(
        "twenty thirty forty fifty sixty seventy eighty ninety", start=2
    ).items()
}
SMALL = {**UNITS, **TENS}
SCALES = {
    "hundred": Decimal(100),
    "dozen": Decimal(12),
    "thousand": Decimal(10**3),
    "lakh": Decimal(10**5),
    "lac": Decimal(10**5),
    "million": Decimal(10**6),
    "crore": Decimal(10**7),
    "billion": Decimal(10**9),
    "trillion": Decimal(10**12),
}
SHORT_SCALES = {
    "k": Decimal(10**3),
    "m": Decimal(10**6),
    "mn": Decimal(10**6),
    "mln": Decimal(10**6),
    "b": Decimal(10**9),
    "bn": Decimal(10**9),
    "tn": Decimal(10**12),
    "trn": Decimal(10**12),
}
VULGAR = {
    "½": Decimal("0.5"),
    "¼": Decimal("0.25"),
    "¾": Decimal("0.75"),
    "⅓": Decimal(1) / 3,
    "⅔": Decimal(2) / 3,
    "⅕": Decimal("0.2"),
    "⅛": Decimal("0.125"),
}
ORDINALS = {
    **_numbered("first second third fourth fifth sixth seventh eighth ninth tenth", start=1),
    **_numbered(
        "eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth "
        "nineteenth twentieth",
        start=11,
    ),
    **{f"{word[:-1]}ieth": value for word, value in TENS.items()},
    "hundredth": 100,
    "thousandth": 1000,
}
FRACTIONS = {
    "half": 2,
    "halve": 2,
    "quarter": 4,
    **{word: value for word, value in ORDINALS.items() if 3 <= value <= 10 or value == 100},
}
"""Parts by what they divide the whole into; plurals have an s more."""

MULTIPLES = {
    "doubled": Decimal(2),
    "doubling": Decimal(2),
    "twice": Decimal(2),
    "thrice": Decimal(3),
    "tripled": Decimal(3),
    "tripling": Decimal(3),
    "trebled": Decimal(3),
    "trebling": Decimal(3),
    "quadrupled": Decimal(4),
    "quadrupling": Decimal(4),
    "quintupled": Decimal(5),
    "halved": Decimal("0.5"),
    "halving": Decimal("0.5"),
    **{f"{word}fold": Decimal(value) for word, value in {**ONES, **TEENS}.items() if value > 1},
    **{f"{word}-fold": Decimal(value) for word, value in {**ONES, **TEENS}.items() if value > 1},
    "hundredfold": Decimal(100),
}
GROWING = {
    "double": Decimal(2),
    "triple": Decimal(3),
    "treble": Decimal(3),
    "quadruple": Decimal(4),
}
"""Multiples only in company: "double the sum" and "will double", but "a double room"."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

# --- bounds --------------------------------------------------------------------------------

_BEFORE = {
    Bound.MORE_THAN: "more than, greater than, higher than, larger than, older than, over, "
    "just over, well over, above, just above, well above, upwards of, upward of, in excess of, "
    "north of, exceeding, exceeds, exceeded, exceed, topping, topped, surpassing, surpassed, >",
    Bound.AT_LEAST: "at least, no fewer than, not fewer than, never fewer than, no less than, "
    "not less than, never less than, no lower than, no smaller than, no younger than, "
    "a minimum of, minimum of, as few as, as little as, as low as, ≥",
    Bound.NEARLY: "nearly, almost, just under, just below, just short of, just shy of, shy of, "
    "close to, approaching, not quite",
    Bound.LESS_THAN: "fewer than, less than, lower than, smaller than, younger than, under, "
    "well under, below, well below, well short of, not even, <",
    Bound.AT_MOST: "up to, at most, no more than, not more than, never more than, "
    "no greater than, no higher than, no larger than, no older than, as many as, as much as, "
    "as high as, a maximum of, maximum of, not exceeding, ≤",
    Bound.ABOUT: "about, around, roughly, approximately, approx, approx., some, circa, "
    "an estimated, estimated, estimated at, something like, in the region of, ~, ≈",
}
BEFORE = {phrase: bound for bound, line in _BEFORE.items() for phrase in line.split(", ")}
"""Phrases of up to four words that bound the figure behind them."""

COMPARING = frozenset(
    phrase
    for phrase in BEFORE
    if phrase.endswith((" than", "over", "above", "under", "below")) or phrase.startswith("as ")
)
"""Those that compare where a figure stands before them: "20% more than 500"."""

_AFTER = {
    Bound.AT_LEAST: "or more, or over, or above, or higher, or older, and older, and over, "
    "and above, -plus, +",
    Bound.AT_MOST: "or fewer, or less, or under, or below, or lower, or younger, and younger, "
    "and under",
    Bound.ABOUT: "or so, or thereabouts, -odd",
}
AFTER = {phrase: bound for bound, line in _AFTER.items() for phrase in line.split(", ")}

MOVING = (
    *("go", "goes", "going", "gone", "went", "grow", "grows", "grew", "grown", "rise", "rises"),
    *("rose", "risen", "rising", "climb", "climbs", "climbed", "climbing", "jump", "jumps"),
    *("jumped", "move", "moves", "moved", "moving", "push", "pushed", "pushing", "pushes"),
    *("bring", "brings", "bringing", "brought", "take", "takes", "took", "taken", "taking"),
    *("add", "adds", "added", "shot", "back", "crept", "edged", "ticked"),
)
"""Words that "up to" goes with where it is no bound: "has gone up to 500"."""

# --- what stands around figures ------------------------------------------------------------

LABELS = (
    *("No.", "Nos.", "Number", "number", "№", "#", "Route", "Highway", "Interstate", "Flight"),
    *("Room", "Page", "page", "pages", "Chapter", "chapter", "Section", "section", "Sections"),
    *("Article", "article", "Articles", "Title", "Proposition", "Prop.", "Phase", "phase"),
    *("Stage", "stage", "Type", "type", "Grade", "grade", "Level", "level", "Channel", "Gate"),
    *("Ward", "District", "Precinct", "Unit", "Platform", "Category", "category", "Class"),
    *("Group", "Apartment", "Suite", "Formula", "Psalm", "Part", "part", "Volume", "Vol."),
    *("Table", "Figure", "Appendix", "Amendment", "Resolution", "Rule", "Schedule", "Tier"),
    *("tier", "Zone", "Division", "Terminal", "Runway", "Building", "Block", "Exit", "Junction"),
    *("Lot", "Pier", "Track", "Lane", "Line", "Clause", "Paragraph", "Item", "Bill", "Act"),
    *("Area", "Size", "Day", "Week", "Episode", "Season", "Round", "Question", "Lesson", "Verse"),
    *("Kilometre", "kilometre", "Kilometer", "kilometer", "Mile", "mile", "force", "Force"),
    *("Local", "Theatre", "Court", "Group of", "Big", "Year"),
)
"""Names that a number follows: what it numbers is no quantity."""

PEOPLE = (
    *("person", "people", "child", "children", "adult", "adults", "woman", "women", "man", "men"),
    *("girl", "girls", "boy", "boys", "kids", "pupil", "pupils", "student", "students", "patient"),
    *("patients", "voter", "voters", "household", "households", "family", "resident", "worker"),
    *("those", "anyone", "everyone", "youngsters", "teenagers", "players", "drivers", "pensioners"),
)

FUNCTION_WORDS = frozenset(
    "a about above according across after against ago all already also although among an and are "  # noqa: SIM905
    "around as at be because been before being below between both but by came can compared could "
    "depending did do does down due during each earlier either even every except far few for from "
    "had has have he her here his how however if in including into is it its just last later less "
    "made may meanwhile might more most must near nearly next nor not now of off on once only or "
    "our out over per rather said says she should since so some still such than that the their "
    "them then there these they this those though through throughout to today together too toward "
    "under until up versus via was we went were what when where whereas which while who whom whose "
    "why will with within without would yesterday yet you your".split()
)
"""Words that no figure counts: where one stands behind a bare number, its noun is left out."""
