"""Asking cases: whatever happens to one of them, and going on after a stop."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from evaluation_runs import (
    ABSTENTION,
    BOATS,
    BROKEN,
    CASES,
    FARE,
    HARVEST,
    RYE,
    SETTINGS,
    SHORT,
    SUMMARY,
    WHEAT,
    TableSystem,
    opener,
    suite,
)

from rag.errors import (
    GenerationStoppedError,
    InputError,
    LibraryMissingError,
    ModelMissingError,
    RagError,
)
from rag.evaluation import Evaluation, Floor, Opened, Outcome, evaluate, run_cases
from rag.evaluation.journal import Journal, Reply, code_sha256
from rag.schema import Answer, Summary

# --- running -------------------------------------------------------------------------------


def test_every_case_has_an_outcome() -> None:
    report = run_cases(CASES, TableSystem())
    assert [(r.case.id, r.score.outcome) for r in report.results] == [
        ("wheat", Outcome.RIGHT),
        ("barley", Outcome.WRONG),
        ("fare", Outcome.FALSE_REFUSAL),
        ("boats", Outcome.RIGHT),
        ("rye", Outcome.ABSTAINED_RIGHT),
        ("oats", Outcome.ANSWERED_UNANSWERABLE),
        ("broken", Outcome.WRONG),
        ("short", Outcome.RIGHT),
    ]
    assert sum(totals.cases for totals in report.kinds.values()) == len(CASES)


def test_a_case_that_names_an_article_is_summed_up() -> None:
    system = TableSystem()
    (result,) = run_cases([SHORT], system).results
    assert system.asked == ["harvest"]
    assert (result.answer, result.summary) == (None, SUMMARY)


def test_another_edition_is_summed_up_by_its_own_id() -> None:
    system = TableSystem(summary=replace(SUMMARY, document=replace(HARVEST, id="a-12")))
    run_cases([SHORT], system, mapping={"harvest": "a-12"})
    assert system.asked == ["a-12"]


def test_progress_and_seconds() -> None:
    seen: list[tuple[int, int, str]] = []
    ticks = iter(range(100))
    report = run_cases(
        CASES[:3],
        TableSystem(),
        lambda done, n_cases, result: seen.append((done, n_cases, result.case.id)),
        clock=lambda: float(next(ticks)) ** 2,
    )
    assert seen == [(n, 3, case.id) for n, case in enumerate(CASES[:3], start=1)]
    assert [result.seconds for result in report.results] == [1, 5, 9]
    assert (report.median_s, report.p95_s) == (5, 9)


@pytest.mark.parametrize("error", [RagError("It broke.", "Mend it."), ZeroDivisionError("oh")])
def test_an_error_counts_as_wrong_and_the_rest_is_asked(error: Exception) -> None:
    class Failing(TableSystem):
        def ask(self, question: str) -> Answer:
            if question == RYE.question:
                raise error
            return super().ask(question)

    report = run_cases([RYE, WHEAT], Failing())
    broken, other = report.results
    assert (broken.answer, broken.score.outcome) == (None, Outcome.WRONG)
    assert str(error) in broken.score.explanation
    assert other.score.passed
    assert (report.totals.errors, report.totals.abstention.part) == (1, 0)


@pytest.mark.parametrize(
    "error", [GenerationStoppedError, ModelMissingError, LibraryMissingError, KeyboardInterrupt]
)
def test_what_stops_every_question_ends_the_run(error: type[BaseException]) -> None:
    class Failing(TableSystem):
        def summarize(self, document: str) -> Summary:
            raise error("stop")

    with pytest.raises(error):
        run_cases([SHORT], Failing())


# --- several suites ------------------------------------------------------------------------


def test_progress_counts_over_all_suites() -> None:
    seen: list[tuple[int, int]] = []
    suites = [suite(WHEAT, RYE, name="one"), suite(WHEAT, name="two")]
    evaluation = evaluate(
        suites, opener(TableSystem()), on_progress=lambda *told: seen.append(told[:2])
    )
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert [len(run.report.results) for run in evaluation.runs] == [2, 1]
    assert len(evaluation.report.results) == 3
    assert evaluation.exit_code == 0


def test_each_suite_has_to_reach_the_floor_itself() -> None:
    suites = [suite(WHEAT, WHEAT, WHEAT, name="good"), suite(FARE, name="bad")]
    evaluation = evaluate(suites, opener(TableSystem()), floor=Floor(right_share=0.7))
    (said,) = evaluation.failures
    assert said.startswith("bad: right answers: 0.0% (0 of 1), the floor asks for 70.0%")
    assert evaluation.exit_code == 1


def test_changed_articles_are_not_gated() -> None:
    changed = replace(suite(FARE), gated=False)
    evaluation = evaluate([changed], opener(TableSystem()), floor=Floor(right_share=1))
    assert evaluation.exit_code == 0


def test_settings_are_those_of_the_answers_where_the_system_does_not_say() -> None:
    evaluation = evaluate([suite(WHEAT)], lambda _: nullcontext(Opened(TableSystem())))
    assert evaluation.runs[0].settings_sha256 == SETTINGS


# --- the journal ---------------------------------------------------------------------------


def run(
    folder: Path, system: TableSystem, *, resume: bool = False, articles: str = "a"
) -> Evaluation:
    return evaluate([suite()], opener(system, articles), journals=folder, resume=resume)


def outcomes(evaluation: Evaluation) -> list[tuple[str, Outcome]]:
    return [(r.case.id, r.score.outcome) for r in evaluation.report.results]


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path) -> None:
    first = TableSystem(stop_before=BOATS.question)
    with pytest.raises(GenerationStoppedError):
        run(tmp_path, first)
    second = TableSystem()
    resumed = run(tmp_path, second, resume=True)
    assert second.asked == [r.question for r in CASES[3:-1]] + ["harvest"]
    assert resumed.runs[0].resumed == len(first.asked) == 3
    whole = run(tmp_path / "other", TableSystem())
    assert outcomes(resumed) == outcomes(whole)
    assert resumed.report.results[0].answer == whole.report.results[0].answer


def test_a_finished_run_is_read_again_without_asking_but_for_errors(tmp_path: Path) -> None:
    before = run(tmp_path, TableSystem())
    system = TableSystem()
    again = run(tmp_path, system, resume=True)
    assert system.asked == [BROKEN.question]
    assert [r.summary or r.answer for r in again.report.results] == [
        r.summary or r.answer for r in before.report.results
    ]
    assert [r.seconds for r in again.report.results[:3]] == [
        r.seconds for r in before.report.results[:3]
    ]


def test_without_resume_all_is_asked_again(tmp_path: Path) -> None:
    run(tmp_path, TableSystem())
    system = TableSystem()
    assert run(tmp_path, system).runs[0].resumed == 0
    assert len(system.asked) == len(CASES)


def test_other_articles_are_asked_anew(tmp_path: Path) -> None:
    run(tmp_path, TableSystem())
    system = TableSystem()
    run(tmp_path, system, resume=True, articles="b")
    assert len(system.asked) == len(CASES)


def test_a_line_that_was_cut_short_is_asked_again(tmp_path: Path) -> None:
    run(tmp_path, TableSystem())
    (path,) = tmp_path.iterdir()
    data = path.read_bytes()
    path.write_bytes(data[:-40])
    system = TableSystem()
    run(tmp_path, system, resume=True)
    assert system.asked == [BROKEN.question, "harvest"]
    system = TableSystem()
    run(tmp_path, system, resume=True)
    assert system.asked == [BROKEN.question]


@pytest.mark.parametrize(
    "line", [b"[]", b"{}", b'{"answer": {}}', b"\xff", b'{"key": 1, "answer": 3}', b"null"]
)
def test_a_line_of_another_form_is_as_if_not_there(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "x.jsonl"
    journal = Journal(path, "id", resume=False)
    journal.record(WHEAT, Reply(ABSTENTION, 1.5))
    path.write_bytes(line + b"\n" + path.read_bytes())
    assert Journal(path, "id", resume=True).recall(WHEAT) == Reply(ABSTENTION, 1.5)


def test_a_question_that_was_put_otherwise_is_asked_anew(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    Journal(path, "id", resume=False).record(WHEAT, Reply(ABSTENTION, 1.5))
    journal = Journal(path, "id", resume=True)
    assert journal.recall(replace(WHEAT, question="Wheat?")) is None
    assert journal.recall(replace(WHEAT, tags=(), figures=())) is not None
    assert journal.recalled == 1


def test_a_journal_names_no_more_than_a_reply_needs(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    Journal(path, "id", resume=False).record(SHORT, Reply(SUMMARY, 1.5))
    assert list(json.loads(path.read_bytes())) == ["key", "case", "seconds", "summary"]


def test_a_journal_that_cannot_be_written_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    system = TableSystem()
    with pytest.raises(InputError, match="RAG_CACHE_DIR"):
        run(tmp_path / "file", system)
    assert not system.asked


@pytest.mark.parametrize(
    ("edited", "same"),
    [("answering.py", False), ("figures/finding.py", False), ("evaluation/gate.py", True)],
)
def test_an_edit_of_what_answers_makes_another_program(
    tmp_path: Path, edited: str, same: bool
) -> None:
    sums = []
    for text in ("x = 1", "x = 2"):
        package = tmp_path / text
        for name in ("answering.py", "figures/finding.py", "evaluation/gate.py"):
            path = package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text if name == edited else "y = 1")
        sums.append(code_sha256(package))
    assert (sums[0] == sums[1]) is same
