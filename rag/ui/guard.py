"""Who may ask the server, and what a browser may load and run.

A page on this machine can be reached by every page that the visitor's browser has open. So:

- The Host header must be one of ours, or a name that an attacker has pointed to 127.0.0.1 would
  let a foreign page read ours (DNS rebinding).
- A request that a foreign page makes carries its Origin and is refused.
- The Content-Security-Policy lets a browser ask this server only, and run only the scripts that
  the server itself put into the page: each page has a nonce of its own.
- Gradio answers dozens of addresses that this page does not need. Uploads, for one, are written
  to disk unasked. Of its API only what the page uses is let through.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

API = "/gradio_api/"
API_IN_USE = ("queue/", "run/predict", "heartbeat/", "info", "reset", "cancel")
_CLOSED = ("/login", "/logout", "/monitoring")

_POLICY = {
    "default-src": "'none'",
    "style-src": "'self' 'unsafe-inline'",  # Gradio's components set styles on elements
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


class Guard:
    """ASGI middleware around the whole server.

    Args:
        app: what it guards.
        hosts: the values of the Host header that are ours, port included, in lower case.
    """

    def __init__(self, app: App, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on and write the headers of its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if (refusal := self._refusal(scope["path"], headers)) is not None:
            await _refuse(send, *refusal)
            return
        if scope["path"] == "/":
            # The page gets a nonce written into it, which a compressed one could not.
            kept = [pair for pair in scope["headers"] if pair[0].lower() != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        await self._app(scope, receive, _Answer(send).send)

    def _refusal(self, path: str, headers: dict[bytes, str]) -> tuple[int, str] | None:
        host = headers.get(b"host", "").lower()
        if host not in self._hosts:
            return 400, "This page is served to this machine only, under a name of its own."
        origin = headers.get(b"origin")
        if origin is not None and origin.lower() != f"http://{host}":
            return 403, "Other pages may not use this one."
        inner = path.removeprefix(API)
        if path.startswith(_CLOSED) or (inner != path and not inner.startswith(API_IN_USE)):
            return 404, "There is nothing here."
        return None


class _Answer:
    """One answer on its way out; a page is held back until it is whole."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._nonce = secrets.token_urlsafe(16)
        self._page: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *self._headers()]}
            if _is_page(message):
                self._page = message
                return
        elif self._page is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_page(self._page)
            return
        await self._send(message)

    async def _send_page(self, start: Message) -> None:
        nonce = f'<script nonce="{self._nonce}"'.encode()
        body = self._body.replace(b"<script", nonce)
        headers = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        await self._send({**start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})

    def _headers(self) -> list[tuple[bytes, bytes]]:
        policy = {**_POLICY, "script-src": f"'self' 'nonce-{self._nonce}'"}
        text = "; ".join(f"{name} {sources}" for name, sources in policy.items())
        return [
            (b"content-security-policy", text.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
        ]


def _is_page(start: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/html")
        for name, value in start["headers"]
    )


async def _refuse(send: Send, status: int, reason: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": reason.encode()})
