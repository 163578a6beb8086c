"""Address, server and the life of both."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import os
import socket
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from rag.errors import LibraryError, MissingPartError, RagError, UsageError
from rag.ui.asker import Asker
from rag.ui.desk import Desk
from rag.ui.guard import Guard

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

DEFAULT_PORT = 7860
USUAL_PORT = 80
# Ports tried after the one that was asked for.
MORE_PORTS = 20
# A stopped question ends its connection at once; whatever else is open is cut then.
SHUTDOWN_WITHIN_S = 2


def launch(
    asker: Asker,
    *,
    folder: Path,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    open_browser: bool = False,
    on_address: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve the page until Ctrl-C.

    Args:
        asker: answers the questions.
        folder: the library; whatever Gradio writes stays inside.
        host: an address of this machine's own.
        port: 1 to 65535, or 0 for any free one; where it is taken, the next free one.
        open_browser: show the page in the visitor's browser.
        on_address: told the page's address as soon as it can be opened.

    Raises:
        UsageError: the host is no loopback address, or the port no port.
        RagError: no port is free.
        MissingPartError: Gradio is not installed.
    """
    with Site(asker, folder=folder, host=host, port=port) as site:
        on_address(site.address)
        if open_browser:
            webbrowser.open(site.address)
        with contextlib.suppress(KeyboardInterrupt):
            site.run()


class Site:
    """The page at its address, ready to run.

    The address can be opened from the beginning: a browser waits until :meth:`run` answers.

    Args:
        asker, folder, host, port: as for :func:`launch`.
    """

    def __init__(self, asker: Asker, *, folder: Path, host: str, port: int) -> None:
        self._socket = bind(host, port)
        name, self.port = self._socket.getsockname()[:2]
        if self._socket.family == socket.AF_INET6:
            name = f"[{name}]"
        self.address = f"http://{name}:{self.port}/"
        names = {"localhost", "127.0.0.1", "[::1]", name}
        # A browser leaves the port out where it is the usual one.
        ending = "" if self.port == USUAL_PORT else f":{self.port}"
        hosts = frozenset(f"{each}{ending}" for each in names)
        self._desk = Desk(asker)
        try:
            prepare(folder)
            self._server = _server(self._desk, hosts)
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> Self:
        self._desk.open()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._desk.close()

    def run(self) -> None:
        """Serve until :meth:`stop`, or Ctrl-C in the main thread."""
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """End :meth:`run` soon; may be called from any thread."""
        self._server.should_exit = True


def bind(host: str, port: int) -> socket.socket:
    """Take the port, or the next free one.

    Raises:
        UsageError: the host is no loopback address, or the port no port or not to be had.
        RagError: no port is free.
    """
    address = _loopback(host)
    if not 0 <= port <= 65535:
        raise UsageError(f"{port} is no port.", "Give --port a number from 0 to 65535.")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    last = min(port + MORE_PORTS, 65535) if port else 0
    for candidate in range(port, last + 1):
        try:
            return socket.create_server((address, candidate), family=family)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise UsageError(
                    f"The page cannot be served at {address}, port {candidate}: {error.strerror}.",
                    "Give another one with --port, above 1023.",
                ) from error
    raise RagError(
        f"All ports from {port} to {last} are taken; the page was not started.",
        "Give a free one with --port, or 0 for any.",
    )


def prepare(folder: Path) -> None:
    """Tell Gradio, before it is imported, to call nobody and to write into the library only.

    Raises:
        LibraryError: the library cannot be written.
    """
    own = folder / "ui"
    try:
        own.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(
            f"The page cannot make its folder {own}: {error.strerror}.",
            "Make the library's folder writable, or name another library with --library.",
        ) from error
    os.environ.update(
        GRADIO_ANALYTICS_ENABLED="False",
        HF_HUB_OFFLINE="1",
        HF_HUB_DISABLE_TELEMETRY="1",
        GRADIO_TEMP_DIR=str(own),
        # Statistics of its queue, a pandas table after every event, which nobody reads here.
        GRADIO_ANALYTICS_CACHE_FREQUENCY=str(sys.maxsize),
        GRADIO_ANALYTICS_MAX_EVENTS="1",
    )


def _loopback(host: str) -> str:
    if host == "localhost":
        return "127.0.0.1"
    address = host.strip("[]")
    with contextlib.suppress(ValueError):
        if ipaddress.ip_address(address).is_loopback:
            return address
    raise UsageError(
        f"The page is served to this machine only, and {host} is no address of its own: "
        "there is no password, and who can reach the page can read the articles.",
        "Use 127.0.0.1. From another machine: ssh -L 7860:127.0.0.1:7860 THIS-MACHINE",
    )


def _server(desk: Desk, hosts: frozenset[str]) -> uvicorn.Server:
    try:
        import gradio  # noqa: F401 - what follows needs it
        import uvicorn
    except ImportError as error:
        raise MissingPartError(
            f"The page needs Gradio, which is not installed ({error.name} is missing).",
            "Run: pip install 'citeline[ui]'",
        ) from error
    # Inside a running event loop, because outside of one Gradio opens two and leaves them.
    app, stop_streams = asyncio.run(_application(desk))

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # Each open tab holds a connection that would never end by itself.
            desk.stop_all()
            stop_streams()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        Guard(app, hosts),
        log_level="warning",
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=SHUTDOWN_WITHIN_S,
    )
    return Server(config)


async def _application(desk: Desk) -> tuple[FastAPI, Callable[[], None]]:
    """The page with its script, and what ends the connections of open tabs."""
    import gradio as gr
    from fastapi import FastAPI, Response
    from starlette.routing import Mount

    from rag.ui.page import assets, build_page, look

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    script = (assets() / "citeline.js").read_bytes()
    app.get("/citeline.js")(lambda: Response(script, media_type="text/javascript"))
    gr.mount_gradio_app(
        app,
        build_page(desk).queue(api_open=False),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        favicon_path=str(assets() / "icon.svg"),
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        ssr_mode=False,
        **look(),
    )
    mounted: Any = next(route.app for route in app.routes if isinstance(route, Mount))
    return app, mounted.stop_event.set
