"""Options that several commands have, and the settings that they make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import date

    from rag.schema import Filters
    from rag.settings import Settings

Library = Annotated[
    Path | None, typer.Option("--library", "-l", help="Folder of the library [RAG_LIBRARY].")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Model = Annotated[str | None, typer.Option("--model", "-m", help="Chat model, by name or path.")]
Since = Annotated[str | None, typer.Option(help="Published on or after, YYYY-MM-DD.")]
Until = Annotated[str | None, typer.Option(help="Published on or before.")]


def filters_of(
    doc: list[str] | None = None,
    publisher: list[str] | None = None,
    since: str | None = None,
    until: str | None = None,
) -> Filters:
    """Return which articles take part.

    Raises:
        UsageError: a date is none.
    """
    from rag.schema import Filters

    return Filters(
        documents=tuple(doc or ()),
        publishers=tuple(publisher or ()),
        since=_day(since),
        until=_day(until),
    )


def _day(text: str | None) -> date | None:
    from datetime import date

    from rag.errors import UsageError

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text} is no date.", "Write it as YYYY-MM-DD.") from error


def settings_of(library: Path | None, **fields: Any) -> Settings:
    """Return the settings of a run; a field that is None is that of the environment.

    Raises:
        UsageError: a variable or an option is not usable.
    """
    from pydantic import ValidationError

    from rag.errors import UsageError
    from rag.settings import Settings

    given = {name: value for name, value in fields.items() if value is not None}
    if library is not None:
        given["library"] = library
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = f"RAG_{first['loc'][0]}".upper()
        raise UsageError(
            f"{name} is not usable: {first['msg']}.", f"Correct or unset {name}."
        ) from error
