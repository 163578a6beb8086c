from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from job_samples import evidence

from rag.figures import bounded_span, find_figures
from rag.schema import Bound, Evidence, FigureKind, Verdict
from rag.verification import EvidenceVerifier
from rag.verification.quoting import quoted_figures

LEFT = "In 2023 more than 240,000 people left, 62% of them between June and November."
RAIN = "Northgate recorded 41 mm, Holm 38 mm and the airport 52.5 mm."
THIRD = "A third of the voters stayed at home on Sunday [2]."
FOUND = tuple(evidence(text, position=n) for n, text in enumerate((LEFT, RAIN, THIRD), start=1))
LINES = (
    "More than 240,000: “In 2023 more than 240,000 people left” [1]",
    "62%: “62% of them between June and November” [1]",
    f"62%: “{LEFT}” [1]",
    "41: “Northgate recorded 41 mm” [2]",
    "52.5: “the airport 52.5 mm” [2]",
    "A third: “A third of the voters stayed at home on Sunday.” [3]",
)


@pytest.mark.parametrize("line", LINES)
def test_a_verbatim_line_is_right(line: str) -> None:
    (checked,) = quoted_figures(line, FOUND)
    assert checked.verdict is Verdict.EXACT
    assert checked.marker == int(line[-2])
    span = checked.figure.span
    assert line[span.start : span.end] == checked.figure.text
    assert EvidenceVerifier().verify(line, FOUND).figures == (checked,)
    assert EvidenceVerifier().verify(line, FOUND).passed


def test_kind_unit_and_bound_are_those_of_the_sentence() -> None:
    bounded, rain, third = (quoted_figures(LINES[i], FOUND)[0].figure for i in (0, 3, 5))
    assert (bounded.bound, bounded.value) == (Bound.MORE_THAN, Decimal(240_000))
    assert (rain.kind, rain.unit) == (FigureKind.COUNT, "mm")
    assert third.kind is FigureKind.RATIO


@pytest.mark.parametrize(
    "line",
    [
        "240,000: “In 2023 more than 240,000 people left” [1]",
        "More than 40,000: “In 2023 more than 240,000 people left” [1]",
        "40,000: “40,000 people left” [1]",
        "240,000: “240,000 people left” [1]",
        "62%: “In 2023 more than 240,000 people left” [1]",
        "More than 240,000: “62% of them between June and November” [1]",
        "41: “Holm 38 mm” [2]",
        "5: “5 mm” [2]",
        "2.5: “2.5 mm” [2]",
        "1: “1 mm, Holm 38 mm” [2]",
        "38: “recorded 41 mm, olm 38 mm” [2]",
        "41: “Northgate recorded 41 mm” [1]",
        "41: “Northgate recorded 41 mm” [4]",
        "41: “Northgate recorded 41 mm” [0]",
        "41: “Northgate recorded 41 mm”",
        "41: “Northgate recorded 41 mm” [2] More.",
        "41: “northgate recorded 41 mm” [2]",
        "Exactly 41: “Northgate recorded 41 mm” [2]",
        "Northgate recorded: “Northgate recorded 41 mm” [2]",
    ],
)
def test_what_is_not_the_sentences_own_figure_in_its_own_words_is_no_quotation(line: str) -> None:
    assert quoted_figures(line, FOUND) == ()


@pytest.mark.parametrize(
    "line",
    [
        "More than 240,001: “In 2023 more than 240,001 people left” [1]",
        "240,000: “In 2023 fewer than 240,000 people left” [1]",
        "38: “Northgate recorded 38 mm” [2]",
        "62%: “62% of them between June and October” [1]",
    ],
)
def test_a_line_that_is_not_verbatim_has_to_pass_like_any_other_text(line: str) -> None:
    assert not EvidenceVerifier().verify(line, FOUND).passed


def test_white_space_of_the_sentence_does_not_matter() -> None:
    broken = evidence("In May more\nthan  46,610\nships arrived.")
    line = "More than 46,610: “In May more than 46,610 ships arrived” [1]"
    assert quoted_figures(line, [broken])[0].figure.value == 46_610


WORDS = ("ships", "in", "May", "of", "46,610", "18%", "$4.5", "million", "more", "than", "not", "3")
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=2, max_size=12).map(" ".join)


def lines(found: Evidence) -> list[str]:
    """Each figure of a sentence as it bounds it, with the whole sentence as the quote."""
    text = found.sentence.text
    spans = [bounded_span(text, figure) for figure in find_figures(text)]
    return [f"{text[s.start : s.end]}: “{text}” [1]" for s in spans]


@given(SENTENCES)
def test_every_figure_of_any_sentence_can_be_quoted(text: str) -> None:
    found = evidence(text)
    for line in lines(found):
        assert quoted_figures(line, [found]), line


@given(SENTENCES, st.data())
def test_a_changed_digit_or_word_is_never_a_quotation(text: str, data: st.DataObject) -> None:
    found = evidence(text)
    for line in lines(found):
        head, quote = line.split(": “", 1)
        words = quote.removesuffix("” [1]").split()
        at = data.draw(st.integers(0, len(words) - 1))
        other = data.draw(st.sampled_from([w for w in (*WORDS, "9", "boats") if w != words[at]]))
        changed = " ".join([*words[:at], other, *words[at + 1 :]])
        assert quoted_figures(f"{head}: “{changed}” [1]", [found]) == ()
        digits = [i for i, c in enumerate(head) if c.isdigit()]
        if digits:
            i = data.draw(st.sampled_from(digits))
            spoilt = head[:i] + str((int(head[i]) + 1) % 10) + head[i + 1 :]
            others = {one.split(": “")[0] for one in lines(found)}
            if spoilt not in others:
                assert quoted_figures(f"{spoilt}: “{text}” [1]", [found]) == ()


def test_another_sentence_than_the_cited_one_is_not_read() -> None:
    swapped = (FOUND[1], FOUND[0], replace(FOUND[2]))
    assert all(quoted_figures(line, swapped) == () for line in LINES[:5])
