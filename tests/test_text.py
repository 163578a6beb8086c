from __future__ import annotations

import json
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text import MAX_MARKS, normalise, split_sentences

SENTENCES = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "sentences.jsonl").read_text("utf-8").splitlines()
]

# Any text, and text that is mostly the characters which splitters and normalisers trip over.
HOSTILE = st.text() | st.lists(
    st.sampled_from(
        [
            *"aB1 .?!,;\"'()[]\n\r\t-%$",
            *"“”‘’…—«»。！\xa0\u2009\u3000\u2028\u2029\x85\x0b\x0c\x1c\x00\x07\u200b\u200d\u202e",
            *"\ufeff\xad\u0301\u0316\u0344\u1e9e\u0130ßé😀\ufe0f\u0958\u1100\u1161\ud83d\ue000",
            *("U.S.", "Dr.", "a.m.", " A. ", "No. 5", "e.g.", ". ", "? “", ".” "),
        ]
    )
).map("".join)


# --- normalise -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \n\t ", ""),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
        ("a\n \n\t\n\nb", "a\n\nb"),
        ("a \n b", "a\nb"),
        ("a\xa0\u2009\t b\u3000c", "a b c"),
        ("cafe\u0301", "café"),
        ("\ufeff1\u200b2\u202e3\u00ad4\x005\ue0006", "123456"),
        ("lone \ud83d half", "lone half"),
        ("4,500 – 3.5%", "4,500 – 3.5%"),
    ],
)
def test_normalise_leaves_one_way_to_write_a_thing(text: str, expected: str) -> None:
    assert normalise(text) == expected


@settings(max_examples=500, deadline=None)
@given(HOSTILE)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@settings(max_examples=500, deadline=None)
@given(HOSTILE)
def test_normalised_text_has_only_plain_whitespace(text: str) -> None:
    once = normalise(text)
    assert {c for c in once if c.isspace()} <= {" ", "\n"}
    assert once == once.strip()
    assert not any(run in once for run in ("  ", " \n", "\n ", "\n\n\n"))
    once.encode("utf-8")


def test_no_invisible_character_of_unicode_survives() -> None:
    kept = {
        chr(point)
        for point in range(sys.maxunicode + 1)
        if unicodedata.category(chr(point)) in {"Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp"}
        and normalise(f"a{chr(point)}b") not in {"ab", "a b", "a\nb"}
    }
    # These are called format characters but are drawn: signs before a number.
    assert {unicodedata.name(c).split()[0] for c in kept} <= {
        "ARABIC",
        "SYRIAC",
        "KAITHI",
        "EGYPTIAN",
    }


def test_endless_marks_on_a_letter_are_cut_in_linear_time() -> None:
    started = time.perf_counter()
    text = normalise("a" + "\u0301\u0316" * 100_000)
    assert time.perf_counter() - started < 2  # without the limit: over 10 s
    assert len(text) <= 1 + MAX_MARKS


# --- split_sentences -----------------------------------------------------------------------


def sentences(text: str) -> list[str]:
    return [text[found.span.start : found.span.end] for found in split_sentences(text)]


@pytest.mark.parametrize("expected", SENTENCES, ids=lambda parts: " ".join(parts)[:50])
def test_sentences_of_news_prose(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_every_line_is_a_sentence_and_a_paragraph_of_its_own() -> None:
    text = "A headline without a stop\n\nIt rose. It fell.\n- one item\n- another item"
    found = split_sentences(text)
    assert [(text[f.span.start : f.span.end], f.paragraph) for f in found] == [
        ("A headline without a stop", 0),
        ("It rose.", 1),
        ("It fell.", 1),
        ("- one item", 2),
        ("- another item", 3),
    ]


@settings(max_examples=500, deadline=None)
@given(HOSTILE, st.booleans())
def test_spans_are_ordered_and_leave_out_nothing_but_whitespace(text: str, raw: bool) -> None:
    text = text if raw else normalise(text)
    position = 0
    paragraph = 0
    for found in split_sentences(text):
        span = found.span
        assert text[position : span.start].strip() == ""
        assert text[span.start : span.end] == text[span.start : span.end].strip() != ""
        assert found.paragraph in {paragraph, paragraph + 1}
        position, paragraph = span.end, found.paragraph
    assert text[position:].strip() == ""


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="ab.A?! 1“”\"'", max_size=40))
def test_lines_do_not_change_one_another(line: str) -> None:
    line = normalise(line)
    twice = sentences(f"{line}\n{line}")
    assert twice == [*sentences(line), *sentences(line)]


@pytest.mark.parametrize(
    "unit",
    ["The firm sold 4,500 units in May. Dr. Smith agreed. ", "word “ ( ", "x", "Foo. bar. ", "1. "],
)
def test_time_grows_with_the_length_of_a_line_only(unit: str) -> None:
    line = normalise(unit * (1_000_000 // len(unit)))
    started = time.perf_counter()
    found = split_sentences(line)
    assert time.perf_counter() - started < 10  # a fifth of it on one slow core; quadratic: minutes
    assert sum(len(f.span) for f in found) > len(line) / 2


def test_a_window_does_not_cut_a_sentence() -> None:
    sentence = "The bakery in Springfield, which Dr. A. Ray runs, sold 4,500 loaves on Jan. 5."
    assert set(sentences(" ".join([sentence] * 1000))) == {sentence}
