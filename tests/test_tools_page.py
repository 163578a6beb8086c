"""The tools beside the page: the same guard, the same line."""

from __future__ import annotations

import asyncio
import http.client
import os
import threading
from pathlib import Path

import pytest
import ui_samples as samples
from mcp import Client
from tools_samples import FakeSource

from rag.tools import beside
from rag.ui.serving import Site
from rag.web import Turns


def test_the_page_offers_the_tools_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    turns = Turns(4)
    tools = beside(FakeSource(), turns)

    async def asked(address: str) -> object:
        async with Client(f"{address}mcp") as client:
            return await client.call_tool("ask", {"question": samples.HOW_MANY})

    with Site(
        samples.asker(), folder=tmp_path, host="127.0.0.1", port=0, turns=turns, beside=tools
    ) as site:
        thread = threading.Thread(target=site.run)
        thread.start()
        try:
            result = asyncio.run(asked(site.address))
            place = site.address.removeprefix("http://").removesuffix("/")
            connection = http.client.HTTPConnection(place, timeout=10)
            connection.request("POST", "/mcp", b"{}", {"host": "evil.example"})
            status = connection.getresponse().status
            connection.close()
        finally:
            site.stop()
            thread.join(10)
    assert result.structured_content["status"] == "answered"  # type: ignore[attr-defined]
    assert status == 400
