"""Which cases are asked of which articles, and finding another edition's documents."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from evaluation_runs import RYE, SHORT, WHEAT

from rag.errors import InputError, UsageError
from rag.evaluation import Case, Split, Suite, chosen, corpus_mapping, find_suites

REPO = Path(__file__).resolve().parents[1]


def case(name: str, **changes: object) -> str:
    fields = {"id": name, "kind": "absent-topic", "question": f"{name}?", "answerable": False}
    return json.dumps({**fields, **changes}) + "\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with two files of cases."""
    folder = tmp_path / "checkout"
    (folder / "eval" / "cases").mkdir(parents=True)
    (folder / "seeds").mkdir()
    for name in ("seeds", "rivers"):
        (folder / "eval" / "cases" / f"{name}.jsonl").write_text(case(f"{name}-1"))
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "mine.jsonl"
    path.write_text(case("mine-1"))
    return path


def named(suites: tuple[Suite, ...]) -> list[tuple[str, list[str], Path]]:
    return [(suite.name, [c.id for c in suite.cases], suite.articles) for suite in suites]


# --- suites --------------------------------------------------------------------------------


def test_by_default_the_cases_on_seeds_are_asked(root: Path) -> None:
    seeds = ("seeds", ["seeds-1"], root / "seeds")
    assert named(find_suites([], root=root)) == [seeds]
    assert named(find_suites([], root / "seeds", root=root)) == [seeds]
    assert named(find_suites([root / "eval" / "cases" / "seeds.jsonl"], root=root)) == [seeds]


def test_the_folder_of_the_shipped_cases_makes_two_suites(root: Path) -> None:
    assert named(find_suites([root / "eval" / "cases"], root=root)) == [
        ("seeds", ["seeds-1"], root / "seeds"),
        ("other", ["rivers-1"], root / "eval" / "articles"),
    ]


def test_own_cases_take_the_name_of_their_file(root: Path, own: Path, tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    assert named(find_suites([own], articles, root=root)) == [("mine", ["mine-1"], articles)]
    assert named(find_suites([own], articles)) == [("mine", ["mine-1"], articles)]
    second = tmp_path / "more.jsonl"
    second.write_text(case("more-1"))
    assert named(find_suites([own, second], articles, root=root)) == [
        ("own", ["mine-1", "more-1"], articles)
    ]


def test_own_cases_never_have_the_name_of_shipped_ones(tmp_path: Path, root: Path) -> None:
    path = tmp_path / "seeds.jsonl"
    path.write_text(case("mine-1"))
    (suite,) = find_suites([path], tmp_path, root=root)
    assert suite.name == "own"


def test_shipped_cases_on_other_articles_are_not_what_is_shipped(
    root: Path, tmp_path: Path
) -> None:
    rivers = root / "eval" / "cases" / "rivers.jsonl"
    (suite,) = find_suites([rivers], tmp_path, root=root)
    assert (suite.name, suite.articles) == ("rivers", tmp_path)


def test_own_cases_need_articles(root: Path, own: Path) -> None:
    with pytest.raises(UsageError, match="--corpus"):
        find_suites([own], root=root)


def test_without_a_checkout_there_are_no_shipped_cases() -> None:
    with pytest.raises(UsageError, match="only in a checkout"):
        find_suites([])


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        find_suites([tmp_path], tmp_path)


def test_the_shipped_suites_are_found() -> None:
    seeds, other = find_suites([REPO / "eval" / "cases"], root=REPO)
    assert (seeds.name, other.name) == ("seeds", "other")
    files = [file for file in (REPO / "eval" / "cases").glob("*.jsonl") if file.stem != "seeds"]
    assert len(other.cases) == sum(len(file.read_text("utf-8").splitlines()) for file in files)
    assert all(suite.articles.is_dir() for suite in (seeds, other))


# --- choosing ------------------------------------------------------------------------------


def test_a_split_and_kinds_are_chosen_and_all_ids_stay_known() -> None:
    dev = replace(WHEAT, id="dev", split=Split.DEV)
    suite = Suite("valley", (WHEAT, RYE, dev), Path())
    for split, kinds, left in [
        (None, [], ["wheat", "rye", "dev"]),
        (Split.GATE, [], ["wheat", "rye"]),
        (Split.DEV, [], ["dev"]),
        (Split.GATE, ["lookup"], ["wheat"]),
        (None, ["lookup", "absent-figure"], ["wheat", "rye", "dev"]),
    ]:
        (found,) = chosen([suite], split, kinds)
        assert [case.id for case in found.cases] == left
        assert found.known == {"wheat", "rye", "dev"}


def test_a_suite_with_nothing_left_is_not_asked() -> None:
    suites = [Suite("one", (WHEAT,), Path()), Suite("two", (RYE,), Path())]
    assert [suite.name for suite in chosen(suites, None, ["absent-figure"])] == ["two"]


def test_nothing_left_at_all_is_refused_with_the_kinds_there_are() -> None:
    with pytest.raises(InputError, match="the kinds are absent-figure, lookup"):
        chosen([Suite("valley", (WHEAT, RYE), Path())], None, ["lokup"])


@pytest.mark.parametrize("asked", [WHEAT, replace(SHORT, sources=())], ids=["cited", "summed up"])
def test_an_edition_without_an_article_of_the_cases_is_refused(asked: Case) -> None:
    with pytest.raises(InputError, match="no counterpart of harvest"):
        Suite("valley", (asked,), Path(), mapping={"ferry": "a"})


# --- another edition -----------------------------------------------------------------------


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    editions, corpus = tmp_path / "editions", tmp_path / "corpus"
    (corpus / "deep").mkdir(parents=True)
    editions.mkdir()
    for name, target in [("goats", "a.txt"), ("sheep", "deep/B 2.txt")]:
        (corpus / target).write_text(f"All about {name}.")
        sha256 = hashlib.sha256((corpus / target).read_bytes()).hexdigest()
        front = f"---\nid: {name}-edition\nsource_sha256: {sha256.upper()}\n---\n"
        (editions / f"{name}.md").write_text(f"{front}On {name}, in other words.\n")
    (editions / "own.md").write_text("An article of nobody else.\n")
    (editions / "notes.txt").write_text("Not an edition.\n")
    return editions, corpus


def test_editions_are_found_by_the_sum_of_their_source(folders: tuple[Path, Path]) -> None:
    assert corpus_mapping(*folders) == {"goats-edition": "a", "sheep-edition": "b-2"}


def test_a_source_that_is_not_there_is_refused(folders: tuple[Path, Path]) -> None:
    editions, corpus = folders
    (corpus / "a.txt").write_text("All about goats, again.")
    with pytest.raises(InputError, match="source of goats-edition is not among"):
        corpus_mapping(editions, corpus)
    with pytest.raises(InputError, match="names its source"):
        corpus_mapping(corpus, corpus)
    with pytest.raises(InputError):
        corpus_mapping(editions, corpus / "none")


def test_the_cases_on_seeds_are_asked_of_another_edition(
    root: Path, folders: tuple[Path, Path]
) -> None:
    editions, corpus = folders
    for path in editions.iterdir():
        path.rename(root / "seeds" / path.name)
    (suite,) = find_suites([], corpus, root=root)
    assert (suite.name, suite.articles) == ("source", corpus)
    assert suite.mapping == {"goats-edition": "a", "sheep-edition": "b-2"}


def test_the_sources_of_the_five_editions_are_found(source_seeds: Path) -> None:
    mapping = corpus_mapping(REPO / "seeds", source_seeds)
    assert len(mapping) == len(set(mapping.values())) == 5
    assert all(edition[:3] == document[:3] for edition, document in mapping.items())
