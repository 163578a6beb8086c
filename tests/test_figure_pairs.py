"""Pairs of phrases with one figure each, and how the two agree; then what holds of any text."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rag.figures import Agreement, agree, bounded_span, find_figures
from rag.schema import Figure, FigureKind

PAIRS: list[dict[str, str]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "figure_pairs.jsonl")
    .read_text("utf-8")
    .splitlines()
]


def figure_in_question(pair: dict[str, str], side: str) -> Figure | None:
    """The figure of one side; None where its text states none."""
    figures = find_figures(pair[side])
    named = pair.get(f"{side}_figure")
    if named is not None:
        (figure,) = [figure for figure in figures if figure.text == named]
        return figure
    assert len(figures) <= 1, f"which of {[figure.text for figure in figures]}?"
    return figures[0] if figures else None


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['a']} | {pair['b']}")
def test_pairs_agree_as_a_reader_says(pair: dict[str, str]) -> None:
    a, b = figure_in_question(pair, "a"), figure_in_question(pair, "b")
    agreement = agree(a, b) if a and b else Agreement.DIFFERENT
    assert agreement.value == pair["agree"], pair["why"]


def test_the_pairs_are_many_and_of_every_kind() -> None:
    assert len(PAIRS) >= 300
    assert all({"a", "b", "agree", "why"} <= set(pair) for pair in PAIRS)
    told = Counter((p["a"], p.get("a_figure"), p["b"], p.get("b_figure")) for p in PAIRS)
    assert [pair for pair, times in told.items() if times > 1] == []
    assert {pair["agree"] for pair in PAIRS} == set(map(str, Agreement))
    found = [figure for pair in PAIRS for side in "ab" for figure in find_figures(pair[side])]
    assert {figure.kind for figure in found} == set(FigureKind)


@pytest.mark.parametrize(
    "text",
    [
        "in fiscal 2024, FY2024 and the season 2023-24, or 2023/24",
        "on 4 June 2024, June 4, 4/6, 2024-06-04, the 4th of June and the 4th",
        "the first, the 3rd and the twenty-first time",
        "aged 34, a 34-year-old, 34 years old, Ann Ray, 34, of Ohio",
        "call 212-555-0142, +44 20 7946 0958 or 0800 555 0147",
        "1. The mayor",
        "as note [12] says",
        "at 10:30, 10.30pm, 6 a.m. and four o’clock",
        "COVID-19, an F-16, Route 66, the G20, A4 and No. 29",
        "for three months, a decade and 90 minutes",
        "www.example24.com/2 or mail7@example.com",
    ],
)
def test_what_is_no_count_is_never_one(text: str) -> None:
    figures = find_figures(text)
    assert figures
    assert [figure.text for figure in figures if figure.kind is FigureKind.COUNT] == []


@pytest.mark.parametrize(
    "text",
    [
        "no cases",
        "hundreds of people and tens of thousands of others",
        "several hundred, a few thousand, a couple of million",
        "one of the officials said no one knew",
        "in their 20s and 30s",
        "a percentage, a double room, net zero",
        "46,61 or 1,2345",
    ],
)
def test_what_has_no_value_is_no_figure(text: str) -> None:
    assert find_figures(text) == ()


# --- any text ------------------------------------------------------------------------------

PIECES = (
    "one two three twenty an half third quarter quarters of in out hundred thousand million dozen "  # noqa: SIM905
    "and or to between from per cent % $ £ € 5 12 3.5 1,200 2024 2023-24 June 4 4th aged years old "
    "year-old minus - – − + ( ) . , : more than over about or so kilometres km mm C ° p.m. o’clock "
    "No. Route 66 COVID-19 doubled twice times as many first second points basis Rs crore k m bn ½ "
    "¹ ٣ ５ ’ “ ” @ www. 1. 0 007 1/2 10:30 3-1 İ ß month hours pounds won".split()
)
sentences = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " ", " ", " ", "-", "\u00a0"])),
    max_size=25,
).map(lambda pieces: "".join(piece + gap for piece, gap in pieces))
texts = sentences | st.text(st.characters() | st.sampled_from("0123456789,.%$ -–½²٣a"))


@settings(max_examples=300, deadline=None)
@given(texts)
def test_figures_lie_in_the_text_in_order_and_apart(text: str) -> None:
    end = 0
    for figure in find_figures(text):
        assert figure.span.start >= end
        assert figure.text
        assert text[figure.span.start : figure.span.end] == figure.text == figure.text.strip()
        assert bounded_span(text, figure).contains(figure.span)
        assert figure.value.is_finite()
        end = figure.span.end


@settings(max_examples=200, deadline=None)
@given(sentences, sentences)
def test_a_figure_agrees_with_itself_and_exactly_in_both_directions(one: str, other: str) -> None:
    figures = find_figures(one) + find_figures(other)
    for a in figures:
        assert agree(a, a) is Agreement.EXACT
        for b in figures:
            exact = agree(a, b) is Agreement.EXACT
            assert exact is (agree(b, a) is Agreement.EXACT)


FRAMES = [
    "They counted {} seats.",
    "{} came",
    "It was {}.",
    "the number ({}) rose",
    "“{},” she said",
    "from {} in May",
    "In 2023 {} people left",
    "{}—no more",
    "she said: {}",
    "more than {} of them",
    "they had {}, he said",
    "up to {}; others left",
]


def counts(text: str, written: str) -> list[Decimal]:
    figures = find_figures(text)
    return [f.value for f in figures if f.text == written and f.kind is FigureKind.COUNT]


@given(st.integers(0, 10**12), st.sampled_from(FRAMES))
def test_a_number_with_commas_is_found_in_any_sentence(number: int, frame: str) -> None:
    written = f"{number:,}"
    assert counts(frame.format(written), written) == [number]


@given(st.integers(-(10**9), 10**9), st.integers(1, 3), st.sampled_from(FRAMES[:4]))
def test_decimals_are_found_with_their_sign(number: int, places: int, frame: str) -> None:
    value = Decimal(number).scaleb(-places)
    written = f"{value:,f}"
    found = [(f.text, f.value) for f in find_figures(frame.format(written))]
    assert found == [(written, value)]


ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "  # noqa: SIM905
    "fifteen sixteen seventeen eighteen nineteen".split()
)
TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905


def in_words(number: int, link: str) -> str:
    """A number below a million; ``link`` stands between hundreds and the rest."""
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            joint = link if rest < 100 else " "
            tail = f"{joint}{in_words(rest, link)}" if rest else ""
            return f"{in_words(number // size, link)} {name}{tail}"
    if number < 20:
        return ONES[number]
    tail = f"-{ONES[number % 10]}" if number % 10 else ""
    return TENS[number // 10] + tail


@given(st.integers(0, 999_999), st.sampled_from([" ", " and "]), st.booleans())
def test_a_number_in_words_is_found(number: int, link: str, capital: bool) -> None:
    assume(number != 1)  # "one" alone mostly counts nothing
    written = in_words(number, link)
    written = written.capitalize() if capital else written
    frame = "{} people came" if capital else "They counted {} people"
    assert counts(frame.format(written), written) == [number]


@given(st.integers(1, 999), st.sampled_from(["thousand", "million", "billion", "bn", "m", "k"]))
def test_a_scale_is_a_factor(number: int, scale: str) -> None:
    gap = " " if len(scale) > 2 else ""
    (figure,) = find_figures(f"They sold {number}{gap}{scale} tickets")
    factor = {"k": 3, "thousand": 3, "m": 6, "million": 6}.get(scale, 9)
    assert figure.value == number * 10**factor
