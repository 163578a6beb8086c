import os
from pathlib import Path

import pytest

# Failures in the contract suites show their values, as those in the tests do.
pytest.register_assert_rewrite("contracts")

REPO = Path(__file__).resolve().parents[1]
SOURCE_SEEDS = Path(os.environ.get("RAG_SOURCE_SEEDS", REPO.parent / "shared" / "seeds"))


@pytest.fixture(scope="session")
def source_seeds() -> Path:
    """The folder of the source articles, which are not part of the project."""
    if not SOURCE_SEEDS.is_dir():
        pytest.skip(f"no source articles at {SOURCE_SEEDS} (set RAG_SOURCE_SEEDS)")
    return SOURCE_SEEDS
