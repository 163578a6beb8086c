"""Where to listen, and the life of the server."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from rag.errors import MissingPartError, UsageError
from rag.server.jobs import Asker, Jobs
from rag.server.metering import Meter
from rag.web import Beside, Turns
from rag.web.address import Names, is_loopback, listen, url_of

if TYPE_CHECKING:
    import uvicorn

DEFAULT_PORT = 8000
MAX_WAITING = 8
"""With 2 to 6 s an answer the last one waits for most of a minute; clients give up later."""
MAX_CONNECTIONS = 100
LEAST_KEY = 16
"""Characters of a key that may be guessed at from the network."""
# A stopped question ends its connection at once; whatever else is open is cut then.
SHUTDOWN_WITHIN_S = 2


def launch(
    asker: Asker,
    *,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    api_key: str | None = None,
    meter: Meter | None = None,
    turns: Turns | None = None,
    beside: Beside | None = None,
    on_address: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve until Ctrl-C.

    Args:
        asker: answers the questions.
        host: an address of this machine; one that others can reach needs a key.
        port: 1 to 65535, or 0 for any free one; where it is taken, the next free one.
        api_key: what clients must send; None or nothing on loopback asks for nothing.
        meter: wraps the asker's chat model, or counts nothing.
        turns: the line in which questions wait, where something else uses the chat model too.
        beside: more addresses, which the key guards too.
        on_address: told what to give a client as its ``base_url``.

    Raises:
        UsageError: others could reach the host and there is no key, or a short one; or host
            and port are not to be had.
        RagError: no port is free.
        MissingPartError: FastAPI or uvicorn is not installed.
    """
    with Site(
        asker, host=host, port=port, api_key=api_key, meter=meter, turns=turns, beside=beside
    ) as site:
        on_address(site.address)
        with contextlib.suppress(KeyboardInterrupt):
            site.run()


class Site:
    """The server at its address, ready to run; what is asked before :meth:`run` waits.

    Args:
        asker, host, port, api_key, meter, turns, beside: as for :func:`launch`.
    """

    def __init__(
        self,
        asker: Asker,
        *,
        host: str,
        port: int,
        api_key: str | None = None,
        meter: Meter | None = None,
        turns: Turns | None = None,
        beside: Beside | None = None,
    ) -> None:
        api_key = api_key or None
        require_key(host, api_key)
        self._jobs = Jobs(asker, turns=turns or Turns(MAX_WAITING), meter=meter or Meter())
        self._socket = listen(host, port)
        self.address = f"{url_of(self._socket)}v1"
        try:
            self._server = _server(self._jobs, Names.of(self._socket, host), api_key, beside)
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> Self:
        self._jobs.warm()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._jobs.close()

    def run(self) -> None:
        """Serve until :meth:`stop`, or Ctrl-C in the main thread."""
        self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """End :meth:`run` soon; may be called from any thread."""
        self._server.should_exit = True


def require_key(host: str, api_key: str | None) -> None:
    """Let nobody else reach the articles without a key that is hard to guess.

    Raises:
        UsageError: others could reach the host, and there is no key or a short one.
    """
    if is_loopback(host):
        return
    if api_key is None:
        raise UsageError(
            f"Others could reach {host or 'that host'} and read the articles: it needs a key.",
            "Give --api-key-file FILE or set RAG_API_KEY; without --host nobody else reaches it.",
        )
    if len(api_key) < LEAST_KEY or not api_key.isascii():
        raise UsageError(
            f"The key can be guessed or cannot be sent: {LEAST_KEY} ASCII characters are needed.",
            "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe())'",
        )


def _server(jobs: Jobs, names: Names, api_key: str | None, beside: Beside | None) -> uvicorn.Server:
    try:
        import uvicorn

        from rag.server.app import build_app
        from rag.server.gate import Gate
    except ImportError as error:
        raise MissingPartError(
            f"The server needs FastAPI and uvicorn ({error.name} is missing).",
            "Run: pip install 'citeline[serve]'",
        ) from error

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # A client that waits for its answer would keep its connection open.
            jobs.stop_all()
            await super().shutdown(sockets)

    config = uvicorn.Config(
        Gate(build_app(jobs, beside), names, api_key),
        log_level="warning",
        ws="none",
        lifespan="on",
        server_header=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=SHUTDOWN_WITHIN_S,
    )
    return Server(config)
