"""The tools over standard input and output, or beside a server's own addresses."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import MissingPartError
from rag.tools.desk import MAX_WAITING, Desk, Source
from rag.web import Beside, Turns

if TYPE_CHECKING:
    from mcp.server import MCPServer

PATH = "/mcp"


def serve_stdio(source: Source) -> None:
    """Serve one client over standard input and output until it hangs up.

    Args:
        source: what the tools ask.

    Raises:
        MissingPartError: the SDK is not installed.
    """
    desk = Desk(source, Turns(MAX_WAITING))
    server = _server(desk)
    desk.warm()
    try:
        server.run("stdio")
    finally:
        desk.close()


def beside(source: Source, turns: Turns) -> Beside:
    """Return the tools as routes for another server, which guards them.

    Args:
        source: what the tools ask.
        turns: the line of that server's own questions.

    Raises:
        MissingPartError: the SDK is not installed.
    """
    desk = Desk(source, turns)
    server = _server(desk)
    from mcp.server.transport_security import TransportSecuritySettings

    app = server.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,
        # Whoever takes up the routes looks at Host and Origin for all of its addresses.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        try:
            async with server.session_manager.run():
                yield
        finally:
            desk.close()

    return Beside(PATH, app.routes, running)


def publish(folder: Path) -> tuple[Path, ...]:
    """Write the JSON schemas of the tools' parameters and results, two files a tool.

    Raises:
        MissingPartError: the SDK is not installed.
    """
    import anyio

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for tool in anyio.run(_server(_nowhere()).list_tools):
        for kind, schema in (("parameters", tool.input_schema), ("result", tool.output_schema)):
            path = folder / f"{tool.name}.{kind}.json"
            path.write_text(_dialect(schema), encoding="utf-8")
            written.append(path)
    return tuple(written)


def _dialect(schema: dict[str, Any] | None) -> str:
    named = {"$schema": "https://json-schema.org/draft/2020-12/schema", **(schema or {})}
    return json.dumps(named, ensure_ascii=False, indent=2) + "\n"


def _nowhere() -> Desk:
    """A desk that is never asked, to say what the tools are."""
    return Desk(None, Turns(0))  # type: ignore[arg-type]


def _server(desk: Desk) -> MCPServer:
    try:
        from rag.tools.offering import offer
    except ImportError as error:
        raise MissingPartError(
            f"The tools need the MCP SDK ({error.name} is missing).",
            "Run: pip install 'citeline[mcp]'",
        ) from error
    return offer(desk)
