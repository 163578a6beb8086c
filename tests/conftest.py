import os
import signal
from pathlib import Path

import pytest

from rag.errors import MissingPartError
from rag.models import resolve

# A shell starts background jobs with Ctrl-C ignored, and whatever they start inherits that: tests
# that interrupt a child would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = ["default_model", "ui_browser"]

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


@pytest.fixture(scope="session")
def embedder_folder() -> Path:
    """The folder of the default embedder; for tests marked ``models``."""
    return _weights("all-minilm-l6-v2")


@pytest.fixture(scope="session")
def small_gguf() -> Path:
    """A chat model of 98 MB; for tests marked ``models``."""
    return _weights("smollm2-135m")


def _weights(name: str) -> Path:
    try:
        return resolve(name).path
    except MissingPartError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs its models: {error}", pytrace=False)
        pytest.skip(f"{error.message} Run: rag models fetch {name}")
