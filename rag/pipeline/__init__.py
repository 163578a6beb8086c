"""The one place where parts are put together."""

from __future__ import annotations

from rag.pipeline.defaults import NO_FILTERS, ignore, never
from rag.pipeline.pipeline import Pipeline

__all__ = ["NO_FILTERS", "Pipeline", "ignore", "never"]
