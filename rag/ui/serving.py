"""Address, server and the life of both."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from rag.errors import LibraryError, MissingPartError, UsageError
from rag.ui.asker import Asker
from rag.ui.desk import Desk
from rag.ui.guard import Guard
from rag.ui.uploads import MAX_UPLOAD_BYTES, Uploads
from rag.web import Beside, Turns, lifespan_of
from rag.web.address import Names, is_loopback, listen, url_of
from rag.web.logins import LEAST_PASSWORD, Logins

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

DEFAULT_PORT = 7860
OWN = "ui"
"""Folder in the library for what Gradio writes."""
# A stopped question ends its connection at once; whatever else is open is cut then.
SHUTDOWN_WITHIN_S = 2


def launch(
    asker: Asker,
    *,
    folder: Path,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    open_browser: bool = False,
    turns: Turns | None = None,
    beside: Beside | None = None,
    logins: Logins | None = None,
    on_address: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve the page until Ctrl-C.

    Args:
        asker: answers the questions.
        folder: the library; whatever Gradio writes stays inside.
        host: an address of this machine; one that others can reach needs logins.
        port: 1 to 65535, or 0 for any free one; where it is taken, the next free one.
        open_browser: show the page in the visitor's browser.
        turns: the line in which visitors wait, where something else uses the model too.
        beside: more addresses, which the page's guard guards too.
        logins: who may open it; None lets everybody who can reach it.
        on_address: told the page's address as soon as it can be opened.

    Raises:
        UsageError: others can reach the host and there is no login, or a short password; or host
            and port are not to be had.
        RagError: no port is free.
        MissingPartError: Gradio is not installed.
    """
    with Site(
        asker, folder=folder, host=host, port=port, turns=turns, beside=beside, logins=logins
    ) as site:
        on_address(site.address)
        if open_browser:
            webbrowser.open(site.address)
        with contextlib.suppress(KeyboardInterrupt):
            site.run()


class Site:
    """The page at its address, ready to run.

    The address can be opened from the beginning: a browser waits until :meth:`run` answers.

    Args:
        asker, folder, host, port, turns, beside, logins: as for :func:`launch`.
    """

    def __init__(
        self,
        asker: Asker,
        *,
        folder: Path,
        host: str,
        port: int,
        turns: Turns | None = None,
        beside: Beside | None = None,
        logins: Logins | None = None,
    ) -> None:
        require_logins(host, logins)
        self._socket = listen(host, port)
        self.address = url_of(self._socket)
        names = Names.of(self._socket, host)
        self.port = names.port
        self._desk = Desk(asker, turns)
        try:
            prepare(folder)
            guarded = Guarded(names, logins)
            self._server = _server(self._desk, guarded, folder, beside)
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


@dataclass(frozen=True, slots=True)
class Guarded:
    """What the page's guard goes by."""

    names: Names
    logins: Logins | None


def require_logins(host: str, logins: Logins | None) -> None:
    """Let nobody else reach the articles without a password that is hard to guess.

    Raises:
        UsageError: others can reach the host, and there is no login or a short password.
    """
    if is_loopback(host):
        return
    if logins is None:
        raise UsageError(
            f"Others could open the page at {host or 'that host'} and read and change the "
            "articles: it needs a password, and there is none.",
            "Write user:password into a file and give it with --auth-file FILE, or leave --host "
            "out. From one other machine: ssh -L 7860:127.0.0.1:7860 THIS-MACHINE",
        )
    if logins.shortest < LEAST_PASSWORD:
        raise UsageError(
            f"A password has {logins.shortest} characters and can be guessed: {LEAST_PASSWORD} "
            "are needed where others can reach the page.",
            "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe())'",
        )


def prepare(folder: Path) -> None:
    """Tell Gradio, before it is imported, to call nobody and to write into the library only.

    Raises:
        LibraryError: the library cannot be written.
    """
    own = folder / OWN
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


def _server(desk: Desk, guarded: Guarded, folder: Path, beside: Beside | None) -> uvicorn.Server:
    try:
        import gradio  # noqa: F401 - what follows needs it
        import uvicorn
    except ImportError as error:
        raise MissingPartError(
            f"The page needs Gradio, which is not installed ({error.name} is missing).",
            "Run: pip install 'citeline[ui]'",
        ) from error
    # Inside a running event loop, because outside of one Gradio opens two and leaves them.
    app, stop_streams = asyncio.run(_application(desk, folder, beside))
    uploads = Uploads(folder / OWN)
    uploads.sweep()

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # Each open tab holds a connection that would never end by itself.
            desk.stop_all()
            stop_streams()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        Guard(app, guarded.names, uploads, guarded.logins),
        log_level="warning",
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=SHUTDOWN_WITHIN_S,
    )
    return Server(config)


async def _application(
    desk: Desk, folder: Path, beside: Beside | None
) -> tuple[FastAPI, Callable[[], None]]:
    """The page with its script, and what ends the connections of open tabs."""
    import gradio as gr
    from fastapi import FastAPI, Response
    from starlette.routing import Mount

    from rag.ui.downloads import add_routes
    from rag.ui.page import assets, build_page, look

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan_of(beside))
    app.router.routes.extend(beside.routes if beside else ())
    script = (assets() / "citeline.js").read_bytes()
    app.get("/citeline.js")(lambda: Response(script, media_type="text/javascript"))
    add_routes(app, desk)
    gr.mount_gradio_app(
        app,
        build_page(desk, folder).queue(api_open=False),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=MAX_UPLOAD_BYTES,
        favicon_path=str(assets() / "icon.svg"),
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        ssr_mode=False,
        **look(),
    )
    mounted: Any = next(route.app for route in app.routes if isinstance(route, Mount))
    return app, mounted.stop_event.set
