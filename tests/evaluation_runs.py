"""A small evaluation from fakes: eight cases on two articles, with answers of every outcome."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from rag.errors import GenerationStoppedError, RagError
from rag.evaluation import (
    Case,
    Control,
    ControlRun,
    ExpectedFigure,
    Opened,
    Source,
    Suite,
    SuiteRun,
    System,
    run_cases,
)
from rag.evaluation.baseline import Baseline, Entry
from rag.evaluation.floor import Floor
from rag.evaluation.gate import Evaluation, judged
from rag.evaluation.running import OpenSystem
from rag.evaluation.scoring import Outcome
from rag.figures import find_figures
from rag.schema import (
    Answer,
    CheckedFigure,
    Citation,
    DocumentInfo,
    Evidence,
    FigureKind,
    Sentence,
    Span,
    Status,
    Summary,
    SummaryPoint,
    Timing,
    Verdict,
)

SETTINGS = "5" * 64
DAY = date(2025, 3, 4)
HOSTILE = (
    "</p></td><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
    "<style>*{display:none}</style><!-- <a href=\"javascript:document.title='taken'\">12</a> [1]."
)
HARVEST = DocumentInfo(
    "harvest",
    "/articles/harvest.md",
    "text/markdown",
    "1" * 64,
    "A dry summer",
    "The Valley Post",
    None,
    date(2024, 9, 2),
)
FERRY = replace(HARVEST, id="ferry", title="Ferry fares rise", published=None)
SENTENCES = {
    "wheat": (HARVEST, "Farmers brought in about 4.1 million tonnes of wheat in 2023."),
    "barley": (HARVEST, "Barley came to 900,000 tonnes."),
    "fare": (FERRY, "A single ticket costs 14 euros from May."),
    "boats": (FERRY, "The line has 6 boats."),
    "mayor": (FERRY, "Mayor Ines Varga opened the new pier."),
}


def place(name: str) -> Span:
    """Where a sentence stands in its article: no two overlap."""
    start = 1000 * list(SENTENCES).index(name)
    return Span(start, start + len(SENTENCES[name][1]))


def citation(name: str, marker: int = 1) -> Citation:
    info, quote = SENTENCES[name]
    return Citation(marker, info, place(name), quote)


def evidence(name: str) -> Evidence:
    info, quote = SENTENCES[name]
    sentence = Sentence(info.id, 0, place(name), quote, 0)
    return Evidence(sentence, info, score=0.03, similarity=0.7, coverage=0.8, dense_rank=1)


def answer(
    text: str, *cited: str, found: tuple[str, ...] = (), status: Status = Status.ANSWERED
) -> Answer:
    """An answer whose own figures count as verified."""
    return Answer(
        question="",
        status=status,
        text=text,
        citations=tuple(citation(name, n) for n, name in enumerate(cited, start=1)),
        figures=tuple(CheckedFigure(f, Verdict.EXACT, 1) for f in find_figures(text[:-4])),
        evidence=tuple(evidence(name) for name in (*cited, *found)),
        notes=("A note.",),
        timing=Timing(0.1, 0.2, 0.3),
        settings_sha256=SETTINGS,
    )


ABSTENTION = answer("The articles do not say.", found=("boats",), status=Status.ABSTAINED)
SUMMARY = Summary(
    document=HARVEST,
    points=(
        SummaryPoint("Wheat came to about 4.1 million tonnes. [1]", (citation("wheat"),), (), True),
    ),
    passages_read=1,
    passages_total=1,
    notes=(),
    total_s=0.4,
    settings_sha256=SETTINGS,
)


def figure(value: str, kind: FigureKind = FigureKind.COUNT, unit: str = "") -> ExpectedFigure:
    return ExpectedFigure(Decimal(value), kind, unit)


def asked(
    name: str,
    question: str,
    *figures: ExpectedFigure,
    of: str = "",
    kind: str = "lookup",
    tags: tuple[str, ...] = (),
) -> Case:
    source = (Source(SENTENCES[of][0].id, SENTENCES[of][1]),) if of else ()
    return Case(
        name, kind, question, answerable=bool(of), figures=figures, sources=source, tags=tags
    )


WHEAT = asked(
    "wheat", "How much wheat was there?", figure("4100000"), of="wheat", tags=("must", "terse")
)
BARLEY = asked("barley", "And <b>barley</b>?", figure("900000"), of="barley")
FARE = asked("fare", "What is the fare?", figure("14", FigureKind.MONEY, "EUR"), of="fare")
BOATS = asked("boats", "How many boats are there?", figure("6"), of="boats", kind="near-miss")
RYE = asked("rye", "How much rye was there?", kind="absent-figure")
OATS = asked("oats", "How much oats was there?", kind="absent-figure")
BROKEN = asked("broken", "How many piers?", figure("1"), of="mayor", kind="near-miss")
SHORT = replace(
    asked("short", "Summarise: A dry summer", figure("4100000"), of="wheat", kind="summary"),
    summarize="harvest",
)
CASES = (WHEAT, BARLEY, FARE, BOATS, RYE, OATS, BROKEN, SHORT)

REPLIES: Mapping[str, Answer | RagError] = {
    WHEAT.question: answer("It was about 4.1 million tonnes [1].", "wheat", found=("barley",)),
    BARLEY.question: answer("It was <script>alert(1)</script> 4.1 million [1].", "wheat"),
    FARE.question: ABSTENTION,
    BOATS.question: answer("There are 6 boats [1].", "mayor", found=("boats",)),
    RYE.question: ABSTENTION,
    OATS.question: answer("It was 900,000 tonnes [1].", "barley"),
    BROKEN.question: RagError("The model broke\x07.", "Try again."),
}


class TableSystem:
    """Answers from a table; remembers what it was asked.

    Args:
        replies: an answer by question, or an error that is raised.
        summary: of every article.
        stop_before: the question before which Ctrl-C is pressed.
    """

    def __init__(
        self,
        replies: Mapping[str, Answer | RagError] = REPLIES,
        *,
        summary: Summary = SUMMARY,
        stop_before: str = "",
    ) -> None:
        self.asked: list[str] = []
        self._replies = replies
        self._summary = summary
        self._stop_before = stop_before

    def ask(self, question: str) -> Answer:
        if question == self._stop_before:
            raise GenerationStoppedError("Stopped.")
        self.asked.append(question)
        reply = self._replies[question]
        if isinstance(reply, RagError):
            raise reply
        return reply

    def summarize(self, document: str) -> Summary:
        self.asked.append(document)
        return self._summary


def suite(*cases: Case, name: str = "valley") -> Suite:
    return Suite(name, cases or CASES, Path("articles"))


def opener(system: System, articles: str = "a" * 64) -> OpenSystem:
    """What :func:`rag.evaluation.evaluate` opens for every suite."""

    def open_system(_suite: Suite) -> AbstractContextManager[Opened]:
        return nullcontext(Opened(system, SETTINGS, articles))

    return open_system


def entry(outcome: Outcome, *, passed: bool, settings: str = SETTINGS[:12]) -> Entry:
    return Entry(outcome, passed, settings)


def all_passed(name: str = "valley") -> Baseline:
    """A baseline in which every case but one passed."""
    entries = {case.id: entry(Outcome.RIGHT, passed=True) for case in CASES if case.id != SHORT.id}
    entries["barley"] = entry(Outcome.FALSE_REFUSAL, passed=False)
    return Baseline({name: entries})


def sample_run(floor: Floor | None = None, baseline: Baseline | None = None) -> SuiteRun:
    ticks = iter(range(100))
    report = run_cases(CASES, TableSystem(), clock=lambda: float(next(ticks)))
    return judged(suite(), report, floor=floor, baseline=baseline, settings_sha256=SETTINGS)


def sample(floor: Floor | None = None, baseline: Baseline | None = None) -> Evaluation:
    return Evaluation((sample_run(floor, baseline),), baseline)


def run_of(*cases: Case, replies: Mapping[str, Answer | RagError] = REPLIES) -> Evaluation:
    """A run of some cases that nothing is held against."""
    report = run_cases(cases, TableSystem(replies))
    return Evaluation((judged(suite(*cases), report, floor=None, baseline=None),))


def with_controls() -> Evaluation:
    """A run of two models, the first of them beside controls and with changed articles."""
    silent = TableSystem(dict.fromkeys(REPLIES, ABSTENTION))
    first, some = sample_run(), CASES[1:]
    controls = (
        ControlRun(Control.ABSTAIN, run_cases(CASES, silent)),
        ControlRun(Control.FIRST_FIGURE, run_cases(CASES, TableSystem())),
        ControlRun(Control.MODEL_ALONE, run_cases(some, TableSystem())),
    )
    changed = [
        replace(suite(WHEAT, name=f"valley-mutated-{n}"), gated=False, mutated_from="valley")
        for n in (1, 2)
    ]
    other = replace(suite(WHEAT, OATS, name="valley-two"), gated=False, model="two")
    runs = [
        replace(first, models={"one": "1" * 64, "words": "3" * 64}, controls=controls),
        *(_asked(one, {"one": "1" * 64}) for one in changed),
        _asked(other, {"two": "2" * 64}),
    ]
    return Evaluation(tuple(runs))


def _asked(one: Suite, models: Mapping[str, str]) -> SuiteRun:
    report = run_cases(one.cases, TableSystem())
    return replace(judged(one, report, floor=None, baseline=None), models=models)


def hostile() -> Evaluation:
    """Everything that others wrote tries to be more than text."""
    info = replace(FERRY, id=HOSTILE, title=HOSTILE, publisher=HOSTILE)
    case = replace(FARE, question=HOSTILE, sources=(replace(FARE.sources[0], quote=HOSTILE),))
    found = evidence("fare")
    found = replace(found, document=info, sentence=replace(found.sentence, text=HOSTILE))
    reply = answer(HOSTILE, "fare")
    citation = replace(reply.citations[0], document=info, quote=HOSTILE)
    reply = replace(reply, citations=(citation,), evidence=(found,))
    return run_of(case, replies={HOSTILE: reply})
