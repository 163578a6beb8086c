"""Who may ask the server, and what a browser may load and run.

A page on this machine can be reached by every page that the visitor's browser has open. So:

- Host and Origin are looked at, as for every server here (:mod:`rag.web.guard`).
- The Content-Security-Policy lets a browser ask this server only, and run only the scripts that
  the server itself put into the page: each page has a nonce of its own.
- Where there are logins, every single request needs one (:mod:`rag.web.logins`).
- Gradio answers dozens of addresses that this page does not need. Of its API only what the page
  uses is let through, and uploads only where there is room (:mod:`rag.ui.uploads`).
"""

from __future__ import annotations

import secrets
from collections.abc import Container

from rag.ui.uploads import Uploads
from rag.web import App, Message, Receive, Send, headers_of, refusal_of, refuse
from rag.web.logins import WITHIN_S, Guesses, Logins

API = "/gradio_api/"
API_IN_USE = ("queue/", "run/predict", "heartbeat/", "info", "reset", "cancel")
_UPLOAD = f"{API}upload"
# A browser says so of a picture or script that another page asks for, which has no Origin.
_FOREIGN = frozenset({"cross-site", "same-site"})
_CHALLENGE = (b"www-authenticate", b'Basic realm="citeline", charset="UTF-8"')
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
        hosts: the values of the Host header that are ours, in lower case.
        uploads: the room for them; None: there is none.
        logins: one of which every request needs; None asks for none.
    """

    def __init__(
        self,
        app: App,
        hosts: Container[str],
        uploads: Uploads | None = None,
        logins: Logins | None = None,
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._uploads = uploads
        self._logins = logins
        self._guesses = Guesses()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on and write the headers of its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = headers_of(scope)
        if (refusal := refusal_of(headers, self._hosts)) is not None:
            await refuse(send, *refusal)
            return
        if (stranger := self._stranger(scope, headers)) is not None:
            status, reason, more = stranger
            await refuse(send, status, reason, headers=(more,))
            return
        if (closed := self._closed(scope["path"], headers)) is not None:
            await refuse(send, *closed)
            return
        if scope["path"] == "/":
            # The page gets a nonce written into it, which a compressed one could not.
            kept = [pair for pair in scope["headers"] if pair[0].lower() != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        await self._app(scope, receive, _Answer(send).send)

    def _stranger(
        self, scope: Message, headers: dict[bytes, str]
    ) -> tuple[int, str, tuple[bytes, bytes]] | None:
        """Status, reason and header where nobody is known to ask, else None."""
        if self._logins is None:
            return None
        who = (scope.get("client") or ("",))[0]
        if self._guesses.spent(who):
            wait = (b"retry-after", str(int(WITHIN_S)).encode())
            return 429, "Too many wrong passwords came from there. Try again in a minute.", wait
        given = headers.get(b"authorization")
        if given in self._logins:
            return None
        if given is not None:  # a browser asks without one first, which is no guess
            self._guesses.wrong(who)
        return 401, "A name and a password are needed.", _CHALLENGE

    def _closed(self, path: str, headers: dict[bytes, str]) -> tuple[int, str] | None:
        if headers.get(b"sec-fetch-site") in _FOREIGN and (
            headers.get(b"sec-fetch-mode") != "navigate"
        ):
            return 403, "Other pages may not use this one."
        if self._uploads is not None and path == _UPLOAD:
            return self._uploads.refusal(headers)
        if self._uploads is not None and path == f"{_UPLOAD}_progress":
            return None
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
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"referrer-policy", b"no-referrer"),
        ]


def _is_page(start: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/html")
        for name, value in start["headers"]
    )
