"""The adapter that taught the default chat model to read figures."""

from __future__ import annotations

import hashlib

import pytest
from job_samples import HARBOUR, evidence

from rag.extraction import Passage, reply_with_figures
from rag.generation import adapter_of
from rag.models import Role, load_registry
from rag.protocols import Embedder, Generator

SENTENCES = (
    "In July the ferry of Holm carried 12,480 passengers, and 9,130 in June.",
    "A ticket costs 4.20 euros.",
)
TEXT = (Passage(HARBOUR, tuple(evidence(text).sentence for text in SENTENCES)),)


@pytest.mark.default_model
@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("How many passengers did the ferry of Holm carry in June?", "9,130"),
        ("What does a ticket for the ferry of Holm cost?", "4.20 euros"),
        ("How many passengers did the ferry carry in July and in June?", "12,480; 9,130"),
        ("How many more passengers than in June came in July?", "12,480 - 9,130"),
        ("How many people live in Holm?", ""),
        ("How many passengers did the ferry carry in March?", ""),
    ],
)
def test_the_default_model_was_taught_to_read_figures(
    default_parts: tuple[Generator, Embedder, Generator], question: str, reply: str
) -> None:
    told = reply_with_figures(question, TEXT, default_parts[2], lambda: False)
    assert told.text == reply
    assert told.first_token_s > 0


def test_the_adapter_is_the_one_that_its_sum_says() -> None:
    registry = load_registry()
    adapter = adapter_of(registry.default(Role.GENERATOR).sha256)
    assert adapter is not None
    assert hashlib.sha256(adapter.path.read_bytes()).hexdigest() == adapter.sha256
    assert adapter_of(registry.default(Role.TEST_GENERATOR).sha256) is None
