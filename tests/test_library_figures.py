"""The figures of a library: written with the sentences, gone with them, never half."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from library_samples import Cut, article

from rag.chunking import PassageChunker
from rag.cutting import CutDocument, cut
from rag.library import Library
from rag.library.migrations import MIGRATIONS, migrate
from rag.schema import FigureKind, Filters, Statement
from rag.statements import statements

FERRY = article(
    "/news/ferry.txt",
    [
        "In May 2023 the ferry carried 3,100 people.",
        "That month 12% of sailings were cancelled, the port said.",
        "Nobody was hurt.",
        "About a third of the passengers were children.",
    ],
    publisher="Daily Drop",
    published=date(2024, 3, 1),
)
SNOW = article("/news/snow.txt", ["It snowed 14 cm on Sunday."], published=date(2024, 5, 1))


def stated(given: Cut) -> tuple[tuple[Statement, ...], ...]:
    texts = [sentence.text for sentence in given[1]]
    published = given[0].info.published
    return tuple(
        statements(text, lead=lead, published=published)
        for text, lead in zip(texts, [None, *texts], strict=False)
    )


def add(library: Library, given: Cut) -> None:
    library.replace_document(*given, statements=stated(given))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True, writable=True) as opened:
        yield opened


def test_a_figure_is_given_back_as_it_was_found(library: Library) -> None:
    add(library, FERRY)
    add(library, SNOW)
    for given in (FERRY, SNOW):
        found = library.figures(Filters(documents=(given[0].info.id,)))
        assert [row.statement for row in found] == [s for group in stated(given) for s in group]
        assert {row.document for row in found} == {given[0].info}
    places = [(row.sentence.document_id, row.sentence.position) for row in library.figures()]
    assert places == [("ferry", 0), ("ferry", 0), ("ferry", 1), ("ferry", 3), ("snow", 0)]


@pytest.mark.parametrize(
    ("filters", "kinds", "texts"),
    [
        (Filters(), (), ["May 2023", "3,100", "12%", "a third", "14"]),
        (Filters(), (FigureKind.COUNT,), ["3,100", "14"]),
        (Filters(documents=("snow",)), (), ["14"]),
        (
            Filters(until=date(2024, 4, 1)),
            (FigureKind.PERCENT, FigureKind.RATIO),
            ["12%", "a third"],
        ),
        (Filters(publishers=("daily drop",)), (FigureKind.MONEY,), []),
        (Filters(documents=("none",)), (), []),
    ],
)
def test_figures_are_filtered_by_document_date_and_kind(
    library: Library, filters: Filters, kinds: tuple[FigureKind, ...], texts: list[str]
) -> None:
    add(library, FERRY)
    add(library, SNOW)
    found = library.figures(filters, kinds=kinds)
    assert [row.statement.figure.text for row in found] == texts


def test_figures_of_certain_sentences_stand_in_their_order(library: Library) -> None:
    add(library, FERRY)
    add(library, SNOW)
    gone = replace(FERRY[1][0], position=9)
    found = library.figures(of=[SNOW[1][0], gone, FERRY[1][3], FERRY[1][1]])
    assert [row.statement.figure.text for row in found] == ["14", "a third", "12%"]
    assert library.figures(of=[]) == ()


def test_figures_go_with_their_document(library: Library) -> None:
    add(library, FERRY)
    add(library, SNOW)
    edited = article("/news/ferry.txt", ["The ferry carried 3,200 people."])
    add(library, edited)
    assert [row.statement.figure.text for row in library.figures()] == ["3,200", "14"]
    library.remove(["ferry"])
    assert [row.statement.figure.text for row in library.figures()] == ["14"]
    with library.connection() as connection:
        assert connection.execute("SELECT count(*) FROM figure").fetchone() == (1,)


def test_an_article_that_is_as_it_was_gets_the_figures_that_are_found_now(library: Library) -> None:
    library.replace_document(*FERRY)
    assert library.figures() == ()
    add(library, FERRY)
    add(library, FERRY)
    assert len(library.figures()) == 4


def test_a_value_that_no_float_holds_is_kept_exactly(library: Library) -> None:
    add(library, article("/news/big.txt", ["It has 9,007,199,254,740,993 grains and 1.10 euros."]))
    assert [str(row.statement.figure.value) for row in library.figures()] == [
        "9007199254740993",
        "1.10",
    ]


def test_a_library_of_before_there_were_figures_can_be_opened_and_filled(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with Library.open(folder, create=True, writable=True) as library:
        library.replace_document(*FERRY)
    [path] = folder.glob("*.sqlite*")
    with closing(sqlite3.connect(path)) as old:
        old.executescript("DROP TABLE figure; PRAGMA user_version = 3")
    with Library.open(folder, writable=True) as library:
        assert library.figures() == ()
        add(library, FERRY)
        assert len(library.figures()) == 4
        assert library.check() == ()


def test_a_figure_that_reaches_beyond_its_sentence_is_found_by_the_check(library: Library) -> None:
    add(library, FERRY)
    assert library.check() == ()
    with library._database.writing() as connection:
        connection.execute("UPDATE figure SET clause_end = 9999 WHERE value = '3100'")
    assert library.check() == ("1 figures reach beyond their sentences",)


def test_an_article_is_cut_with_what_its_sentences_say() -> None:
    chunker = PassageChunker(lambda text: len(text.split()), 40)
    done = cut(FERRY[0], chunker)
    assert isinstance(done, CutDocument)
    assert done.statements == stated(FERRY)
    month = done.statements[1][0].period
    assert month is not None
    assert month.first == date(2023, 5, 1), "the sentence before tells which month"


def test_the_table_is_made_by_the_last_step() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        migrate(connection, MIGRATIONS)
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE name = 'figure'")
        assert tables.fetchall() == [("figure",)]
