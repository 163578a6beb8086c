"""Running cases, totals, the floor, and finding another edition's documents."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from evaluation_samples import CASES, REPO, answer, right_answer

from rag.errors import (
    GenerationStoppedError,
    InputError,
    LibraryMissingError,
    ModelMissingError,
    RagError,
)
from rag.evaluation import (
    CaseResult,
    EvalReport,
    Floor,
    Outcome,
    breaches,
    corpus_mapping,
    evaluate,
    load_floor,
    run_cases,
)
from rag.schema import Answer

RIGHT = {case.question: right_answer(case) for case in CASES}
FEW = tuple(
    case for case in CASES if case.id in {"nov-stopped", "deportation-flights", "sep-stopped"}
)


def ask_right(question: str) -> Answer:
    return RIGHT[question]


def ask_wrong(question: str) -> Answer:
    return answer("It was 12,345 [1].")


# --- running -------------------------------------------------------------------------------


def test_right_answers_to_all_cases_are_all_right() -> None:
    report = run_cases(CASES, ask_right)
    totals = report.totals
    assert not report.failed
    assert (totals.right.value, totals.citation.value, totals.abstention.value) == (1, 1, 1)
    assert totals.right.whole + totals.abstention.whole == totals.cases == len(CASES)
    assert sum(kind.cases for kind in report.kinds.values()) == len(CASES)
    assert report.settings_sha256 == ("5" * 64,)


def test_wrong_answers_to_all_cases_are_all_wrong() -> None:
    totals = run_cases(CASES, ask_wrong).totals
    assert (totals.right.part, totals.citation.part, totals.abstention.part) == (0, 0, 0)
    assert totals.count(Outcome.ANSWERED_UNANSWERABLE) == totals.abstention.whole
    assert totals.unsupported_figures == len(CASES)
    assert totals.abstention_precision.value is None


def test_progress_and_seconds() -> None:
    seen: list[tuple[int, int, str]] = []
    ticks = count()
    report = run_cases(
        FEW,
        ask_right,
        lambda done, n_cases, result: seen.append((done, n_cases, result.case.id)),
        clock=lambda: float(next(ticks)) ** 2,
    )
    assert seen == [(n, 3, case.id) for n, case in enumerate(FEW, start=1)]
    assert [result.seconds for result in report.results] == [1, 5, 9]
    assert (report.median_s, report.p95_s) == (5, 9)


@pytest.mark.parametrize("error", [RagError("It broke.", "Mend it."), ZeroDivisionError("oh")])
def test_an_error_counts_as_wrong_and_the_rest_is_asked(error: Exception) -> None:
    def ask(question: str) -> Answer:
        if question == FEW[0].question:
            raise error
        return ask_right(question)

    report = run_cases(FEW, ask)
    broken, *others = report.results
    assert broken.answer is None
    assert broken.score.outcome is Outcome.WRONG
    assert str(error) in broken.score.explanation
    assert all(result.score.passed for result in others)
    assert (report.totals.errors, report.totals.right.part, report.totals.right.whole) == (1, 1, 2)


def test_an_error_on_a_question_without_answer_is_no_abstention() -> None:
    def ask(question: str) -> Answer:
        raise RagError("It broke.")

    totals = run_cases(CASES, ask).totals
    assert totals.errors == totals.count(Outcome.WRONG) == len(CASES)
    assert totals.abstention.part == 0


@pytest.mark.parametrize(
    "error", [GenerationStoppedError, ModelMissingError, LibraryMissingError, KeyboardInterrupt]
)
def test_what_stops_every_question_ends_the_run(error: type[BaseException]) -> None:
    def ask(question: str) -> Answer:
        raise error("stop")

    with pytest.raises(error):
        run_cases(FEW, ask)


# --- the floor -----------------------------------------------------------------------------


def halves_wrong() -> EvalReport:
    """Four answerable cases, two of them wrong; two others, one of them answered."""
    answerable = [case for case in CASES if case.answerable][:4]
    others = [case for case in CASES if not case.answerable][:2]
    wrong = {case.question for case in [*answerable[:2], others[0]]}

    def ask(question: str) -> Answer:
        return ask_wrong(question) if question in wrong else ask_right(question)

    return run_cases([*answerable, *others], ask)


@pytest.mark.parametrize(
    ("floor", "said"),
    [
        (Floor(), []),
        (Floor(0.5, 0.5, 0.5, wrong_figures_max=3, unsupported_figures_max=3), []),
        (Floor(right_share=0.51), ["right answers: 50.0% (2 of 4), the floor asks for 51.0%."]),
        (
            Floor(abstention_share=0.6),
            ["abstentions where the articles do not say: 50.0% (1 of 2)"],
        ),
        (Floor(citation_share=1), ["citations of the right sentence: 50.0% (2 of 4)"]),
        (Floor(wrong_figures_max=2), ["wrong figures shown: 3, the floor allows 2."]),
        (Floor(unsupported_figures_max=0), ["unsupported figures: 3, the floor allows 0."]),
        (Floor(1, 1, 1), ["right answers", "abstentions", "citations"]),
    ],
)
def test_what_does_not_reach_the_floor(floor: Floor, said: list[str]) -> None:
    found = breaches(halves_wrong(), floor)
    assert len(found) == len(said)
    assert all(sentence.startswith(start) for sentence, start in zip(found, said, strict=True))


def test_a_share_of_nothing_reaches_no_floor() -> None:
    report = run_cases(FEW[:1], ask_right)
    (sentence,) = breaches(report, Floor(right_share=1, abstention_share=0))
    assert "no case measures them" in sentence


def test_a_floor_is_read(tmp_path: Path) -> None:
    path = tmp_path / "floor.toml"
    path.write_text("right_share = 0.6\nwrong_figures_max = 2\n")
    assert load_floor(path) == Floor(right_share=0.6, wrong_figures_max=2)


@pytest.mark.parametrize(
    "text", ["right_share = 60", "right = 0.6", "wrong_figures_max = -1", "right_share", "\udcff"]
)
def test_a_wrong_floor_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "floor.toml"
    path.write_text(text, errors="surrogateescape")
    with pytest.raises(InputError, match=r"floor\.toml"):
        load_floor(path)


def test_a_missing_floor_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    asked: list[str] = []

    def ask(question: str) -> Answer:
        asked.append(question)
        return ask_right(question)

    cases = [REPO / "eval" / "cases"]
    with pytest.raises(InputError, match="cannot be read"):
        evaluate(cases, ask, floor=tmp_path / "none.toml")
    with pytest.raises(InputError, match="no counterpart of"):
        evaluate(cases, ask, mapping={"000-november-low": "a"})
    assert not asked


def test_the_exit_code_says_whether_the_floor_is_reached(tmp_path: Path) -> None:
    path = tmp_path / "floor.toml"
    path.write_text("right_share = 1\nwrong_figures_max = 0\n")
    cases = [REPO / "eval" / "cases"]
    seen: list[CaseResult] = []
    reached = evaluate(cases, ask_right, floor=path, on_progress=lambda *told: seen.append(told[2]))
    assert (reached.exit_code, reached.breaches, len(seen)) == (0, (), len(CASES))
    below = evaluate(cases, ask_wrong, floor=path)
    assert (below.exit_code, len(below.breaches)) == (1, 2)
    assert evaluate(cases, ask_wrong).exit_code == 0


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


def test_the_sources_of_the_five_editions_are_found(source_seeds: Path) -> None:
    mapping = corpus_mapping(REPO / "seeds", source_seeds)
    assert len(mapping) == len(set(mapping.values())) == 5
    assert all(edition[:3] == document[:3] for edition, document in mapping.items())


def test_right_answers_from_another_edition_pass() -> None:
    """Same sentences under other ids and offsets: what a second edition comes to."""
    mapping = {document: f"other-{document}" for case in CASES for document in case.documents}
    moved = {}
    for case in CASES:
        citations = tuple(
            replace(c, document=replace(c.document, id=mapping[c.document.id]))
            for c in RIGHT[case.question].citations
        )
        moved[case.question] = replace(RIGHT[case.question], citations=citations)
    report = run_cases(CASES, moved.__getitem__, mapping=mapping)
    assert not report.failed
    assert run_cases(CASES, moved.__getitem__).totals.citation.part == 0
