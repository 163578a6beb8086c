"""That the shipped cases say of the articles what is true."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pytest
from evaluation_samples import (
    ANSWERABLE,
    CASES,
    NOT_READ,
    REPO,
    SEEDS_CASES,
    SUMMARIES,
    UNANSWERABLE,
    WITH_FIGURES,
    articles,
)

from rag.evaluation import Case, Split, corpus_mapping, load_cases
from rag.evaluation.figure_verdicts import compare, is_bare
from rag.evaluation.formulas import formula_numbers, formula_value, stands_for
from rag.evaluation.wording import has_words
from rag.figures import Agreement, find_figures
from rag.readers import read_path
from rag.schema import Document

SEEDS = REPO / "seeds"
ARTICLES = REPO / "eval" / "articles"
DOCS = REPO / "docs" / "EVALUATION.md"

LEFT_OUT = frozenset(
    {
        "budgets-coorabel-two-accounts",
        "budgets-lindhaven-snow-last-winter",
        "budgets-norrvallen-agency-2023",
        "budgets-norrvallen-summary",
        "budgets-velmora-vat-yield",
        "companies-mizukage-third-quarter",
        "companies-summary-hadderly",
        "companies-tasmara-load-2023",
        "companies-tavel-second-quarter",
        "health-ambulance-two-places",
        "health-flu-uptake-2022",
        "health-vaping-girls-2022",
        "sport-false-premise-01",
        "sport-false-premise-02",
        "sport-multi-02",
        "sport-near-miss-03",
        "sport-scope-03",
        "sport-summary-01",
        "sport-summary-02",
        "weather-comparison-03",
        "weather-scope-03",
        "weather-summary-02",
    }
)
"""Cases with a figure whose unit is in the sentence before ("61.0, after 58.3 percent"), or whose
currency only readers there know ("$" in Canada)."""

NO_OTHER_FIGURE = {
    ("weather-conflict-02", "5.40"): "5.40am: a time of day",
    ("weather-conflict-03", "5"): "from 5 to 16 August: a day",
}
"""What is read as another figure of the kind that is asked for, and is none."""

CONSTANTS = {Decimal(1), Decimal(100)}
"""The whole, as a number and in percent."""

COUNTED = {"seeds-removals-a-month": Decimal(12), "seeds-half-a-month": Decimal(6)}
"""Months, which a formula has and the articles do not count."""


def ids(case: Case) -> str:
    return case.id


def least_numbers(heading: str) -> dict[str, int]:
    """The rows of the table under a heading of the docs: name and how many there are at least."""
    page = DOCS.read_text("utf-8").split(heading, 1)[1].split("\n\n", 2)[1]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in page.splitlines()]
    return {row[0]: int(row[1]) for row in rows[2:]}


def test_there_are_as_many_of_each_kind_as_the_docs_say() -> None:
    kinds = Counter(case.kind for case in CASES)
    least = least_numbers("The kinds in eval/cases:")
    assert set(kinds) == set(least)
    assert {kind: n for kind, n in kinds.items() if n < least[kind]} == {}
    assert sum(least.values()) >= 400


def test_there_are_as_many_of_each_tag_as_the_docs_say() -> None:
    tags = Counter(tag for case in CASES for tag in case.tags)
    least = least_numbers("Tags of the questions:")
    assert set(least) == {"terse", "misspelt", "long-winded", "must"}
    assert {tag: tags[tag] for tag, n in least.items() if tags[tag] < n} == {}


def test_kinds_say_what_the_fields_say() -> None:
    for case in CASES:
        assert case.answerable is not case.kind.startswith("absent-"), case.id
        assert case.conflict is (case.kind == "conflict"), case.id
        assert bool(case.formula) is (case.kind == "derived"), case.id
        assert (case.summarize is not None) is (case.kind == "summary"), case.id
        assert len(case.documents) >= 2 or case.kind not in {"comparison", "conflict"}, case.id
        assert len(case.figures) + len(case.texts) >= 2 or case.kind != "multi", case.id
    assert len(UNANSWERABLE) >= 75


def test_every_shipped_article_is_asked_about() -> None:
    """Or is, in the seeds, at least summed up."""
    named = {document for case in CASES for document in case.documents}
    assert named <= set(articles())
    assert {document for document in articles() if document.startswith("00")} <= named


def test_ids_begin_with_the_subject_of_their_file() -> None:
    for path in sorted((REPO / "eval" / "cases").glob("*.jsonl")):
        if path.stem != "seeds":
            assert {case.id.split("-")[0] for case in load_cases([path])} == {path.stem}


# --- the splits ----------------------------------------------------------------------------


def test_a_file_of_other_articles_is_of_one_split() -> None:
    """What an article says is looked at or counted, never both."""
    splits = defaultdict(set)
    for case in CASES:
        if case not in SEEDS_CASES:
            splits[case.id.split("-")[0]].add(case.split)
    assert all(len(split) == 1 for split in splits.values())
    assert {one for split in splits.values() for one in split} == set(Split)


def test_no_event_is_in_both_splits() -> None:
    splits = defaultdict(set)
    for case in SEEDS_CASES:
        events = [tag for tag in case.tags if tag.startswith("event:")]
        assert events, case.id
        for event in events:
            splits[event].add(case.split)
    assert {event for event, split in splits.items() if len(split) > 1} == set()


def test_no_figure_is_asked_for_in_both_splits() -> None:
    asked = {
        split: {
            (figure.value, figure.kind, figure.unit, figure.scope.casefold())
            for case in SEEDS_CASES
            if case.split is split
            for figure in case.figures
        }
        for split in Split
    }
    assert asked[Split.DEV] & asked[Split.GATE] == set()


# --- quotes and figures --------------------------------------------------------------------


def test_no_article_and_no_case_on_it_has_changed_since_it_was_written() -> None:
    sums = (ARTICLES / "SHA256SUMS").read_text("utf-8").splitlines()
    said = {path: sha256 for sha256, path in (line.split(maxsplit=1) for line in sums)}
    folder = ARTICLES.parent
    files = [*ARTICLES.glob("*/*.md"), *(folder / "cases").glob("*.jsonl")]
    files.remove(folder / "cases" / "seeds.jsonl")
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }
    assert found == said


@pytest.mark.parametrize("case", ANSWERABLE, ids=ids)
def test_each_quote_stands_verbatim_at_its_offsets(case: Case) -> None:
    for source in case.sources:
        text = articles()[source.document].text
        assert (source.start, source.end) != (None, None)
        assert text[source.start : source.end] == source.quote, f"is at {text.find(source.quote)}"
    assert case.summarize is None or set(case.documents) == {case.summarize}


@pytest.mark.parametrize("case", [c for c in WITH_FIGURES if not c.formula], ids=ids)
def test_each_expected_figure_stands_in_a_quote(case: Case) -> None:
    stated = [figure for source in case.sources for figure in find_figures(source.quote)]
    for wanted in case.figures:
        if any(compare(figure, wanted) is Agreement.EXACT for figure in stated):
            continue
        if case.id in LEFT_OUT and any(is_bare(figure, wanted) for figure in stated):
            continue
        if case.id in NOT_READ:
            pytest.xfail(NOT_READ[case.id])
        pytest.fail(f"{wanted} is not among {[figure.text for figure in stated]}")


@pytest.mark.parametrize("case", [c for c in CASES if c.formula], ids=ids)
def test_each_computed_figure_is_what_the_quotes_come_to(case: Case) -> None:
    (wanted,) = case.figures
    value = formula_value(case.formula)
    if wanted.digits is not None:
        n_digits = max(wanted.digits, len(wanted.value.normalize().as_tuple().digits))
        step = Decimal(1).scaleb(value.adjusted() - n_digits + 1)
        value = value.quantize(step, ROUND_HALF_EVEN)
    assert value == wanted.value
    stated = [figure for source in case.sources for figure in find_figures(source.quote)]
    unknown = [
        number
        for number in formula_numbers(case.formula)
        if number not in {*CONSTANTS, COUNTED.get(case.id)}
        and not any(stands_for(number, figure.value) for figure in stated)
    ]
    if unknown and case.id in NOT_READ:
        pytest.xfail(NOT_READ[case.id])
    assert not unknown


@pytest.mark.parametrize("case", [c for c in CASES if c.formula], ids=ids)
def test_no_article_states_a_figure_that_is_to_be_computed(case: Case) -> None:
    (wanted,) = case.figures
    for document in case.documents:
        figures = find_figures(articles()[document].text)
        assert not any(compare(figure, wanted) is Agreement.EXACT for figure in figures)


@pytest.mark.parametrize("case", ANSWERABLE, ids=ids)
def test_of_each_group_of_texts_one_stands_in_a_quote(case: Case) -> None:
    """Or, where a premise is false, a word that denies it."""
    quotes = "\n".join(source.quote for source in case.sources)
    denies = case.kind == "false-premise"
    assert all(has_words(quotes, group) or (denies and "not" in group) for group in case.texts)


@pytest.mark.parametrize("case", [c for c in WITH_FIGURES if not c.summarize], ids=ids)
def test_of_each_other_figure_it_is_said_whether_it_may_be_there(case: Case) -> None:
    """A second figure of the kind asked for is a trap or harmless: a person must have chosen."""
    kinds = {figure.kind for figure in case.figures}
    decided = {figure.value for figure in case.figures}
    decided |= {*case.allowed, *case.forbidden_values}
    stated = [figure for source in case.sources for figure in find_figures(source.quote)]
    open_ones = [
        f.text
        for f in stated
        if f.kind in kinds and f.value not in decided and (case.id, f.text) not in NO_OTHER_FIGURE
    ]
    assert not open_ones


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_no_question_gives_its_answer_away(case: Case) -> None:
    """But a choice names what there is to choose from, and a headline may be telling."""
    if case.summarize is not None:
        title = articles()[case.summarize].info.title
        assert case.question.startswith(f"Summarise: {title or ''}")
        return
    asked = find_figures(case.question)
    assert not {figure.value for figure in asked} & {figure.value for figure in case.figures}
    if case.kind != "comparison":
        assert not any(has_words(case.question, group) for group in case.texts)


def test_key_figures_are_enough_to_tell_a_summary_by() -> None:
    for case in SUMMARIES:
        assert 2 <= len(case.figures) <= 8, case.id


def test_what_the_tables_of_exceptions_name_is_there() -> None:
    named = {*LEFT_OUT, *NOT_READ, *COUNTED, *(name for name, _ in NO_OTHER_FIGURE)}
    assert named <= {case.id for case in CASES}


def test_the_sources_state_the_same_answers(source_seeds: Path) -> None:
    mapping = corpus_mapping(SEEDS, source_seeds)
    texts = {
        found.info.id: found.text
        for path in source_seeds.glob("*.txt")
        for found in read_path(path)
        if isinstance(found, Document)
    }
    for case in SEEDS_CASES:
        text = "\n".join(texts[mapping[document]] for document in case.documents)
        stated = find_figures(text)
        for wanted in case.figures if not case.formula else ():
            assert any(compare(figure, wanted) is Agreement.EXACT for figure in stated), case.id
        for number in formula_numbers(case.formula) if case.formula else ():
            known = {*(abs(f.value) for f in stated), *CONSTANTS, COUNTED.get(case.id)}
            assert number in known, case.id
        assert all(has_words(text, group) for group in case.texts), case.id
