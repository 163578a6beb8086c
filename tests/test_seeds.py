"""The five editions in seeds/: their front matter, their figures, and that their words are ours."""

import hashlib
import html
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import prod
from pathlib import Path
from typing import TypedDict

import pytest
import yaml

REPO = Path(__file__).resolve().parents[1]
SEEDS = sorted((REPO / "seeds").glob("*.md"))
FIGURES = REPO / "tests" / "data" / "seed_figures.json"

KEYS = ["id", "title", "publisher", "author", "published", "source_sha256"]
FRONT_MATTER = re.compile(r"---\n(?P<head>.*?)\n---\n(?P<body>.*)", re.DOTALL)

COUNTS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
NUMBER_WORDS = {word: count for count, word in enumerate(COUNTS, start=1)} | {
    "first": 1,
    "second": 2,
    "doubled": 2,
    "hundreds": 100,
    "thousands": 1_000,
    "millions": 1_000_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
}
# 46,610 and 18% and $95 and 2024-06-21 and 619-569-1768, or a number word.
NUMBER = re.compile(rf"\$?\d+(?:[,.-]\d+)*%?|\b(?:{'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)
CALENDAR = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)

RUN = 8
PLAIN_WORDS = 5
WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")
# Not after a capital: "U.S. Customs" and "Troy A. Miller" go on. A quotation opens a sentence.
SENTENCE_BREAK = re.compile(r"(?<=[^A-Z][.!?])\W+|[\n“‘]")


class Figure(TypedDict):
    text: str
    value: str
    what: str


@dataclass(frozen=True)
class Edition:
    path: Path
    meta: dict[str, object]
    body: str

    @property
    def text(self) -> str:
        return f"{self.meta['title'] or ''}\n\n{self.body}"


def read_edition(path: Path) -> Edition:
    parts = FRONT_MATTER.fullmatch(path.read_text(encoding="utf-8"))
    assert parts, f"{path.name} does not begin with front matter"
    return Edition(path, yaml.safe_load(parts["head"]), parts["body"])


def numbers(text: str) -> list[str]:
    return [number.lower() for number in NUMBER.findall(text)]


def value(number: str) -> Decimal:
    """What a number counts; a date and a phone number count as their digits, without hyphens."""
    return Decimal(NUMBER_WORDS.get(number) or re.sub(r"[^\d.]", "", number))


@pytest.fixture(params=SEEDS, ids=lambda path: path.stem)
def edition(request: pytest.FixtureRequest) -> Edition:
    return read_edition(request.param)


@pytest.fixture
def figures(edition: Edition) -> list[Figure]:
    listed: dict[str, list[Figure]] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return listed[edition.path.stem]


@pytest.fixture
def source(edition: Edition, source_seeds: Path) -> str:
    """The source of an edition, found by the prefix that both names share."""
    (path,) = source_seeds.glob(f"{edition.path.stem[:3]}_*.txt")
    return path.read_bytes().decode("utf-8")


def test_the_figures_of_all_five_editions_are_listed() -> None:
    assert len(SEEDS) == 5
    assert list(json.loads(FIGURES.read_text(encoding="utf-8"))) == [path.stem for path in SEEDS]


def test_front_matter_is_well_formed(edition: Edition) -> None:
    meta = edition.meta
    assert list(meta) == KEYS
    assert meta["id"] == edition.path.stem
    assert re.fullmatch(r"[0-9a-f]{64}", str(meta["source_sha256"]))
    assert meta["published"] is None or type(meta["published"]) is date
    for key in ("title", "publisher", "author"):
        assert meta[key] is None or isinstance(meta[key], str)


def test_ids_and_sources_are_unique() -> None:
    for key in ("id", "source_sha256"):
        assert len({read_edition(path).meta[key] for path in SEEDS}) == len(SEEDS)


def test_every_number_is_listed_in_order(edition: Edition, figures: list[Figure]) -> None:
    listed = [number for figure in figures for number in numbers(figure["text"])]
    assert listed == numbers(edition.text)


def test_every_listed_figure_stands_in_order(edition: Edition, figures: list[Figure]) -> None:
    position = 0
    for figure in figures:
        exact = re.compile(rf"(?<!\w){re.escape(figure['text'])}(?!\w)")
        found = exact.search(edition.text, position)
        assert found, f"{figure['text']!r} is not in {edition.path.name} after {position}"
        position = found.end()


def test_listed_values_are_those_of_their_texts(figures: list[Figure]) -> None:
    for figure in figures:
        assert Decimal(figure["value"]) == prod(map(value, numbers(figure["text"]))), figure
        assert figure["what"]


def test_an_edition_names_the_sum_of_its_source(edition: Edition, source: str) -> None:
    assert edition.meta["source_sha256"] == hashlib.sha256(source.encode("utf-8")).hexdigest()


def test_an_edition_has_the_numbers_of_its_source(edition: Edition, source: str) -> None:
    assert numbers(edition.text) == numbers(source)


def test_an_edition_has_the_months_and_weekdays_of_its_source(
    edition: Edition, source: str
) -> None:
    assert sorted(CALENDAR.findall(edition.text)) == sorted(CALENDAR.findall(source))


def test_no_sentence_of_a_source_stands_in_the_repository(source_seeds: Path) -> None:
    sources = [path.read_text(encoding="utf-8") for path in sorted(source_seeds.glob("*.txt"))]
    taken = {run for text in sources for run in runs_of_source(text)}
    assert taken, "the source articles have no text"
    found = [
        f"{path.relative_to(REPO)}: {' '.join(run)}"
        for path, text in repository_texts()
        for run in runs(words(text))
        if run in taken
    ]
    assert not found, "runs of a source's words:\n" + "\n".join(found)


def test_a_copied_sentence_is_noticed_and_names_and_figures_are_not() -> None:
    text = "Ships came by night, and it’s so again, said the head of the U.S. Port Board, Ann Roe."
    taken = set(runs_of_source(text))
    assert taken & set(runs(words(r"> ships came by\nnight, <b>and</b> it\u2019s so again")))
    assert not taken & set(runs(words("the head of the U.S. Port Board, Ann Roe")))


def words(text: str) -> list[str]:
    """The words of a text as they read, free of the markup of Markdown, HTML and JSON."""
    text = re.sub(r"</?[a-z]\w*[^<>\n]*>", " ", html.unescape(text))
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
    text = re.sub(r"\\[nrt]", " ", text)
    return [word.lower() for word in WORD.findall(text.replace("’", "'"))]


def runs(row: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(row[start:] for start in range(RUN)), strict=False)


def runs_of_source(text: str) -> Iterator[tuple[str, ...]]:
    """The runs of a source's words that nobody may use.

    A name, an office or a figure can't be put in other words: "acting head of U.S. Customs and
    Border Protection" is nobody's sentence. So a run only counts as the source's own when enough
    plain words are left in it: those without a digit, and without a capital inside a sentence.
    """
    row: list[str] = []
    plain: list[bool] = []
    for sentence in SENTENCE_BREAK.split(text.replace("’", "'")):
        for position, word in enumerate(WORD.findall(sentence)):
            row.append(word.lower())
            plain.append(not word[0].isdigit() and (position == 0 or word[0].islower()))
    for start, run in enumerate(runs(row)):
        if sum(plain[start : start + RUN]) >= PLAIN_WORDS:
            yield run


def repository_texts() -> Iterator[tuple[Path, str]]:
    """Every text file that is, or would be, part of the repository."""
    command = ["git", "ls-files", "-coz", "--exclude-standard"]
    listed = subprocess.run(command, cwd=REPO, check=True, capture_output=True, text=True).stdout
    for path in (REPO / name for name in listed.split("\0")):
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            yield path, content.decode("utf-8", errors="replace")
