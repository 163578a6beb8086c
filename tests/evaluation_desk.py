"""``rag eval`` as it is called, on three cases, with a table in place of the pipeline."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from evaluation_runs import ABSTENTION, HARVEST, SETTINGS, TableSystem, answer

from rag.cli import main
from rag.errors import RagError
from rag.evaluation import Control, Opened, Suite
from rag.schema import Answer
from rag.settings import Settings

WHEAT = {
    "id": "wheat",
    "kind": "lookup",
    "question": "How much wheat was there?",
    "answerable": True,
    "figures": [{"value": "4100000", "kind": "count"}],
    "sources": [
        {
            "document": HARVEST.id,
            "quote": "Farmers brought in about 4.1 million tonnes of wheat in 2023.",
        }
    ],
    "tags": ["must"],
}
RYE = {"id": "rye", "kind": "absent-figure", "question": "How much rye?", "answerable": False}
DEV = {**RYE, "id": "oats", "question": "How much oats?", "split": "dev"}
RIGHT: dict[str, Answer | RagError] = {
    "How much wheat was there?": answer("It was about 4.1 million tonnes [1].", "wheat"),
    "How much rye?": ABSTENTION,
    "How much oats?": ABSTENTION,
}
WRONG = {**RIGHT, "How much wheat was there?": answer("It was 900,000 tonnes [1].", "barley")}


class Desk:
    """Runs ``rag eval`` on two cases, with a table in place of the pipeline."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cases = folder / "valley.jsonl"
        self.cases.write_text("\n".join(map(json.dumps, (WHEAT, RYE, DEV))), "utf-8")
        self.articles = folder / "articles"
        self.articles.mkdir()
        self.system = TableSystem(RIGHT)
        self.opened: list[str] = []
        self.libraries: list[Path | None] = []
        self.models: list[str | None] = []
        self.controls: list[Control] = []
        self._monkeypatch = monkeypatch
        self._folder = folder
        monkeypatch.setenv("RAG_CACHE_DIR", str(folder / "cache"))
        monkeypatch.setattr("rag.evaluation.systems.open_pipeline", self._open)

    @contextmanager
    def _open(self, suite: Suite, *words: object, **options: object) -> Iterator[Opened]:
        self.opened.append(suite.name)
        libraries = options["libraries"]
        assert libraries is None or isinstance(libraries, Path)
        self.libraries.append(libraries)
        settings = words[0]
        assert isinstance(settings, Settings)
        self.models.append(settings.generator)
        yield Opened(
            self.system,
            SETTINGS,
            "a" * 64,
            {settings.generator or "default": "7" * 64},
            self._control,
        )

    def _control(self, control: Control) -> TableSystem:
        self.controls.append(control)
        return TableSystem(dict.fromkeys(RIGHT, ABSTENTION))

    def run(self, *options: str) -> int:
        words = ["rag", "eval", str(self.cases), "--corpus", str(self.articles), *options]
        return self.run_words(*words)

    def run_words(self, *words: str) -> int:
        self._monkeypatch.setattr(sys, "argv", list(words))
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        assert isinstance(code, int)
        return code

    def file(self, name: str, text: str = "") -> Path:
        path = self._folder / name
        if text:
            path.write_text(text, "utf-8")
        return path
