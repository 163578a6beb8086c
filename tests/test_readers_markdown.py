from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from rag.readers.markdown import MarkdownReader, split_front_matter, strip_marks
from rag.schema import Document

ARTICLES = Path(__file__).parent / "data" / "articles"


def read(text: str) -> Document:
    (document,) = MarkdownReader().read(text.encode(), "/news/some.md")
    return document


def test_an_article_with_front_matter() -> None:
    (document,) = MarkdownReader().read((ARTICLES / "bridge.md").read_bytes(), "/news/bridge.md")
    info = document.info
    assert (info.id, info.title) == ("old-bridge", "Old bridge reopens after repairs")
    assert (info.publisher, info.author) == ("Example Post", "Ann Ray, Bob Lee")
    assert info.published == date(2022, 9, 14)
    assert document.text.split("\n") == [
        "Old bridge reopens after repairs",
        "",
        (
            "The old bridge over the river Lune, built in 1932, reopened on Monday after 14 months "
            "of repairs that cost $4.5 million, the county said. About 3,900 cars had used it each "
            "day before it was closed."
        ),
        "",
        "“It is safe for 50 years,” said the engineer, Cy Poe.",
        "",
        "Repairs began in July 2021.",
        "They took 14 months.",
        "",
        "The bridge at dawn",
        "",
        "Year | Cars a day",
        "2020 | 3,900",
        "2021 | 0",
    ]


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("## What next ##", "What next"),
        ("a **b** *c* __d__ _e_ ***f***", "a b c d e f"),
        ("snake_case_name and 5 * 3 * 2", "snake_case_name and 5 * 3 * 2"),
        ("[text](https://a.b/c_(d)) and [more][1]", "text and more"),
        ("![alt](a.png) [![x](y)](z)", "alt x"),
        ("<https://a.b> <br> <!-- no\nmore --> `code` ~~old~~", "https://a.b   code old"),
        ("costs \\$5 \\* 3", "costs $5 * 3"),
        ("a < 5 and b > 3", "a < 5 and b > 3"),
        ("> quoted\n> > twice", "quoted\ntwice"),
        ("- one\n* two\n+ three\n1. four", "one\ntwo\nthree\n1. four"),
        ("said[^1] so\n[^1]: note", "said so\n"),
        ("a [bracket] stays", "a [bracket] stays"),
        ("5,000 [sic] (so)", "5,000 [sic] (so)"),
    ],
)
def test_marks_go_and_words_stay(marked: str, plain: str) -> None:
    assert strip_marks(marked)[0] == plain


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# **Bread** sells\n\nText", "Bread sells"),
        ("Bread sells\n===\n\nText", "Bread sells"),
        ("## Section\n\nText", None),
        ("Text", None),
    ],
)
def test_the_first_heading_is_the_title(text: str, title: str | None) -> None:
    assert read(text).info.title == title


@pytest.mark.parametrize(
    "front",
    [
        "title: [open",
        "- a list",
        "just words",
        "day: 2024-13-45",
        "a: &x [*x]",
        "? !!python/none x",
    ],
)
def test_malformed_front_matter_is_text(front: str) -> None:
    document = read(f"---\n{front}\n---\nThe bakery sold 4,500 loaves.")
    assert "4,500 loaves" in document.text
    assert document.info.title is None


def test_a_title_with_a_colon_is_a_title_though_it_is_no_yaml() -> None:
    front = "title: Live: ferry aground\noutlet: 'Echo'\ndate: 2025-06-01"
    document = read(f"---\n{front}\n\n---\nThe bakery sold 4,500 loaves.")
    assert document.info.title == "Live: ferry aground"
    assert document.info.publisher == "Echo"
    assert str(document.info.published) == "2025-06-01"
    assert document.text == "The bakery sold 4,500 loaves."


def test_front_matter_of_nothing_and_dashes_without_an_end() -> None:
    assert read("---\n---\nBread sells.").text == "Bread sells."
    assert split_front_matter("---\nBread sells.") == ({}, "---\nBread sells.")


def test_stated_null_is_no_date_and_an_address_is_no_publisher() -> None:
    info = read("---\ntitle: 5\npublished: null\nsource: https://a.b/c\n---\nIt sells.").info
    assert (info.title, info.published, info.publisher) == ("5", None, None)


def test_yaml_that_repeats_itself_does_not_explode() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefg", "bcdefgh", strict=True)
    ]
    front = "\n".join([*lines, "title: *h", "author: *h"])
    assert read(f"---\n{front}\n---\nBread sells.").text == "Bread sells."


@pytest.mark.parametrize(
    "unit", ["-", "#", "=\n", "[a](", "`", "_a", "*a ", "<!--", "<a", "![", "| - "]
)
def test_no_text_takes_long(unit: str) -> None:
    started = time.perf_counter()
    read(unit * (100_000 // len(unit)) + "x")
    assert time.perf_counter() - started < 5  # 0.2 s; quadratic: a minute


@pytest.mark.parametrize(
    "matter",
    [
        *('title: !!int ""', "title: !!bool x", "title: !!timestamp x", "title: !!float x"),
        *("title: !!binary x", "? [a]\n: b", "title: 2024-13-45", "&a [*a]", 'title: "\\ud800"'),
    ],
)
def test_front_matter_with_values_that_do_not_fit_never_breaks_the_reader(matter: str) -> None:
    (document,) = MarkdownReader().read(f"---\n{matter}\n---\nIt fell.".encode(), "/x.md")
    assert "It fell." in document.text


def test_merged_mappings_do_not_grow() -> None:
    merged = "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 60))
    started = time.perf_counter()
    fields, body = split_front_matter(f"---\na0: &a0 {{x: 1}}\n{merged}title: Rain\n---\nIt fell.")
    assert (fields["title"], body) == ("Rain", "It fell.")
    assert time.perf_counter() - started < 5  # 0.02 s; merged: never
    assert split_front_matter("---\n!!merge x: 1\ntitle: Rain\n---\n")[0]["title"] == "Rain"
