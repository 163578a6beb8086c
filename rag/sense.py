"""Words that turn the sense of a figure: whether something rose or fell, happened or did not.

A paraphrase may keep every figure of a sentence and say its opposite.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_UP = re.compile(
    r"\b(?:ris(?:e|es|en|ing)|rose|increas\w+|gr[eo]w(?:s|n|ing|th)?|climb\w*|jump\w*|surg\w+|soar\w*"
    r"|gain\w*|higher|up)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:fall(?:s|en|ing)?|fell|decreas\w+|declin\w+|drop\w*|reduc\w+|plung\w+|slump\w*|shr[iau]nk\w*"
    r"|lower|down)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|never|no|none|nobody|neither|without)\b|n[’']t\b", re.IGNORECASE)


def opposes(prose: str, source: str) -> bool:
    """Whether prose says that something fell where its source only says rose, or denies alone.

    >>> opposes("Sales fell by 4%.", "Sales rose by 4% in May.")
    True
    >>> opposes("Sales did not rise.", "Sales rose by 4% in May.")
    True
    >>> opposes("Sales rose by 4%.", "Sales rose by 4% after they fell in April.")
    False
    """
    up, down = bool(_UP.search(prose)), bool(_DOWN.search(prose))
    source_up, source_down = bool(_UP.search(source)), bool(_DOWN.search(source))
    turned = (up and source_down and not source_up) or (down and source_up and not source_down)
    denied = bool(_NOT.search(prose)) and not _NOT.search(source)
    return turned or denied


# What says no without "not": a verb, or a word that leaves out.
_SAYS_NO = re.compile(
    r"\b(?:miss(?:ed|ing|es)?|fail(?:ed|ing|s)?|lack(?:ed|ing|s)?|absent|outside|exclud(?:ed?|es|ing)"
    r"|refus(?:ed?|es|al|ing)|reject(?:ed|s|ing)?|declin(?:ed to|es to)|den(?:y|ied|ies)|ineligible"
    r"|without|except|(?:did|do|does|was|were|is|are|had|has|have|could|would|wo|ca)nt)\b",
    re.IGNORECASE,
)


def may_deny(text: str) -> bool:
    """Whether a text may say that something is not so, in whatever words.

    >>> may_deny("who missed their hearings"), may_deny("who came to them")
    (True, False)
    """
    return bool(_NOT.search(text) or _SAYS_NO.search(text))


# Of a deed: "without a job" and "of buses, not trams" turn nothing.
_IS_NOT_SO = re.compile(
    r"\b(?:did|does?|was|were|is|are|had|has|have|could|would|will|can)"
    r"(?:n[’']t|\s(?:\w+\s)?(?:not|never))\b|\bcannot\b",
    re.IGNORECASE,
)


def denies(text: str) -> bool:
    """Whether a text says that something is not so.

    >>> denies("159,000 had not come"), denies("159,000 came"), denies("9% are without a job")
    (True, False, False)
    """
    return bool(_IS_NOT_SO.search(text))


def both_ways(
    pairs: Iterable[tuple[str, str]],
) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Pairs of contrary words as patterns of whole words, each pair the other way round too."""
    return tuple(
        (
            re.compile(rf"\b(?:{one})\b", re.IGNORECASE),
            re.compile(rf"\b(?:{other})\b", re.IGNORECASE),
        )
        for pair in pairs
        for one, other in (pair, pair[::-1])
    )


_CONTRASTS = both_ways(
    (
        (r"north\w*", r"south\w*"),
        (r"east\w*", r"west\w*"),
        (r"men|man|boys?|males?", r"women|woman|girls?|females?"),
        (r"adults?", r"child(?:ren)?|pupils?"),
        (r"rural|countryside", r"urban|cit(?:y|ies)"),
        (r"public", r"private"),
        (r"domestic", r"foreign|international"),
        (r"exports?|exported", r"imports?|imported"),
        (r"arriv\w+", r"depart\w+"),
        (r"killed|died|dead|deaths?", r"injur\w+|wounded|hurt"),
        (r"revenues?|sales|turnover", r"profits?|loss(?:es)?"),
        (r"profits?|surplus", r"loss(?:es)?|deficit"),
        (r"open(?:s|ed|ing)?", r"clos(?:e|es|ed|ing|ures?)|shut"),
        (
            r"highest|most|maximum|longest|largest|biggest",
            r"lowest|least|minimum|shortest|smallest|fewest",
        ),
        (r"summer", r"winter"),
        (r"spring", r"autumn"),
        (r"morning", r"afternoon|evening"),
        (r"home", r"away"),
    )
)


def contrasts(asked: str, said: str) -> bool:
    """Whether one thing is asked for, and only what is set against it is said.

    >>> contrasts("How much rain fell in the north?", "and the south just 12%")
    True
    >>> contrasts("How much rain fell in the north?", "12% in north and south")
    False
    """
    return any(
        one.search(asked)
        and not other.search(asked)
        and other.search(said)
        and not one.search(said)
        for one, other in _CONTRASTS
    )
