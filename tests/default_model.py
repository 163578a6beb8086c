"""The default chat model and embedder, for tests marked ``default_model``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing

import pytest

from rag.embedding import open_embedder
from rag.errors import MissingPartError
from rag.generation import LlamaGenerator, LlamaWeights, adapter_of
from rag.models import Role, load_registry, resolve
from rag.protocols import Embedder, Generator
from rag.settings import Settings


@pytest.fixture(scope="session")
def default_parts() -> Iterator[tuple[Generator, Embedder, Generator]]:
    """The chat model, the embedder, and the chat model as it was taught to read figures."""
    registry = load_registry()
    try:
        weights = [resolve(registry.default(role).name) for role in (Role.GENERATOR, Role.EMBEDDER)]
    except MissingPartError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs its models: {error}", pytrace=False)
        pytest.skip(f"{error.message} {error.hint}")
    chat, vectors = weights
    adapter = adapter_of(chat.spec.sha256)
    assert adapter is not None
    opened, threads = LlamaWeights(chat.path), Settings().threads
    with (
        closing(LlamaGenerator(opened, name="1", context_tokens=4096, threads=threads)) as model,
        closing(
            LlamaGenerator(
                opened, name="2", context_tokens=4096, threads=threads, adapter=adapter.path
            )
        ) as figure_reader,
    ):
        yield model, open_embedder(vectors.path, name="2", n_texts=1), figure_reader
