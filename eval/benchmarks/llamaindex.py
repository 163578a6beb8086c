"""citeline beside LlamaIndex's starter pipeline: the same weights, articles and questions.

    pip install -c constraints.txt -e '.[bench]'
    python -m eval.benchmarks.llamaindex [--questions 12] [--articles seeds]

Three processes are kept warm and asked in turns, so that what else the machine does falls on all
alike: citeline, LlamaIndex as it comes, and LlamaIndex with two threads. LlamaIndex has its own
defaults: passages of 1,024 tokens, the two nearest, its own prompts, 256 tokens at most.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rag.evaluation.cases import Case, load_cases
from rag.evaluation.scoring import figures_right
from rag.models import Role, load_registry, resolve

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("lookup", "near-miss", "scope")
OURS, THEIRS, THEIRS_2 = "citeline", "LlamaIndex", "LlamaIndex, 2 threads"


@dataclass(frozen=True, slots=True)
class Run:
    """One question, asked of one of the three."""

    system: str
    case: Case
    text: str
    seconds: float
    tokens_read: int
    tokens_written: int

    @property
    def right(self) -> bool:
        """Whether the answer has the figures that are expected and no other of their kind."""
        return figures_right(self.case, self.text)


Serving = Generator[tuple[str, int, int], str]
"""Takes questions; yields the answer and the tokens that were read and written."""


# --- the three, each in a process of its own -----------------------------------------------


def _serve_citeline(articles: Path) -> Serving:
    from rag.generation import LlamaGenerator
    from rag.pipeline import Pipeline
    from rag.settings import Settings

    generations: list[Any] = []
    stream = LlamaGenerator.stream

    def counted(self: Any, *args: Any) -> Any:
        generations.append(stream(self, *args))
        return generations[-1]

    setattr(LlamaGenerator, "stream", counted)  # noqa: B010 - measured from outside
    with tempfile.TemporaryDirectory() as folder:
        pipeline = Pipeline(Settings(library=Path(folder)))
        from rag.cli.progress import IndexBars

        with IndexBars() as bars:
            pipeline.index([str(articles)], observer=bars)
        pipeline.warm()
        text = ""
        read = written = 0
        while True:
            question = yield text, read, written
            generations.clear()
            text = pipeline.ask(question).text
            read = sum(g.prompt_tokens - g.cached_tokens for g in generations)
            written = sum(g.completion_tokens for g in generations)


def _serve_llamaindex(articles: Path, threads: int | None) -> Serving:
    from llama_index.core import Settings, SimpleDirectoryReader, VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.llms.llama_cpp import LlamaCPP

    registry = load_registry()
    models = {
        role: resolve(registry.default(role).name, registry=registry)
        for role in (Role.EMBEDDER, Role.GENERATOR)
    }
    Settings.embed_model = HuggingFaceEmbedding(model_name=str(models[Role.EMBEDDER].path))
    Settings.llm = LlamaCPP(
        model_path=str(models[Role.GENERATOR].path),
        model_kwargs={} if threads is None else {"n_threads": threads},
        verbose=False,
    )
    documents = SimpleDirectoryReader(str(articles)).load_data()
    engine = VectorStoreIndex.from_documents(documents).as_query_engine()
    llm: Any = Settings.llm
    text = ""
    while True:
        question = yield text, llm._model.n_tokens, 0
        text = str(engine.query(question))


def _child(system: str, articles: Path) -> None:
    # Whatever a library prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    serving = (
        _serve_citeline(articles)
        if system == OURS
        else _serve_llamaindex(articles, 2 if system == THEIRS_2 else None)
    )
    next(serving)
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        started = time.perf_counter()
        text, read, written = serving.send(json.loads(line))
        seconds = time.perf_counter() - started
        print(json.dumps([text, seconds, read, written]), file=answers, flush=True)


# --- asking them in turns ------------------------------------------------------------------


@contextmanager
def _started(system: str, articles: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "eval.benchmarks.llamaindex", "--serve", system]
    process = subprocess.Popen(
        [*command, "--articles", str(articles)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        if _line(process.stdout) != "ready":
            raise SystemExit(f"{system} did not start; what it said stands above.")
        yield process
    finally:
        process.kill()
        process.wait()


def _line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()


def _ask(system: str, process: subprocess.Popen[str], case: Case) -> Run:
    assert process.stdin is not None
    process.stdin.write(json.dumps(case.question) + "\n")
    process.stdin.flush()
    text, seconds, read, written = json.loads(_line(process.stdout))
    return Run(system, case, text, seconds, read, written)


def compare(articles: Path, cases: list[Case]) -> list[Run]:
    """Ask each of the three every question, in turns."""
    runs = []
    with ExitStack() as stack:
        systems = {
            name: stack.enter_context(_started(name, articles)) for name in (OURS, THEIRS, THEIRS_2)
        }
        for number, case in enumerate(cases, start=1):
            for name, process in systems.items():
                runs.append(_ask(name, process, case))
                print(
                    f"{number}/{len(cases)} {name}: {runs[-1].seconds:.1f} s, "
                    f"{'right' if runs[-1].right else 'not right'}",
                    file=sys.stderr,
                )
    return runs


def table(runs: list[Run]) -> str:
    """Medians as Markdown, and how citeline relates to the faster of the two others."""
    lines = [
        "| | median s | slowest s | right figures | tokens read (median) | written |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    medians = {}
    for name in (OURS, THEIRS, THEIRS_2):
        mine = [run for run in runs if run.system == name]
        medians[name] = statistics.median(run.seconds for run in mine)
        written = statistics.median(run.tokens_written for run in mine)
        lines.append(
            f"| {name} | {medians[name]:.1f} | {max(run.seconds for run in mine):.1f} "
            f"| {sum(run.right for run in mine)} of {len(mine)} "
            f"| {statistics.median(run.tokens_read for run in mine):.0f} "
            f"| {f'{written:.0f}' if written else 'not counted'} |"
        )
    faster = min(medians[THEIRS], medians[THEIRS_2])
    lines += ["", f"citeline needs {medians[OURS] / faster:.2f} of the time of the faster one."]
    return "\n".join(lines)


def main() -> None:
    """Run the comparison and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--questions", type=int, default=12)
    parser.add_argument("--articles", type=Path, default=ROOT / "seeds")
    parser.add_argument("--serve", choices=(OURS, THEIRS, THEIRS_2), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        _child(given.serve, given.articles)
        return
    cases = [c for c in load_cases([ROOT / "eval/cases/seeds.jsonl"]) if c.kind in KINDS]
    step = max(1, len(cases) // given.questions)
    sys.stdout.write(table(compare(given.articles, cases[::step][: given.questions])) + "\n")


if __name__ == "__main__":
    main()
