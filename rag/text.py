"""Normalisation and sentence spans: what "the text of a document" means everywhere else.

Every offset in citeline counts characters of text that went through :func:`normalise` once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from sentencex import get_sentence_boundaries

from rag.schema import Span

# Unicode's line separators beside CR and LF: vertical tab, form feed, NEL, LS, PS.
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Category Zs without the space itself, the tab, and the ASCII separators 1C to 1F.
_SPACES = re.compile("[\t\x1c-\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Categories Cc and Cf (zero-width, bidi overrides, BOM, soft hyphen, tags), lone surrogates, and
# private-use characters, which mean something in one font only.
# The Arabic and Kaithi number signs are Cf as well but visible, so they stay.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\uf8ff\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
    "\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)
_SPACE_RUN = re.compile(" {2,}")
_SPACE_AT_BREAK = re.compile(" ?\n ?")
_BREAK_RUN = re.compile("\n{3,}")
_NON_ASCII_RUN = re.compile("[^\x00-\x7f]{31,}")

MAX_MARKS = 30
"""Combining marks in a row that are kept.

Unicode's Stream-Safe Text Format (UAX #15) allows as many; without a limit NFC takes 10 s for
128,000 marks on one letter, and time grows with the square.
"""

_WINDOW = 10_000
"""Characters that the splitter sees at once.

It takes 0.1 ms for a line of 4,000 characters and 89 ms for one of 64,000 full of open quotes:
the window keeps long lines linear. No sentence of prose is longer.
"""


def normalise(text: str) -> str:
    r"""Return ``text`` with one way to write each thing that a reader cannot see.

    NFC; every line break is ``\n``, at most two in a row; every space is one plain space, none
    beside a line break or at the ends; no zero-width, bidi or control characters. Normalising
    twice changes nothing.

    >>> normalise("\ufeffThe\u00a0 price\r\n\r\n\r\nrose\u200b. ")
    'The price\n\nrose.'
    """
    text = _LINE_BREAKS.sub("\n", text)
    text = _INVISIBLE.sub("", _SPACES.sub(" ", text))
    if not unicodedata.is_normalized("NFC", text):
        # Twice, for NFC may make two marks of one.
        text = unicodedata.normalize("NFC", _cap_marks(text))
    text = _cap_marks(text)
    text = _SPACE_AT_BREAK.sub("\n", _SPACE_RUN.sub(" ", text))
    return _BREAK_RUN.sub("\n\n", text).strip(" \n")


def _cap_marks(text: str) -> str:
    """Drop combining marks beyond :data:`MAX_MARKS` in a row."""
    return _NON_ASCII_RUN.sub(lambda match: _cap_run(match.group()), text)


def _cap_run(run: str) -> str:
    kept = []
    marks = 0
    for character in run:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


@dataclass(frozen=True, slots=True)
class SentenceSpan:
    """Where a sentence stands and which paragraph, counted from 0, holds it."""

    span: Span
    paragraph: int


def split_sentences(text: str) -> tuple[SentenceSpan, ...]:
    """Split normalised English text into sentences, in order and without overlap.

    Every line is a paragraph, so a headline, a caption or a list item without a full stop is a
    sentence of its own. A quote of several sentences stays whole: who said it stands once.
    Nothing but whitespace lies between the spans, and none begins or ends with whitespace.
    """
    sentences: list[SentenceSpan] = []
    paragraph = 0
    for line in re.finditer(r"[^\n]+", text):
        found = [SentenceSpan(span, paragraph) for span in _split_line(line.group(), line.start())]
        sentences += found
        paragraph += bool(found)
    return tuple(sentences)


def _split_line(line: str, offset: int) -> Iterator[Span]:
    """Yield the sentences of one line; ``offset`` is where the line starts in the text."""
    start = 0
    for cut in [*_cuts(line), len(line)]:
        piece = line[start:cut]
        if sentence := piece.strip():
            first = offset + start + len(piece) - len(piece.lstrip())
            yield Span(first, first + len(sentence))
        start = cut


# An apostrophe that a word processor turned into an opening quote ("the ‘90s") opens a quote
# that never closes, and the splitter does not split inside quotes.
_FALSE_QUOTE = re.compile(r"‘(?=\d0s\b|[Tt](?:is|was)\b)")
# The splitter fails on whitespace of several bytes after an initial, and on lone surrogates.
_UNSAFE = re.compile(r"[^\S ]|[\ud800-\udfff]")


def _cuts(line: str) -> Iterator[int]:
    """Yield where one sentence of a line ends and the next begins, the ends left out."""
    masked = _FALSE_QUOTE.sub("’", _UNSAFE.sub(" ", line))
    start = 0  # of the sentence that is not finished yet
    for end in _proposed_cuts(masked):
        cut = end - _opening_tail(masked[max(start, end - 9) : end])
        if start < cut < len(masked) and not _one_sentence(masked, start, cut):
            yield cut
            start = cut


def _proposed_cuts(line: str) -> Iterator[int]:
    """Yield what the splitter says, window by window, and the cuts that it misses."""
    position = 0
    while position < len(line):
        window = line[position : position + _WINDOW]
        ends = [position + piece["end_index"] for piece in get_sentence_boundaries("en", window)]
        if position + _WINDOW < len(line):
            # The last piece may go on behind the window: look at it again from its start.
            ends = ends[:-1] or [position + (window.rfind(" ") + 1 or len(window))]
        for end in ends or [len(line)]:
            piece = line[position:end]
            yield from (position + missed.end() for missed in _MISSED.finditer(piece))
            yield end
            position = end


# Where the splitter sees no end: behind a bracketed sentence, behind a quote in a quote, and behind
# the month that it takes for an abbreviation of itself.
_MISSED = re.compile(
    r"(?:^\([A-Z“\"][^()]*[.!?][”\"’']?\)|[.!?](?:’ ?”|'\"))\s+(?=[A-Z“‘\"(])"
    r"|\bMay\.\s+(?=[A-Z\d“‘\"(])"
)
_OPENING_MARKS = "\"'“‘(["


def _opening_tail(piece: str) -> int:
    """Count the characters at the end of ``piece`` that open the next, as in 'It fell. "Ouch."'."""
    bare = piece.rstrip().rstrip(_OPENING_MARKS)
    return len(piece) - len(bare) if bare != piece.rstrip() and bare.endswith(" ") else 0


# A list mark, or the Q and A of an interview, is no sentence.
_LIST_MARK = re.compile(r"[(\[]?(?:\d{1,3}|[A-Za-z]|[ivxlc]{1,5}|[•*–—-])[.):]?\s*")
# Abbreviations that the splitter does not know, before a name or a number.
_BEFORE_NAME = re.compile(
    r"\b(?:Ald|Amb|Assn|Atty|Bros|Chas|Cmdr|Dep|Det|Ed|Fr|Geo|Insp|Jos|Msgr|Pfc|Spc|Ste|Supt|Thos"
    r"|Univ|Wm)\.\s*$"
)
_BEFORE_NUMBER = re.compile(r"\b(?:[Aa]pprox|[Vv]ol|[Cc]h|[Pp]ar|[Ss]ect|[Ee]st|[Cc]a)\.\s*$")
_STARTER = re.compile(
    r"(?:A|After|All|Also|An|And|As|At|But|By|For|From|He|Her|His|However|I|If|In|It|Its|Last|More"
    r"|Most|No|Of|On|One|Our|She|Since|So|Some|That|The|Their|Then|There|These|They|This|To|Two"
    r"|We|What|When|While|Who|With|Yet|You)\b"
)
_CLOCK = re.compile(r"\d\s?[ap]\.m\.\s*$", re.IGNORECASE)
_AFTER_CLOCK = re.compile(
    r"(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T|Eastern|Central|Mountain|Pacific"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?)\b"
)
_FULL_STOP = re.compile(r"(?<![.?!])\.\s+$")
_LOWER_WORD = re.compile(r"[a-z][a-z'’-]*(?![A-Za-z])")
_QUOTE_END = re.compile(r"[”\"]\s*$")


def _one_sentence(line: str, start: int, cut: int) -> bool:
    """Whether the splitter was wrong to cut here; looks at few characters on either side."""
    if cut - start > _WINDOW:
        return False
    left = line[max(start, cut - 24) : cut]
    right = line[cut : cut + 24].lstrip()
    if cut - start <= 8 and _LIST_MARK.fullmatch(left.lstrip()):
        return True
    if right[:1] in ",;)]" or (right[:1] in "–—" and _QUOTE_END.search(left)):
        return True  # '"We did it." — Ann Ray'
    if _ends_in_abbreviation(left, right):
        return True
    # In text with capitals a lower-case word goes on: "$4.5 bn. in all", "5 lbs. of sugar".
    cased = not line[start:cut].lstrip(_OPENING_MARKS + " ")[:1].islower()
    return bool(cased and _FULL_STOP.search(left) and _LOWER_WORD.match(right))


def _ends_in_abbreviation(left: str, right: str) -> bool:
    """Whether the full stop of ``left`` is that of an abbreviation which ``right`` goes on."""
    if _BEFORE_NAME.search(left):
        return right[:1].isupper() and not _STARTER.match(right)
    if _BEFORE_NUMBER.search(left):
        return right[:1].isdigit()
    return bool(_CLOCK.search(left) and _AFTER_CLOCK.match(right))


def unaccented(text: str) -> str:
    """A text without accents, and with letters for what stands for letters.

    >>> unaccented("López ﬁled")
    'Lopez filed'
    """
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def encodable(text: str) -> str:
    """Return the text with "?" for halves of surrogate pairs, on which tokenizers fails.

    An argument of the command line that is no UTF-8 has them.
    """
    return text.encode(errors="replace").decode()
