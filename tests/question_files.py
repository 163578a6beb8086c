"""Files of questions on news, held to their articles."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from rag.readers import read_path
from rag.readers.markdown import strip_marks
from rag.schema import Document


def kinds_in(questions: Path, articles: Path) -> Counter[str]:
    """How many questions of each kind a folder has; each quote stands in its article as it says.

    Raises:
        AssertionError: a quote or an answer does not stand where it should.
    """
    kinds: Counter[str] = Counter()
    for path in sorted(questions.glob("*.jsonl")):
        texts = {
            file.stem: document.text
            for file in (articles / path.stem).glob("*.md")
            for document in read_path(file)
            if isinstance(document, Document)
        }
        assert len(texts) == 20
        for line in path.read_text("utf-8").splitlines():
            told = json.loads(line)
            kinds[told["kind"]] += 1
            stated = told.get("parts", []) or ([told] if "quote" in told else [])
            assert bool(stated) == (told["kind"] != "absent")
            for part in stated:
                text = texts[part.get("article", told["article"])]
                assert strip_marks(part["quote"])[0] in text
                assert part["answer"] in part["quote"]
    return kinds
