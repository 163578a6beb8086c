"""Local question answering on news articles: every figure bound to the sentence that states it.

``rag.verify(text, documents)`` checks the figures of any text against articles, without a model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.verification import verify

__version__ = "0.1.0"
__all__ = ["__version__", "verify"]


def __getattr__(name: str) -> object:
    """Import what is public when it is asked for: ``import rag`` alone loads nothing."""
    if name == "verify":
        from rag.verification import verify

        return verify
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
