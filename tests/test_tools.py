"""The tools as the SDK's own client sees them, over HTTP and over standard input and output."""

from __future__ import annotations

import asyncio
import http.client
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
import ui_samples as samples
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult
from server_desk import KEY, asking, request, served, wait_until
from tools_samples import SLOW, WRONG, FakeSource

from rag.errors import MissingPartError
from rag.schema import Filters
from rag.serialization import answer_json, summary_json
from rag.tools import beside, publish
from rag.tools.results import NOTICE, ToolName
from rag.web import Turns

REPO = Path(__file__).parents[1]
SCHEMAS = REPO / "docs" / "schemas"
CALLS: dict[str, dict[str, Any]] = {
    "ask": {"question": samples.HOW_MANY},
    "search": {"question": samples.HOW_MANY},
    "figures": {"about": "ships", "limit": 5},
    "check": {"draft": "The harbour counted 46,611 ships in May."},
    "summarize": {"document": samples.HARBOUR.id},
}


@contextmanager
def offered(source: FakeSource, **how: Any) -> Iterator[str]:
    """Serve chat completions and tools in a thread, and give the address of the tools."""
    turns = Turns(4)
    with served(samples.asker(), turns=turns, beside=beside(source, turns), **how) as address:
        yield address.removesuffix("/v1") + "/mcp"


@pytest.fixture(scope="module")
def source() -> FakeSource:
    return FakeSource()


@pytest.fixture(scope="module")
def address(source: FakeSource) -> Iterator[str]:
    with offered(source) as address:
        yield address


def with_client(server: Any, work: Callable[[Client], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with Client(server) as client:
            return await work(client)

    return asyncio.run(run())


def call(server: Any, name: str, arguments: dict[str, Any]) -> CallToolResult:
    result: CallToolResult = with_client(server, lambda c: c.call_tool(name, arguments))
    return result


def child() -> StdioServerParameters:
    script = str(Path(__file__).with_name("tools_child.py"))
    return StdioServerParameters(command=sys.executable, args=[script])


def schema(name: str, kind: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SCHEMAS / f"{name}.{kind}.json").read_text("utf-8"))
    return loaded


# --- what is published -----------------------------------------------------------------------


def test_the_published_schemas_are_those_of_the_program(tmp_path: Path) -> None:
    written = {path.name: path.read_text("utf-8") for path in publish(tmp_path)}
    published = {path.name: path.read_text("utf-8") for path in SCHEMAS.iterdir()}
    assert written == published, "run: rag mcp --schemas docs/schemas"


def test_a_client_learns_of_five_tools_and_their_schemas(address: str) -> None:
    listed = with_client(address, lambda client: client.list_tools()).tools
    assert {tool.name for tool in listed} == set(get_args(ToolName)) == set(CALLS)
    for tool in listed:
        assert tool.description
        assert tool.annotations.read_only_hint
        published = {key: v for key, v in schema(tool.name, "result").items() if key != "$schema"}
        assert tool.output_schema == published


def test_a_client_is_told_how_to_read_the_words_of_articles(address: str) -> None:
    async def told(client: Client) -> str | None:
        return client.instructions

    assert NOTICE in with_client(address, told)


# --- what a call gives -----------------------------------------------------------------------


@pytest.mark.parametrize("over", ["http", "stdio"])
def test_every_result_keeps_its_published_schema(address: str, over: str) -> None:
    async def call_all(client: Client) -> dict[str, CallToolResult]:
        return {name: await client.call_tool(name, given) for name, given in CALLS.items()}

    results = with_client(address if over == "http" else child(), call_all)
    for name, result in results.items():
        assert not result.is_error, result.content
        jsonschema.validate(CALLS[name], schema(name, "parameters"))
        jsonschema.validate(result.structured_content, schema(name, "result"))
        assert result.structured_content["notice"] == NOTICE
        assert json.loads(result.content[0].text) == result.structured_content


def test_an_answer_is_that_of_the_command_line(address: str) -> None:
    result = call(address, "ask", CALLS["ask"]).structured_content
    answer = FakeSource().ask(samples.HOW_MANY, filters=Filters(), stop=lambda: False)
    expected = answer_json(answer)
    del expected["timing"]
    assert {key: value for key, value in result.items() if key != "notice"} == expected


def test_a_summary_is_that_of_the_command_line(address: str) -> None:
    result = call(address, "summarize", CALLS["summarize"]).structured_content
    summary = summary_json(FakeSource().summarize(samples.HARBOUR.id, stop=lambda: False))
    for field in ("text", "citations", "origin"):
        assert result["points"][0][field] == summary["points"][0][field]
    assert result["points"][0]["figures"][0]["verdict"] == "exact"
    for field in ("document", "notes", "passages_read", "passages_total", "settings_sha256"):
        assert result[field] == summary[field]


def test_a_table_is_cut_and_says_so(address: str) -> None:
    result = call(address, "figures", {"limit": 2}).structured_content
    assert [row["text"] for row in result["figures"]] == ["46,610", "44,900"]
    assert result["total"] == 13
    assert result["figures"][0]["period"]["first"] == "2031-05-01"


def test_a_draft_is_told_what_contradicts_it(address: str) -> None:
    result = call(address, "check", CALLS["check"]).structured_content
    (claim,) = result["claims"]
    assert (claim["verdict"], result["counts"]["contradicted"]) == ("contradicted", 1)
    assert CALLS["check"]["draft"][claim["start"] : claim["end"]] == "46,611"
    assert claim["sentence"] == CALLS["check"]["draft"]
    assert "46,610" in claim["evidence"][0]["quote"]


def test_a_selection_reaches_the_articles(address: str, source: FakeSource) -> None:
    only = {"documents": ["harbour"], "publishers": ["Coast Courier"], "since": "2031-06-01"}
    assert not call(address, "ask", {"question": "How many?", "only": only}).is_error
    question, filters = source.asked[-1]
    assert (question, filters.documents, filters.publishers) == (
        "How many?",
        ("harbour",),
        ("Coast Courier",),
    )


def test_hostile_articles_stay_text(address: str) -> None:
    result = call(address, "ask", {"question": samples.HOSTILE})
    jsonschema.validate(result.structured_content, schema("ask", "result"))
    assert result.structured_content["citations"][0]["quote"] == "\n".join(samples.NASTY)


# --- what goes wrong -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("summarize", {"document": "ferry"}, "There is no ferry. Run: rag list"),
        ("ask", {}, "question"),
        ("ask", {"question": ""}, "question"),
        ("ask", {"question": "x" * 2001}, "question"),
        ("ask", {"question": "How many?", "only": {"outlet": "x"}}, "outlet"),
        ("figures", {"limit": 0}, "limit"),
        ("check", {"draft": ""}, "draft"),
        ("index", {}, "index"),
    ],
)
def test_an_error_says_what_to_do(
    address: str, name: str, arguments: dict[str, Any], said: str
) -> None:
    result = call(address, name, arguments)
    assert result.is_error
    assert said in str(result.content)


def test_a_mistake_in_the_program_tells_nothing_of_itself(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    result = call(address, "ask", {"question": WRONG})
    assert result.is_error
    assert "secret" not in str(result.content)
    assert "KeyError" in str(result.content)
    assert "secret" in caplog.text


@pytest.mark.timed
def test_a_call_that_nobody_waits_for_is_stopped_within_a_second() -> None:
    source = FakeSource()

    async def impatient(client: Client) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.call_tool("ask", {"question": SLOW}), 0.4)

    with offered(source) as address:
        with_client(address, impatient)
        assert wait_until(lambda: source.stopped == 1) < 1.0


@pytest.mark.parametrize("version", ["2025-06-18", "2025-11-25"])
@pytest.mark.timed
def test_a_client_that_hangs_up_stops_its_call_within_a_second(version: str) -> None:
    source = FakeSource()
    with offered(source) as address:
        connection = slow_call(address, version)
        wait_until(lambda: bool(source.asked))
        connection.close()
        assert wait_until(lambda: source.stopped == 1) < 1.0


def test_chat_and_tools_take_turns() -> None:
    source = FakeSource()
    with offered(source) as address:
        chat = address.removesuffix("/mcp") + "/v1"

        async def slow(client: Client) -> None:
            waiting = asyncio.create_task(client.call_tool("ask", {"question": SLOW}))
            while not source.asked:
                await asyncio.sleep(0.01)
            connection = await asyncio.to_thread(asking, chat, samples.HOW_MANY)
            while (await asyncio.to_thread(request, chat, "GET", "/healthz"))[1]["waiting"] != 1:
                await asyncio.sleep(0.01)
            waiting.cancel()
            response = await asyncio.to_thread(connection.getresponse)
            assert response.status == 200
            connection.close()

        with_client(address, slow)


def test_the_server_ends_although_a_tool_is_at_work() -> None:
    source = FakeSource()
    with offered(source) as address:
        connection = slow_call(address, "2025-06-18")
        wait_until(lambda: bool(source.asked))
        started = time.perf_counter()
    assert time.perf_counter() - started < 5
    assert source.stopped == 1
    connection.close()


def slow_call(address: str, version: str) -> http.client.HTTPConnection:
    """A client that has called and may hang up."""
    place = address.removeprefix("http://").removesuffix("/mcp")
    connection = http.client.HTTPConnection(place, timeout=10)
    headers = {
        "content-type": "application/json",
        "accept": "application/json, text/event-stream",
        "mcp-protocol-version": version,
    }
    params = {"name": "ask", "arguments": {"question": SLOW}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    connection.request("POST", "/mcp", json.dumps(body), headers)
    return connection


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 400),
        ({"origin": "http://evil.example"}, 403),
    ],
)
def test_a_foreign_page_is_refused(address: str, headers: dict[str, str], status: int) -> None:
    assert request(address.removesuffix("/mcp"), "POST", "/mcp", b"{}", headers)[0] == status


def test_the_key_guards_the_tools_too() -> None:
    with offered(FakeSource(), api_key=KEY) as address:
        assert request(address.removesuffix("/mcp"), "POST", "/mcp", b"{}")[0] == 401


def test_without_the_sdk_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "rag.tools.offering", raising=False)
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    with pytest.raises(MissingPartError, match="SDK") as caught:
        beside(FakeSource(), Turns(1))
    assert "citeline[mcp]" in caught.value.hint
