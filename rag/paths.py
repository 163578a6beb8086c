"""Where things lie on this machine: weights, caches, the library.

| variable | what it sets |
| --- | --- |
| RAG_MODELS_DIR | folder of the weights |
| RAG_CACHE_DIR | folder of everything that can be made again |
| RAG_LIBRARY | folder of the library that is used without ``--library`` |

A variable that is set to nothing counts as not set. In a checkout, weights and library lie in
the checkout; in an installed package, in the folders that the system has for such things.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path

APP = "citeline"


def cache_dir() -> Path:
    """Folder of what can be made again; it need not exist yet."""
    import platformdirs

    return _from_environment("RAG_CACHE_DIR") or Path(
        platformdirs.user_cache_dir(APP, appauthor=False)
    )


@cache
def checkout_root() -> Path | None:
    """Top of the source tree that this package runs from; None where it was installed.

    An editable install runs from its checkout, so it counts as one.
    """
    root = Path(__file__).resolve().parents[1]
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    except (OSError, ValueError, KeyError):
        return None
    return root if project.get("name") == APP else None


def models_dir() -> Path:
    """Folder of the weights; it need not exist yet."""
    root = checkout_root()
    return _from_environment("RAG_MODELS_DIR") or (root or cache_dir()) / "models"


def default_library_dir() -> Path:
    """Folder of the library that is used where none is named; it need not exist yet."""
    named = _from_environment("RAG_LIBRARY")
    if named is not None:
        return named
    if (root := checkout_root()) is not None:
        return root / "library"
    import platformdirs

    return Path(platformdirs.user_data_dir(APP, appauthor=False)) / "library"


def _from_environment(variable: str) -> Path | None:
    value = os.environ.get(variable, "").strip()
    return Path(value).expanduser().absolute() if value else None
