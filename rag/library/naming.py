"""Which document a person means by a name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from rag.errors import UnknownDocumentError
from rag.schema import DocumentInfo

# difflib's measure: 0.6 is its own choice for "close"; names are long and half remembered.
_NEAR = 0.5
_MOST_NAMES = 3


def resolve(documents: Sequence[DocumentInfo], name: str) -> DocumentInfo:
    """Find a document by id, path, exact title or the beginning of an id, in this order.

    Raises:
        UnknownDocumentError: none or several are meant; the hint names the nearest.
    """
    sources = _sources(name)
    ways: tuple[Callable[[DocumentInfo], bool], ...] = (
        lambda info: info.id == name,
        lambda info: info.source in sources,
        lambda info: info.title is not None and info.title.casefold() == name.casefold(),
        lambda info: bool(name) and info.id.startswith(name),
    )
    for way in ways:
        found = [info for info in documents if way(info)]
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownDocumentError(
                f"{name!r} can mean {len(found)} documents.", f"Choose one: {_list(found)}"
            )
    raise UnknownDocumentError(f"The library has no document {name!r}.", _nearest(documents, name))


def _sources(name: str) -> set[str]:
    """The name, and as a path from here, with and without following links."""
    found = {name}
    # A name that no file can have, or a working folder that is gone.
    with suppress(OSError, ValueError, RuntimeError):
        path = Path(name)
        found |= {str(path.absolute()), str(path.resolve())}
    return found


def _nearest(documents: Sequence[DocumentInfo], name: str) -> str:
    by_name = {
        spelling.casefold(): info
        for info in documents
        for spelling in (info.id, info.title or "", Path(info.source).name)
    }
    close = difflib.get_close_matches(name.casefold(), by_name, n=2 * _MOST_NAMES, cutoff=_NEAR)
    near = list(dict.fromkeys(by_name[spelling] for spelling in close))
    if not near and not documents:
        return "Index some articles first: rag index PATH"
    if not near:
        return f"It holds {_list(documents)}."
    return f"Did you mean {_list(near)}?"


def _list(documents: Sequence[DocumentInfo]) -> str:
    named = [f"{info.id} ({info.title})" if info.title else info.id for info in documents]
    rest = len(named) - _MOST_NAMES
    return ", ".join(named[:_MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")
