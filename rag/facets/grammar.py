"""Words of English grammar: what begins a phrase, what is a verb, and the forms of verbs and nouns.

Nothing here belongs to a subject; the verbs are those that English bends by no rule, and the
commonest of the others, which are needed where a verb has no ending that tells it.
"""

from __future__ import annotations

import re
from functools import cache

AUXILIARIES = frozenset(
    "is are was were be do does did has have had will would can could may might should must "  # noqa: SIM905
    "shall".split()
)
DO = frozenset({"do", "does", "did"})
DETERMINERS = frozenset(
    "the a an this that these those its their his her our my your all each both no any some".split()  # noqa: SIM905
)
PLACE = frozenset(
    "in at on near within inside outside across along around beside behind above below off "  # noqa: SIM905
    "throughout".split()
)
TIME = frozenset("after before since until till during".split())  # noqa: SIM905
OTHER = frozenset(
    "for from to with without by about against into onto over under between among through "  # noqa: SIM905
    "towards toward up upon via per than as".split()
)
PREPOSITIONS = PLACE | TIME | OTHER | {"of"}
RELATIVES = frozenset({"that", "who", "which", "whose", "whom", "where", "when"})
PRONOUNS = frozenset("i you he she it we they there".split())  # noqa: SIM905
ADVERBS = frozenset(
    "not n't still also only ever never already even just then first now again been being "  # noqa: SIM905
    "finally about really actually together".split()
)
NUMBERS = frozenset(
    "no one two three four five six seven eight nine ten eleven twelve several".split()  # noqa: SIM905
)
# base past participle, where the three are not made by adding "ed".
_IRREGULAR = """
arise arose arisen; bear bore borne; beat beat beaten; become became become; begin began begun
bend bent bent; bet bet bet; bid bid bid; bind bound bound; bite bit bitten; bleed bled bled
blow blew blown; break broke broken; breed bred bred; bring brought brought; build built built
burst burst burst; buy bought bought; catch caught caught; choose chose chosen; come came come
cost cost cost; cut cut cut; deal dealt dealt; dig dug dug; draw drew drawn; drink drank drunk
drive drove driven; eat ate eaten; fall fell fallen; feed fed fed; feel felt felt
fight fought fought; find found found; flee fled fled; fly flew flown; forget forgot forgotten
freeze froze frozen; get got got; give gave given; go went gone; grow grew grown; hang hung hung
have had had; hear heard heard; hide hid hidden; hit hit hit; hold held held; hurt hurt hurt
keep kept kept; know knew known; lay laid laid; lead led led; leave left left; lend lent lent
let let let; lose lost lost; make made made; mean meant meant; meet met met; pay paid paid
put put put; quit quit quit; read read read; ride rode ridden; ring rang rung; rise rose risen
run ran run; say said said; see saw seen; seek sought sought; sell sold sold; send sent sent
set set set; shake shook shaken; shoot shot shot; shrink shrank shrunk; shut shut shut
sing sang sung; sink sank sunk; sit sat sat; sleep slept slept; slide slid slid
speak spoke spoken; spend spent spent; spin spun spun; split split split; spread spread spread
spring sprang sprung; stand stood stood; steal stole stolen; stick stuck stuck
strike struck struck; swear swore sworn; sweep swept swept; swim swam swum; swing swung swung
take took taken; teach taught taught; tear tore torn; tell told told; think thought thought
throw threw thrown; wear wore worn; weep wept wept; win won won; withdraw withdrew withdrawn
write wrote written
"""
_TRIPLES: tuple[tuple[str, ...], ...] = tuple(
    tuple(row.split()) for row in re.split(r"[;\n]", _IRREGULAR) if row.strip()
)
_PAST = {base: past for base, past, _ in _TRIPLES}
_BASE = {form: base for base, *forms in _TRIPLES for form in forms}
_PARTICIPLES = frozenset(last for _, _, last in _TRIPLES)
# "Came", unlike "sold", can be no participle: it is the verb of its clause.
_ONLY_PAST = frozenset(past for _, past, last in _TRIPLES if past != last) | {"got"}
_COMMON = frozenset(
    "accept add admit agree allow apply arrive ask attend belong borrow call carry charge claim "  # noqa: SIM905
    "close collect complete contain count cover cross deliver depend die die donate earn employ "
    "end enrol enter exceed export fail file fill finish gain graduate handle happen hatch help "
    "hire import include issue join land last live lie move offer open order own pass plan plant "
    "play prepare process produce provide publish qualify raise reach receive record refuse "
    "register reject release remain remove repair report return save score serve show sign smoke "
    "start stay stop stretch study suffer supply support survive total treat top trust turn use "
    "visit vote wait walk want weigh work".split()
)
_NO_VERB = frozenset(
    "hundred need speed seed feed breed greed creed shed sled sacred indeed exceed proceed "  # noqa: SIM905
    "succeed weed reed deed steed".split()
)
_PEOPLE = frozenset(
    "people men women children feet teeth mice geese oxen sheep fish deer cattle police "  # noqa: SIM905
    "headquarters".split()
)
_SINGULAR = re.compile(r"(?:ss|us|is|[’']s|news|omics|hysics|litics)$")
# Plural nouns that name an amount and cannot be counted.
_AMOUNTS = frozenset(
    "sales wages earnings profits losses revenues costs expenses expenditures savings proceeds "  # noqa: SIM905
    "takings exports imports prices rents funds assets debts reserves fees taxes "
    "incomes salaries".split()
)


def is_base(word: str) -> bool:
    """Whether a word is known as the base form of a verb."""
    return word in _PAST or word in _COMMON


def is_past(word: str) -> bool:
    """Whether a word may be a past tense or a participle.

    >>> is_past("counted"), is_past("sold"), is_past("hundred")
    (True, True, False)
    """
    return word in _BASE or word in _PARTICIPLES or _has_ending(word)


def only_past(word: str) -> bool:
    """Whether a word can be nothing but the past tense of a verb: "came", "fell"."""
    return word in _ONLY_PAST


def past(base: str) -> str:
    """Return the past tense of a verb.

    >>> [past(verb) for verb in ("end", "rise", "carry", "move", "stop", "play")]
    ['ended', 'rose', 'carried', 'moved', 'stopped', 'played']
    """
    if base in _PAST:
        return _PAST[base]
    if base.endswith("e"):
        return f"{base}d"
    if re.search(r"[^aeiou]y$", base):
        return f"{base[:-1]}ied"
    if re.fullmatch(
        r"[^aeiou]*[aeiou][^aeiouwxy]|(?:ad|per|sub|com|re)m?mit|enrol|refer|top", base
    ):
        return f"{base}{base[-1]}ed"
    return f"{base}ed"


@cache
def base_of(form: str) -> str:
    """Return the base of a past tense; empty where it is not known.

    >>> base_of("sold"), base_of("carried"), base_of("moved"), base_of("xyzzy")
    ('sell', 'carry', 'move', '')
    """
    if form in _BASE:
        return _BASE[form]
    return next((verb for verb in sorted(_COMMON) if past(verb) == form), "")


def is_plural(noun: str) -> bool:
    """Whether a noun is in the plural, as far as its ending says so.

    >>> is_plural("trucks"), is_plural("women"), is_plural("census"), is_plural("people")
    (True, True, False, True)
    """
    low = noun.lower()
    return low in _PEOPLE or (low.endswith("s") and not _SINGULAR.search(low))


def is_amount(noun: str) -> bool:
    """Whether a plural names an amount and nothing that is counted: "sales", "wages"."""
    return noun.lower() in _AMOUNTS


def _has_ending(word: str) -> bool:
    return word.endswith("ed") and len(word) > 3 and word not in _NO_VERB
