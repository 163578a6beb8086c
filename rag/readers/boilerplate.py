"""Finding what stands around an article: captions, contact blocks, share lines, footers.

What is found is marked, never cut: it stays searchable but weighs less. A paragraph of prose
must never be marked, so each pattern describes a whole line, and none names an outlet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.schema import Span
from rag.text import split_sentences

_NAME = r"[A-Z][\w.’'-]*"
_NAMES = rf"{_NAME}(?: (?:of |the |& )?{_NAME}){{0,5}}"

_MEDIUM = (
    r"(?:[Ff]ile )?(?:[Pp]hoto(?:graph)?|PHOTO|[Ii]mage|[Pp]icture|[Ii]llustration|[Gg]raphic)s?"
    r"(?: [Cc]redits?| [Cc]ourtesy)?"
)
# "Photo: Ann Ray", "(Image by Ann Ray/Example Press)", "Credit: Example Images".
_STATED_CREDIT = re.compile(
    rf"[(\[]?(?:(?:{_MEDIUM}|[Cc]redits?|CREDIT):\s?[^.!?]{{2,80}}"
    rf"|(?:[A-Z]{{2,6}} )?{_MEDIUM}\s?/\s?{_NAMES}"
    rf"|{_MEDIUM} (?:by|of|courtesy of) {_NAMES}(?:\s?[/,|]\s?{_NAMES})?"
    rf"|[Cc]ourtesy(?: of)? {_NAMES})[)\]]?\.?"
)
_CREDIT_WORD = re.compile(
    r"[Pp]hoto|PHOTO|[Ii]mage|[Pp]icture|[Ii]llustration|[Gg]raphic|[Cc]redit|CREDIT|[Cc]ourtesy"
)
# A credit without the word: "Ann Ray for the Example Post", "Ann Ray/Example", "Example Images".
_BARE_CREDIT = re.compile(
    rf"{_NAMES} (?:for|via) (?:[Tt]he )?{_NAMES}|{_NAMES}\s?[/|]\s?{_NAMES}"
    rf"|{_NAME}(?: {_NAME}){{1,4}}|[A-Z]{{2,6}}"
)
_CREDIT_LINE = re.compile(
    rf"{_NAMES} (?:for|via) (?:[Tt]he )?{_NAMES} ?/ ?{_NAMES}"
    rf"|(?:{_NAMES}\s?[/|]\s?)?{_NAME} (?:Images|Photos?|Pictures)(?:\s?/\s?{_NAMES})?"
)

# Lines that are boilerplate as a whole, compared without the punctuation around them.
_WHOLE_LINE = re.compile(
    r"""(?ix:
      close | menu | search | advertisement | sponsored(?:\ content)? | loading | comments?
    | skip\ to\ (?:main\ )?content | exclusive | breaking(?:\ news)? | sign\ (?:in|up) | log\ in
    | print | share | (?:last\ |first\ )?(?:updated|published|posted)(?:\ (?:on|at|by))?
    | (?:helpful|quick|useful|related)\ links | more\ (?:stories|news|coverage|on\ this(?:\ story)?)
    | related(?:\ (?:articles|stories|topics|coverage|content|posts))? | most\ (?:read|popular)
    | trending(?:\ now)? | recommended(?:\ for\ you)? | you\ (?:may|might)\ also\ like
    | read\ (?:more|next|also) | (?:contact|about|follow)\ us | terms\ of\ (?:use|service)
    | (?:privacy|cookie)\ policy | back\ to\ top | the-[\w-]+-wire
    )"""
)
_PLATFORM = r"(?:facebook|twitter|x|e-?mail|whatsapp|linkedin|instagram|telegram|youtube|tiktok)"
_CHANNEL = (
    r"(?:newsletter|channel|podcast|updates|alerts|feed|mailing\ list|blog|briefing|community"
    r"|group|page|app)s?"
)
# Short lines that tell whoever reads the page to do something with the page.
_CALL = re.compile(
    rf"""(?ix:
      share\ this(?:\ (?:article|story|post|page|with|on|via)\b.{{0,50}})?
    | share\ (?:on|via|with)\ (?:{_PLATFORM}|friends)\b.{{0,50}}
    | (?:please\ )?(?:follow|like|find|join)\ us\ (?:on|at|there|here)\b.{{0,60}}
    | (?:please\ )?join\ our\b.{{0,40}}\b{_CHANNEL}\b.{{0,40}}
    | (?:please\ )?subscribe(?:\ (?:now|today|here))?
    | (?:please\ )?subscribe\ (?:to|for)\ (?:our|the)\b.{{0,60}}\b{_CHANNEL}\b.{{0,30}}
    | sign\ up\ (?:here|now|today|(?:for|to)\ our\b.{{0,60}})
    | download\ our\b.{{0,30}}\bapp\b.{{0,30}}
    | get\ (?:our|the)\b.{{0,40}}\b(?:newsletter|briefing|(?:in|to)\ your\ inbox)\b.{{0,40}}
    | click\ (?:here|below)\b.{{0,80}}
    | (?:read|see|watch|listen)\ (?:more|also|next|now)\s?:\s.{{1,160}}
    | (?:also\ read|related|don[’']t\ miss)\s?:\s.{{1,160}}
    )"""
)
_RIGHTS = re.compile(
    r"""(?x:
      (?:™\s?)?(?:&\s?)?(?:©|\([cC]\)|[Cc]opyright\ ©)\s?[\w].{0,200}
    | (?:Copyright|COPYRIGHT)\ (?:\([cC]\)\ )?(?:19|20)\d\d(?:\ (?:by\ |[Tt]he\ )?[A-Z].{0,120})?
    | (?:[^“”"]{0,160}[.,|]\s)?A(?:ll\ [Rr]ights\ [Rr]eserved|LL\ RIGHTS\ RESERVED)\b[^“”"]{0,120}
    )"""
)
_DESK = re.compile(
    r"""(?x:
      \(?(?:Additional\ )?(?:Reporting|Writing|Editing|Compiled|Translated)\ (?:and\ [a-z]+\ )?
      by\ [A-Z][^“”"]{0,200}(?:;[^“”"]{0,120}|\))\.?
    )"""
)
_PHONE = r"(?<![\d,.])(?:\+?\d{1,3}[\ .-])?\(?\d{3}\)?[\ .-]\d{3}[\ .-]\d{4}(?!\d)"
_REACHABLE = re.compile(rf"{_PHONE}|[\w.+-]{{1,64}}@[\w-]{{1,63}}\.\w")
_TO_READER = re.compile(
    rf"""(?ix:
      (?:^|[.!?:,]\ |\bor\ )(?:contact|call|text|e-?mail|reach)\ us\b
    | \bplease\ (?:call|text|contact|e-?mail)\b
    | \b(?:schedule|book)\ an?\ (?:free\ )?(?:consultation|appointment|call|demo|visit)\b
    | ^(?:call|text|phone|tel|fax|e-?mail|contact)\s?[.:]?\s?(?:{_PHONE}|\S+@)
    )"""
)
_PAGE_TALK = re.compile(
    r"(?:^|[.!?] )(?:please )?follow us (?:there|on|at|here)\b|\bplease visit our\b"
    # "Our reports will continue here on our blog", "More can be found in our help center here."
    r"|\bhere on our (?:blog|website|site|page|channel|app)\b"
    r"|\b(?:found|available|read|watched) (?:in|on|at) our\b[^.!?]{0,80}\b(?:here|below)[.!]?$",
    re.IGNORECASE,
)
_QUOTES = re.compile(r"[“”\"]")
_TERMINAL = re.compile(r"[.!?:;,…][’”\"')\]]*$")
_OUTER = " \t*•|>«»→–—:.!…-"

MAX_LINE = 600
"""Characters: a longer line is prose, and no pattern looks at it."""

MIN_CAPTION_WORDS = 4
"""Words before a bare credit; with fewer, a heading of two parts looks like a caption."""


def find_boilerplate(text: str) -> tuple[Span, ...]:
    """Return the lines of normalised text that are no part of the article, in order."""
    return tuple(_marked(text))


def _marked(text: str) -> Iterator[Span]:
    for line in re.finditer(r"[^\n]+", text):
        if len(line.group()) <= MAX_LINE and _is_boilerplate(line.group()):
            yield Span(*line.span())


def _is_boilerplate(line: str) -> bool:
    bare = line.strip(_OUTER)
    return bool(
        _WHOLE_LINE.fullmatch(bare)
        or _CALL.fullmatch(bare)
        or _RIGHTS.fullmatch(line)
        or _DESK.fullmatch(line)
        or _STATED_CREDIT.fullmatch(line)
        or _CREDIT_LINE.fullmatch(line)
        or _addresses_reader(line)
        or _is_caption(line)
    )


def _addresses_reader(line: str) -> bool:
    """How to reach whoever runs the page; in quotes it is somebody's speech."""
    if _QUOTES.search(line):
        return False
    contact = _REACHABLE.search(line) and _TO_READER.search(line)
    return bool(contact or _PAGE_TALK.search(line))


def _is_caption(line: str) -> bool:
    """Whole sentences and then a credit, which has no full stop unless it says "Photo"."""
    # Most lines end here: cutting them all to sentences took half of the time of reading.
    if len(line.split()) <= MIN_CAPTION_WORDS:
        return False
    if _TERMINAL.search(line) and not _CREDIT_WORD.search(line):
        return False
    *sentences, last = [line[s.span.start : s.span.end] for s in split_sentences(line)]
    if not sentences or len(" ".join(sentences).split()) < MIN_CAPTION_WORDS:
        return False
    if _STATED_CREDIT.fullmatch(last):
        return True
    return not _TERMINAL.search(line) and bool(_BARE_CREDIT.fullmatch(last))
