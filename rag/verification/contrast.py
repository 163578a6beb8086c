"""Whether a figure is said of the same thing and time as the one that it repeats.

The words of a sentence belong to its figures: "Sales rose 4% in May and 6% in June" says nothing
of 4% in June. A text is held against each figure of its sources in turn: the names and times
beside its own must not be those of another, and its other words must be nearer to the figure
that it repeats than to any other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from rag.figures import same_unit
from rag.schema import Figure, FigureKind
from rag.verification.opposites import turned
from rag.verification.reading import Clause, Reading
from rag.verification.scope import Levels, is_dated, periods, speaks_for_others, strays
from rag.verification.sources import Source
from rag.verification.words import Sort, Token, is_among, named, stem_of, stems, tokens_of

_CLASHING = frozenset(
    {frozenset({"from", "to"}), frozenset({"by", "to"}), frozenset({"by", "from"})}
)
_OF_NOUN = re.compile(r"\s(?:\w+\s)?of\s(?:(?:the|its|their|his|her|all|a|an)\s)?(?=[a-z])")
_LONGEST_NOUN = 30
"""Characters behind "of" in which the noun stands."""

_PART = re.compile(r"\s(?:\w+\s)?of\s(?:the|its|their|his|her|them)\b")
_LEANS = re.compile(
    r"^(?:that|this)\b|\b(?:it|its|they|their|them|he|his|she|her|those|these|such|another|both"
    r"|same|did)\b",
    re.IGNORECASE,
)


def objection(
    said: Reading, clause: Clause, source: Source, stated: Clause, rivals: Sequence[Reading]
) -> str | None:
    """Return why a figure is not said of what its source says it of; None where nothing shows it.

    Args:
        said: a sentence of the text.
        clause: of its figure.
        source: a sentence that states the same value.
        stated: the clause that does.
        rivals: other sentences whose figures may be meant.
    """
    if clause.is_whole:
        return _objection_to_whole(said, clause, source, stated, rivals)
    lead, about = tokens_of(source.lead), tokens_of(source.about)
    names = _names((said, source.reading, *rivals), (lead, about))
    words = _said(clause, names)
    levels = [named(level, names) for level in (stated.own, *stated.before, lead, about)]
    if clause.is_setting and stated.is_setting:
        return "is of another name" if strays(Sort.NAME, words, levels) else None
    return (
        _of_scope(said, words, source, stated, levels)
        or _of_role(clause, stated)
        or _of_noun(said, clause, source, stated, rivals)
        or _of_words(words, clause, stated, source, rivals)
        or _of_place(words, stated, source, rivals)
        or _of_subject(words, stated)
        or _of_part(said, clause, stated)
        or _of_period(said, clause, source, stated)
        or turned(said, clause, source.reading, stated)
    )


def _objection_to_whole(
    said: Reading, clause: Clause, source: Source, stated: Clause, rivals: Sequence[Reading]
) -> str | None:
    """What speaks against the 14 of "10 of the 14": names and times there are those of the 10."""
    if stated.part_of and not stated.is_whole:
        return "is a part, not the whole"
    if not stated.is_whole and any(other.is_whole for other in source.reading.clauses):
        return "is not the whole"
    return _of_noun(said, clause, source, stated, rivals) or turned(
        said, clause, source.reading, stated
    )


def _names(readings: Sequence[Reading], others: Sequence[Sequence[Token]]) -> frozenset[str]:
    """Stems that are names anywhere, so that they are also at the start of a sentence."""
    lists = [*(reading.tokens for reading in readings), *others]
    return frozenset(t.stem for tokens in lists for t in tokens if t.sort is Sort.NAME)


def _said(clause: Clause, names: Collection[str]) -> tuple[Token, ...]:
    """The words of a figure of the text, and names and times ahead where it has none itself."""
    itself = clause.figure.span.start
    own = named([token for token in clause.own if token.start != itself], names)
    sorts = {token.sort for token in own} | {Sort.WORD}
    ahead = named([token for level in clause.before for token in level], names)
    return (*(token for token in ahead if token.sort not in sorts), *own)


def _of_scope(
    said: Reading, words: Sequence[Token], source: Source, stated: Clause, levels: Levels
) -> str | None:
    """Whether the names, the times or the speaker of the text are others."""
    times = [token for token in words if not is_dated(token, stated, source.published)]
    if strays(Sort.NAME, words, levels):
        return "is of another name"
    if strays(Sort.TIME, times, levels):
        return "is of another time"
    return "is said by another" if speaks_for_others(said, levels) else None


def _of_role(clause: Clause, stated: Clause) -> str | None:
    """Whether it is what something came from, not what it came to, or by how much."""
    clash = frozenset({clause.role, stated.role}) in _CLASHING
    return f"stands behind “{stated.role}”, not “{clause.role}”" if clash else None


def _of_noun(
    said: Reading, clause: Clause, source: Source, stated: Clause, rivals: Sequence[Reading]
) -> str | None:
    """What is counted has to be in the source; people may be where it only says how many."""
    known = stems(tokens_of(source.words))
    if _of_what(said, clause, source, stated, known.union(*(stems(r.tokens) for r in rivals))):
        return "is of something else"
    noun = said.counted(clause.figure) if clause.figure.kind is FigureKind.COUNT else None
    if noun is None or noun in known:
        return None
    if noun == stem_of("people") and source.reading.counted(stated.figure) is None:
        return None
    return "counts something else"


def _of_what(
    said: Reading, clause: Clause, source: Source, stated: Clause, known: Collection[str]
) -> bool:
    """Whether "41% of the ministers" is said for 41% of another thing, or of a thing unknown."""
    asked = _noun_behind(said, clause.figure)
    told = _noun_behind(source.reading, stated.figure)
    if asked and told:
        return not any(is_among(stem, told) for stem in asked)
    return bool(asked) and not any(is_among(stem, known) for stem in asked)


def _noun_behind(reading: Reading, figure: Figure) -> frozenset[str]:
    """The telling words of what a figure is "of"; none where it is of them, or of nothing."""
    match = _OF_NOUN.match(reading.text, figure.span.end)
    if match is None:
        return frozenset()
    found = [t for t in reading.tokens if match.end() <= t.start < match.end() + _LONGEST_NOUN]
    return stems(found if found and found[0].start == match.end() else ())


def _of_words(
    said: Sequence[Token], clause: Clause, stated: Clause, source: Source, rivals: Sequence[Reading]
) -> str | None:
    """Whether the words of the text are rather those of another figure.

    A clause takes over words from those before it, so that these speak against it only where none
    of its own is there; what stands behind it, or in a sentence apart, is never its own.
    """
    sentence = source.reading
    asked = stems(said)
    own = stems(stated.own)
    own = own or next((stems(level) for level in stated.before if level), stems(sentence.tokens))
    leans = _leans(sentence, stated)
    for reading, rival in _rival_clauses(stated, sentence, rivals):
        ours, theirs = own - stems(rival.own), stems(rival.own) - own
        alike = any(_alike(rival.figure, one) for one in (stated.figure, clause.figure))
        if alike and ours and asked & theirs and not asked & ours:
            return f"has the words of {rival.figure.text!r}"
        ahead = reading is sentence and rival.span.start < stated.span.start
        if ahead or (leans and reading.text == source.lead):
            continue
        times = {t.stem for t in (*sentence.tokens, *rival.own) if t.sort is Sort.TIME}
        ours, theirs = ours - times, theirs - times
        if ours and theirs and _share(asked, theirs) >= _share(asked, ours) and asked & theirs:
            return f"has the words of {rival.figure.text!r}"
    return None


def _rival_clauses(
    stated: Clause, sentence: Reading, rivals: Sequence[Reading]
) -> Iterator[tuple[Reading, Clause]]:
    """Yield the clauses of other values that are not shared with the stated one."""
    for reading in (sentence, *rivals):
        for clause in reading.clauses:
            shared = reading is sentence and clause.span == stated.span
            if not (shared or clause.is_setting or _same_value(clause.figure, stated.figure)):
                yield reading, clause


def _leans(sentence: Reading, stated: Clause) -> bool:
    """Whether a sentence takes words over from the one before it."""
    bare = stated.figure.kind is FigureKind.COUNT and not sentence.counted(stated.figure)
    return bare or _LEANS.search(sentence.text) is not None


def _of_place(
    said: Sequence[Token], stated: Clause, source: Source, rivals: Sequence[Reading]
) -> str | None:
    """Whether a preposition leads to another word: "in adults" and "in children"."""
    asked, near = stems(said), stems((*stated.around, *tokens_of(source.lead)))
    for token in said:
        if not token.led or token.sort is not Sort.WORD or token.stem in near:
            continue
        mine = {t.stem for t in stated.own if t.led == token.led and t.sort is Sort.WORD}
        others = (t for reading in (source.reading, *rivals) for t in reading.tokens)
        if (
            mine
            and not mine & asked
            and any(t.stem == token.stem and t.led == token.led for t in others)
        ):
            return "is of another group or place"
    return None


def _of_subject(said: Sequence[Token], stated: Clause) -> str | None:
    """Whether the text begins with what an earlier clause is about, and this one is not."""
    told = [t for t in said if t.sort is not Sort.TIME]
    own = [t for t in stated.own if t.sort is not Sort.TIME and t.start < stated.figure.span.start]
    if not told or not own or own[0].stem in stems(told):
        return None
    ahead = stems(token for level in stated.before for token in level) - stems(stated.own)
    return "is of another subject" if told[0].stem in ahead else None


def _alike(one: Figure, other: Figure) -> bool:
    return one.kind is other.kind and same_unit(one.unit, other.unit)


def _same_score(one: tuple[Figure, Figure], other: tuple[Figure, Figure]) -> bool:
    return all(_same_value(a, b) for a, b in zip(one, other, strict=True))


def _share(asked: Collection[str], words: Collection[str]) -> float:
    return len([word for word in words if word in asked]) / len(words)


def _same_value(one: Figure, other: Figure) -> bool:
    return one.value == other.value and one.kind is other.kind


def _of_part(said: Reading, clause: Clause, stated: Clause) -> str | None:
    """Whether part and whole are taken for each other."""
    whole = clause.part_of
    if whole and whole.kind is clause.figure.kind and clause.figure.value > whole.value:
        return "is larger than what it is a part of"
    if whole and stated.part_of and not _same_value(whole, stated.part_of):
        return "is a part of something else"
    if clause.scored and stated.scored and not _same_score(clause.scored, stated.scored):
        return "stands in another pair"
    told = _PART.match(said.text, clause.figure.span.end) and not stated.part_of
    if stated.is_whole and (told or stated.shares):
        return "is the whole, not a part"
    bare = stated.part_of and not stated.own and not clause.part_of
    if bare and stems(clause.own) & stems(stated.around):
        return "is a part, not the whole"
    return None


# A figure of so many days or more is not that of a longer time: May's is not the year's.
_LONG = 7


def _of_period(said: Reading, clause: Clause, source: Source, stated: Clause) -> str | None:
    asked, told = periods(said, clause, source, stated)
    if asked is None or told is None:
        return None
    if told.text not in source.reading.text[stated.span.start : stated.span.end]:
        return None
    apart = asked.last < told.first or told.last < asked.first
    days, asked_days = (told.last - told.first).days, (asked.last - asked.first).days
    return "is of another time" if apart or (asked_days > days >= _LONG) else None
