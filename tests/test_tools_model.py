"""The tools over a real library and a small chat model."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ingestion_desk import Observer
from mcp import Client
from test_tools import schema

from rag.pipeline import Pipeline
from rag.settings import Settings
from rag.tools.desk import Desk
from rag.tools.offering import offer
from rag.web import Turns

ARTICLE = """---
title: Ferry traffic grows
publisher: The Harbour Post
published: 2024-03-02
---
The port counted 12,400 passengers in February. The ferry to the island carried 3,100 of them.
"""
CALLS: dict[str, dict[str, Any]] = {
    "ask": {"question": "How many passengers did the port count in February?"},
    "search": {"question": "How many passengers?", "only": {"publishers": ["The Harbour Post"]}},
    "figures": {"about": "passengers at the port"},
    "check": {"draft": "The port counted 12,400 passengers in February 2024."},
    "summarize": {"document": "ferry"},
}


@pytest.mark.models
def test_every_real_result_keeps_its_schema(
    tmp_path: Path, embedder_folder: Path, small_gguf: Path
) -> None:
    (tmp_path / "ferry.md").write_text(ARTICLE, encoding="utf-8")

    async def called(pipeline: Pipeline) -> dict[str, Any]:
        async with Client(offer(Desk(pipeline, Turns(1)))) as client:
            return {name: await client.call_tool(name, given) for name, given in CALLS.items()}

    settings = Settings(library=tmp_path / "library", generator=str(small_gguf))
    with Pipeline(settings) as pipeline:
        pipeline.index([str(tmp_path / "ferry.md")], observer=Observer())
        results = asyncio.run(called(pipeline))
    for name, result in results.items():
        assert not result.is_error, result.content
        jsonschema.validate(result.structured_content, schema(name, "result"))
    assert results["figures"].structured_content["figures"][0]["text"] == "12,400"
    (claim,) = results["check"].structured_content["claims"]
    assert claim["verdict"] == "supported"
    assert claim["evidence"][0]["quote"] == "The port counted 12,400 passengers in February."
