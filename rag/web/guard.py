"""Who may ask a server of this machine.

Every page that a browser has open can reach a server on the same machine. So:

- The Host header must be one of ours, or a name that an attacker has pointed to 127.0.0.1 would
  let a foreign page read ours (DNS rebinding).
- A request that a foreign page makes carries its Origin and is refused.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Container, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


def headers_of(scope: Message) -> dict[bytes, str]:
    """The headers of a request by name in lower case."""
    return {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}


def refusal_of(headers: dict[bytes, str], hosts: Container[str]) -> tuple[int, str] | None:
    """Status and reason where a request is not for us or comes from a foreign page, else None.

    Args:
        headers: of the request, as :func:`headers_of` gives them.
        hosts: the values of the Host header that are ours, in lower case.
    """
    host = headers.get(b"host", "").lower()
    if host not in hosts:
        return 400, "This is served under names of its own only, and that is none of them."
    origin = headers.get(b"origin")
    if origin is not None and origin.lower() != f"http://{host}":
        return 403, "Other pages may not use this one."
    return None


async def refuse(
    send: Send,
    status: int,
    body: str,
    *,
    media_type: str = "text/plain; charset=utf-8",
    headers: tuple[tuple[bytes, bytes], ...] = (),
) -> None:
    """Answer a request that goes no further."""
    data = body.encode()
    own = [(b"content-type", media_type.encode()), (b"content-length", str(len(data)).encode())]
    await send(
        {"type": "http.response.start", "status": status, "headers": [*own, *headers]},
    )
    await send({"type": "http.response.body", "body": data})
