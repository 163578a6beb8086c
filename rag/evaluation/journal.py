"""What was answered so far, on disk as it comes, so that a run that was stopped can go on.

A line holds what came back, not what it is worth: scores are made anew from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from rag.errors import InputError
from rag.evaluation.cases import Case
from rag.schema import JSON, Answer, Summary


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for a case."""

    given: Answer | Summary
    seconds: float
    """Wall clock from question to answer."""


class Journal:
    """Replies of one suite, a JSON line each; a line that was cut short is as if not there.

    Args:
        path: made where it is not there.
        identity: names all that a reply depends on besides the case: settings, articles, code.
        resume: keep what is there; else begin anew.

    Raises:
        InputError: the file cannot be written.
    """

    def __init__(self, path: Path, identity: str, *, resume: bool) -> None:
        self._path = path
        self._identity = identity
        self.recalled = 0
        """How many replies were there."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._replies = dict(_replies(path)) if resume else {}
            with path.open("ab" if resume else "wb") as file:
                # What follows a line that was cut short begins a line of its own.
                file.write(b"\n" if resume and file.tell() else b"")
        except OSError as error:
            raise _unwritable(path, error) from error

    def recall(self, case: Case) -> Reply | None:
        """Return what came back for this case, if the same was asked of the same."""
        reply = self._replies.get(self._key(case))
        self.recalled += reply is not None
        return reply

    def record(self, case: Case, reply: Reply) -> None:
        """Write down what came back.

        Raises:
            InputError: the file cannot be written.
        """
        form = "answer" if isinstance(reply.given, Answer) else "summary"
        line: JSON = {"key": self._key(case), "case": case.id, "seconds": reply.seconds}
        line[form] = _FORMS[form].dump_python(reply.given, mode="json")
        try:
            with self._path.open("ab") as file:
                file.write(json.dumps(line).encode() + b"\n")
        except OSError as error:
            raise _unwritable(self._path, error) from error

    def _key(self, case: Case) -> str:
        # How a case is scored may change; what was asked may not.
        asked = [case.id, case.question, case.summarize, self._identity]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


_FORMS: dict[str, TypeAdapter[Any]] = {
    "answer": TypeAdapter(Answer),
    "summary": TypeAdapter(Summary),
}


def _replies(path: Path) -> Iterator[tuple[str, Reply]]:
    if not path.exists():
        return
    for line in path.read_bytes().split(b"\n"):
        try:
            found = json.loads(line)
            form = next(form for form in _FORMS if form in found)
            given = _FORMS[form].validate_python(found[form])
            yield found["key"], Reply(given, float(found["seconds"]))
        except (ValueError, KeyError, TypeError, StopIteration):
            continue


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(
        f"What is answered cannot be written to {path} ({error.strerror}).",
        "Make room there, or name another folder: RAG_CACHE_DIR.",
    )


# Those who only call the pipeline and judge what it returns do not change what it returns.
_CALLERS = {"cli", "evaluation", "ui"}
_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def code_sha256(package: Path = _PACKAGE) -> str:
    """Hash of the code that an answer comes from: an edit makes it another program."""
    total = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        if inside.parts[0] not in _CALLERS:
            total.update(f"{inside.as_posix()}\n".encode() + path.read_bytes())
    return total.hexdigest()


@cache
def control_code_sha256() -> str:
    """Hash of the code of the controls, which is not part of the program that they stand beside."""
    names = ("controls.py", "ceiling.py")
    code = [Path(__file__).with_name(name).read_bytes() for name in names]
    return hashlib.sha256(b"".join(code)).hexdigest()
