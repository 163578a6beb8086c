"""What the classes that read a sentence-transformers folder have in common."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rag.errors import ModelCorruptError


def read_table(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        OSError: the file cannot be read.
        ValueError: it holds no JSON object.
    """
    value = json.loads(path.read_text("utf-8"))
    if not isinstance(value, dict):
        raise ValueError(f"{path.name} holds no JSON object")
    return value


def unusable(folder: Path, error: Exception) -> ModelCorruptError:
    """Return the error for a model folder that something is wrong with."""
    return ModelCorruptError(
        f"The embedder in {folder} cannot be loaded: {error}.", "Check it with: rag models verify"
    )
