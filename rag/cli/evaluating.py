"""``rag eval``: cases, a library of their articles, a bar, and reports."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rag.cli.console import Interrupts, err, note, print_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.evaluation import Evaluation
    from rag.settings import Settings


def run_evaluation(
    cases: Sequence[Path],
    corpus: Path | None,
    settings: Settings,
    floor: Path | None,
    junit: Path | None,
    *,
    as_json: bool,
) -> int:
    """Index the articles apart from the user's library, ask, score, print.

    Returns:
        The exit code: 1 where a floor is not reached.

    Raises:
        UsageError: no cases are named and there is no checkout that has some.
    """
    from rag.evaluation import corpus_mapping, report_json, report_junit, report_markdown

    root = _checkout()
    editions = root / "seeds" if root else None
    paths = list(cases) or [_shipped(root) / "eval" / "cases"]
    if floor is None and not cases and corpus is None:
        floor = _shipped(root) / "eval" / "floor.toml"
    shipped = root is not None and all(path.resolve().is_relative_to(root) for path in paths)
    mapping = corpus_mapping(editions, corpus) if corpus and editions and shipped else None
    evaluation = _evaluate(paths, corpus or editions or Path(), settings, floor, mapping)
    if junit is not None:
        junit.parent.mkdir(parents=True, exist_ok=True)
        junit.write_text(report_junit(evaluation), encoding="utf-8")
        note(f"JUnit XML: {junit}")
    if as_json:
        print_json(report_json(evaluation))
    else:
        print(report_markdown(evaluation))  # noqa: T201 - Markdown goes out as it is
    return evaluation.exit_code


def _evaluate(
    paths: Sequence[Path],
    articles: Path,
    settings: Settings,
    floor: Path | None,
    mapping: Mapping[str, str] | None,
) -> Evaluation:
    from rag.cli.progress import IndexBars
    from rag.evaluation import CaseResult, evaluate
    from rag.pipeline import Pipeline

    with tempfile.TemporaryDirectory(prefix="citeline-eval-") as folder:
        apart = settings.model_copy(update={"library": Path(folder)})
        with Pipeline(apart, on_note=note) as pipeline, Interrupts().watch() as stop:
            with IndexBars() as bars:
                pipeline.index([str(articles)], observer=bars, stop=stop)

            def show(done: int, n_cases: int, result: CaseResult) -> None:
                err().print(
                    f"{done}/{n_cases} {result.score.outcome.value}: {result.case.question}",
                    markup=False,
                )

            return evaluate(
                paths,
                lambda question: pipeline.ask(question, stop=stop),
                floor=floor,
                mapping=mapping,
                on_progress=show,
            )


def _checkout() -> Path | None:
    from rag.paths import checkout_root

    return checkout_root()


def _shipped(root: Path | None) -> Path:
    from rag.errors import UsageError

    if root is None:
        raise UsageError(
            "The shipped cases and articles are only in a checkout of citeline.",
            "Name your own: rag eval CASES.jsonl --corpus FOLDER",
        )
    return root
