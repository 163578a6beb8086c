"""Changed articles: every edit is what it says it is, and who does not read them is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from evaluation_samples import REPO, SEEDS_CASES, right_answer, with_text
from mutation_samples import WHEAT, write_news
from pydantic import TypeAdapter

from rag.evaluation import Case, ExpectedFigure, Source, Split, parse_case, score_answer
from rag.evaluation.editing import Article, edited, read_articles
from rag.evaluation.mutating import Mutated, Mutation, Skip, mutate
from rag.evaluation.mutation import MutatedSuite, mutated_suites, mutations
from rag.figures import find_figures
from rag.readers import read_path
from rag.schema import Bound, Document, FigureKind, Status

SEEDS = REPO / "seeds"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_news(tmp_path)


@pytest.fixture
def articles(folder: Path) -> dict[str, Article]:
    return read_articles(folder)


def case(
    value: str = "46610",
    quote: str = WHEAT,
    kind: FigureKind = FigureKind.COUNT,
    **changes: object,
) -> Case:
    figure = ExpectedFigure(Decimal(value), kind, bound=Bound.EXACT)
    made = Case(
        id="wheat",
        kind="lookup",
        question="How many tonnes of wheat did the valley harvest in 2023?",
        answerable=True,
        figures=(figure,),
        sources=(Source("harvest", quote),),
        forbidden=("61300",),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def done(made: Mutated | Skip) -> Mutated:
    assert isinstance(made, Mutated), made
    return made


def after(made: Mutated, articles: dict[str, Article]) -> dict[str, str]:
    """The text of each article with the edits of one mutation made."""
    texts = {}
    for id_, article in articles.items():
        new = edited(article, [edit for edit in made.edits if edit.key[0] == id_])
        assert new is not None
        texts[id_] = f"{new.document.info.title}\n{new.document.text}"
    return texts


# --- one case ------------------------------------------------------------------------------


def test_a_changed_figure_is_changed_wherever_it_is_that_figure(
    articles: dict[str, Article],
) -> None:
    made = done(mutate(case(), Mutation.CHANGED, articles, seed=1))
    (new,) = (figure.value for figure in made.case.figures)
    texts = after(made, articles)
    assert texts["harvest"].count(f"{new:,f} tonnes") == 3
    assert f"harvest of {new:,f} tonnes was sold" in texts["market"]
    assert "46,610" not in "".join(texts.values())
    assert made.case.forbidden == ("61300", "46610")
    assert (made.case.id, made.case.kind, made.case.tags) == (
        "wheat-changed",
        "changed",
        ("lookup",),
    )


def test_the_same_small_number_of_another_thing_stays(articles: dict[str, Article]) -> None:
    quote = "Rain fell on seven days in June."
    figures = (ExpectedFigure(Decimal(7), FigureKind.DURATION, "day"),)
    asked = case(quote=quote, figures=figures, question="On how many days did it rain in June?")
    texts = after(done(mutate(asked, Mutation.CHANGED, articles, seed=1)), articles)
    assert "seven days" not in texts["harvest"]
    assert "A lorry has seven gears." in texts["market"]


def test_swapped_figures_change_places(articles: dict[str, Article]) -> None:
    made = done(mutate(case(), Mutation.SWAPPED, articles, seed=1))
    texts = after(made, articles)
    assert "brought in 61,300 tonnes of wheat" in texts["harvest"]
    assert "Barley came to 46,610 tonnes" in texts["harvest"]
    assert "harvest of 61,300 tonnes was sold" in texts["market"]
    assert [figure.value for figure in made.case.figures] == [61300]
    assert made.case.forbidden == ("46610",)


def test_a_removed_sentence_leaves_the_rest(folder: Path) -> None:
    (folder / "news" / "market.md").unlink()
    articles = read_articles(folder)
    quote = "The mill paid $12.50 a sack."
    figures = (ExpectedFigure(Decimal("12.5"), FigureKind.MONEY, "USD"),)
    asked = case(quote=quote, figures=figures, question="What did the mill pay for a sack?")
    made = done(mutate(asked, Mutation.REMOVED, articles, seed=1))
    before = f"{articles['harvest'].document.info.title}\n{articles['harvest'].document.text}"
    assert after(made, articles)["harvest"] == before.replace(f" {quote}", "")
    assert not made.case.answerable
    assert (made.case.figures, made.case.sources) == ((), ())
    assert made.case.forbidden == ("61300", "12.5")


@pytest.mark.parametrize(
    ("changes", "mutation", "why"),
    [
        ({"figures": ()}, Mutation.CHANGED, Skip.NO_FIGURE),
        ({"formula": "40000 + 6610"}, Mutation.CHANGED, Skip.NOT_STATED),
        ({"value": "46611"}, Mutation.CHANGED, Skip.NOT_STATED),
        ({"summarize": "harvest"}, Mutation.CHANGED, Skip.SUMMARY),
        ({"quote": "No such sentence."}, Mutation.CHANGED, Skip.NO_QUOTE),
        ({"value": "2023", "kind": FigureKind.YEAR}, Mutation.CHANGED, Skip.KIND),
        ({"texts": (("less",),)}, Mutation.CHANGED, Skip.WORDS),
        ({"question": "Were it 46,610?"}, Mutation.CHANGED, Skip.NAMED),
        ({"conflict": True}, Mutation.REMOVED, Skip.PREMISE),
        ({}, Mutation.REMOVED, Skip.ELSEWHERE),
        (
            {
                "value": "12.5",
                "quote": "The mill paid $12.50 a sack.",
                "kind": FigureKind.MONEY,
                "question": "What did the mill pay?",
            },
            Mutation.SWAPPED,
            Skip.NO_PARTNER,
        ),
    ],
)
def test_why_a_case_has_no_mutation(
    articles: dict[str, Article], changes: dict[str, object], mutation: Mutation, why: Skip
) -> None:
    if changes.get("kind") is FigureKind.MONEY:
        changes = {
            **changes,
            "figures": (ExpectedFigure(Decimal("12.5"), FigureKind.MONEY, "USD"),),
        }
    assert mutate(case(**changes), mutation, articles, seed=1) is why  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Some 47,000 tonnes of wheat came in, the valley hears.", Skip.ROUNDED),
        ("The 46,610 of the title is a record.", None),
    ],
)
def test_a_rounding_elsewhere_makes_a_case_unfit(
    folder: Path, sentence: str, why: Skip | None
) -> None:
    (folder / "more.md").write_text(sentence)
    made = mutate(case(), Mutation.CHANGED, read_articles(folder), seed=1)
    assert made is why if why else isinstance(made, Mutated)


def test_a_number_that_may_be_the_same_makes_a_case_unfit(folder: Path) -> None:
    quote = "Rain fell on seven days in June."
    (folder / "rain.md").write_text("It took seven days until the rain was over.")
    figures = (ExpectedFigure(Decimal(7), FigureKind.DURATION, "day"),)
    asked = case(quote=quote, figures=figures, question="How often?")
    assert mutate(asked, Mutation.CHANGED, read_articles(folder), 1) is Skip.ELSEWHERE
    assert mutate(asked, Mutation.REMOVED, read_articles(folder), 1) is Skip.ELSEWHERE


# --- suites of the shipped cases -----------------------------------------------------------

GATE = tuple(case for case in SEEDS_CASES if case.split is Split.GATE)
ORIGINAL = {case.id: case for case in SEEDS_CASES}


@cache
def suites() -> tuple[MutatedSuite, ...]:
    return mutated_suites(GATE, SEEDS, 40, seed=20)


def all_mutated() -> list[tuple[MutatedSuite, Case]]:
    return [(suite, case) for suite in suites() for case in suite.cases]


def test_forty_mutations_fit_in_six_suites() -> None:
    kinds = Counter(case.kind for _, case in all_mutated())
    assert len(suites()) <= 6
    assert sum(kinds.values()) == 40
    assert min(kinds[mutation] for mutation in Mutation) >= 13
    assert len({case.id for _, case in all_mutated()}) == 40


def test_the_same_seed_gives_the_same_suites_and_another_one_others() -> None:
    assert mutated_suites(GATE, SEEDS, 40, seed=20) == suites()
    assert mutated_suites(GATE, SEEDS, 40, seed=21) != suites()


def test_there_are_never_more_mutations_than_can_be_made() -> None:
    few = GATE[:20]
    found, skipped = mutations(few, read_articles(SEEDS), seed=3)
    made = mutated_suites(few, SEEDS, 1000, seed=3)
    assert sum(len(suite.cases) for suite in made) == len(found) > 0
    answerable = sum(case.answerable for case in few)
    assert len(found) + sum(counts.total() for counts in skipped.values()) == 3 * answerable
    assert mutated_suites(few, SEEDS, 0, seed=3) == ()


def test_what_is_written_is_read_as_the_cases_say(tmp_path: Path) -> None:
    for suite in suites():
        written = suite.write(tmp_path / suite.name)
        assert (written.name, written.cases, written.gated) == (suite.name, suite.cases, False)
        read = [
            found for path in sorted(written.articles.glob("*.md")) for found in read_path(path)
        ]
        documents = {d.info.id: d for d in read if isinstance(d, Document)}
        assert documents.keys() == {path.stem for path in SEEDS.glob("*.md")}
        for case in suite.cases:
            for source in case.sources:
                assert source.span is not None
                text = documents[source.document].text
                assert text[source.span.start : source.span.end] == source.quote
            quoted = [f for source in case.sources for f in find_figures(source.quote)]
            for expected in case.figures:
                assert any((f.value, f.kind) == (expected.value, expected.kind) for f in quoted), (
                    case.id
                )


def test_a_removed_answer_stands_nowhere(tmp_path: Path) -> None:
    for suite, case in all_mutated():
        if case.kind == Mutation.REMOVED:
            suite.write(tmp_path)
            text = "".join(path.read_text() for path in tmp_path.glob("*.md"))
            gone = ORIGINAL[case.id.removesuffix("-removed")]
            assert not any(source.quote in text for source in gone.sources)
            assert not case.answerable


def test_front_matter_stays() -> None:
    for suite in suites():
        for path, text in suite.files.items():
            was = (SEEDS / path).read_text()
            kept = [line for line in was.split("\n---\n")[0].split("\n") if "title" not in line]
            assert set(kept) <= set(text.split("\n"))


def test_mutated_cases_are_of_the_form_of_cases() -> None:
    form = TypeAdapter(Case)
    for _, case in all_mutated():
        assert parse_case(form.dump_json(case).decode(), "here") == case


def test_who_reads_is_right_and_who_remembers_is_wrong() -> None:
    for _, case in all_mutated():
        original = ORIGINAL[case.id.removesuffix(f"-{case.kind}")]
        remembered = right_answer(original)
        assert score_answer(original, remembered).right
        assert score_answer(case, right_answer(case)).passed, case.id
        assert not score_answer(case, remembered).right, case.id


def test_an_abstention_is_right_only_where_the_answer_was_removed() -> None:
    for _, case in all_mutated():
        silent = replace(with_text(right_answer(case), "No."), status=Status.ABSTAINED)
        assert score_answer(case, silent).right is (case.kind == Mutation.REMOVED)
