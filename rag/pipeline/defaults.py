"""What a job does where its caller has no wish: all articles, nobody told, never stopped."""

from __future__ import annotations

from rag.schema import Filters

NO_FILTERS = Filters()


def never() -> bool:
    """Never stop."""
    return False


def ignore(_value: object) -> None:
    """Be told and do nothing."""
