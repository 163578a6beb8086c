"""Who may ask, with which key, and how much a request may carry."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Container

from rag.schema import JSON
from rag.server.replies import error_json
from rag.web import App, Message, Receive, Send, headers_of, refusal_of, refuse

OPEN_PATHS = frozenset({"/healthz"})
"""Need no key: a supervisor asks them."""
MAX_BODY_BYTES = 1_000_000
"""A conversation of a thousand turns fits; the articles need not be sent along."""
BODY_WITHIN_S = 30.0


class Gate:
    """ASGI middleware around the whole server.

    Args:
        app: what it guards.
        hosts: the values of the Host header that are ours, in lower case.
        api_key: what a client must send as ``Authorization: Bearer …``; None asks for nothing.
    """

    def __init__(self, app: App, hosts: Container[str], api_key: str | None) -> None:
        self._app = app
        self._hosts = hosts
        self._api_key = api_key

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on with its whole body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = headers_of(scope)
        if (refusal := refusal_of(headers, self._hosts)) is not None:
            status, reason = refusal
            await _refuse(send, status, error_json(reason, "invalid_request_error", code="origin"))
        elif scope["path"] not in OPEN_PATHS and not self._has_key(headers):
            message = "A key is needed: Authorization: Bearer KEY, as the server was started with."
            body = error_json(message, "invalid_request_error", code="invalid_api_key")
            await _refuse(send, 401, body, (b"www-authenticate", b"Bearer"))
        else:
            await self._with_body(scope, receive, send, headers)

    def _has_key(self, headers: dict[bytes, str]) -> bool:
        if self._api_key is None:
            return True
        scheme, _, given = headers.get(b"authorization", "").partition(" ")
        same = hmac.compare_digest(given.strip().encode(), self._api_key.encode())
        return same and scheme.lower() == "bearer"

    async def _with_body(
        self, scope: Message, receive: Receive, send: Send, headers: dict[bytes, str]
    ) -> None:
        try:
            async with asyncio.timeout(BODY_WITHIN_S):
                body = await _read(receive, headers)
        except TimeoutError:
            late = error_json("The request did not come to its end.", "timeout", code="timeout")
            await _refuse(send, 408, late, (b"connection", b"close"))
            return
        if body is None:
            message = f"A request may carry {MAX_BODY_BYTES} bytes."
            long = error_json(message, "invalid_request_error", code="request_too_large")
            await _refuse(send, 413, long, (b"connection", b"close"))
            return
        await self._app(scope, _Replayed(body, receive).receive, send)


class _Replayed:
    """A body that was read already, and after it what else comes: that the client has gone."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def receive(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def _read(receive: Receive, headers: dict[bytes, str]) -> bytes | None:
    """The whole body; None where it is too long, of which no more than that is read."""
    announced = headers.get(b"content-length", "0")
    if announced.isdigit() and int(announced) > MAX_BODY_BYTES:
        return None
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            return None
        more = message.get("more_body", False)
    return bytes(body)


async def _refuse(send: Send, status: int, body: JSON, *headers: tuple[bytes, bytes]) -> None:
    text = json.dumps(body, ensure_ascii=False)
    await refuse(send, status, text, media_type="application/json", headers=headers)
