from __future__ import annotations

import asyncio
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from rag.ui.guard import Guard
from rag.ui.uploads import Uploads
from rag.web import Message, Receive, Send
from rag.web.logins import GUESSES, Logins

HOSTS = frozenset({"localhost:7860", "127.0.0.1:7860", "[::1]:7860"})
PAGE = b'<html><script>1</script><script src="a.js"></script></html>'


async def site(scope: Message, receive: Receive, send: Send) -> None:
    """A page in two pieces, and a stream beside it."""
    page = scope["path"] == "/"
    kind = b"text/html; charset=utf-8" if page else b"text/event-stream"
    headers = [(b"content-type", kind), (b"x-asked", str(scope["headers"]).encode())]
    if page:
        headers.append((b"Content-Length", str(len(PAGE)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": PAGE[:20], "more_body": True})
    await send({"type": "http.response.body", "body": PAGE[20:]})


def ask(
    path: str = "/", uploads: Uploads | None = None, guard: Guard | None = None, **headers: str
) -> tuple[int, dict[str, str], list[bytes]]:
    """Status, headers and pieces of the body of an answer."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    given = {"host": "127.0.0.1:7860", **headers}
    scope: dict[str, Any] = {
        "type": "http",
        "path": path,
        "client": ("10.0.0.7", 5000),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in given.items()],
    }
    asyncio.run((guard or Guard(site, HOSTS, uploads))(scope, receive, send))
    start, *bodies = sent
    answered = {name.decode().lower(): value.decode() for name, value in start["headers"]}
    return start["status"], answered, [body["body"] for body in bodies]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:7860", 200),
        ("LOCALHOST:7860", 200),
        ("[::1]:7860", 200),
        ("127.0.0.1", 400),
        ("127.0.0.1:7861", 400),
        ("evil.example:7860", 400),
        ("127.0.0.1.evil.example:7860", 400),
        ("", 400),
    ],
)
def test_only_our_own_names_are_answered(host: str, status: int) -> None:
    assert ask(host=host)[0] == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:7860", 200),
        ("http://localhost:7860", 403),
        ("http://127.0.0.1:9999", 403),
        ("https://evil.example", 403),
        ("null", 403),
    ],
)
def test_other_pages_are_refused(origin: str, status: int) -> None:
    assert ask(origin=origin)[0] == status


def guarded() -> Guard:
    return Guard(site, HOSTS, logins=Logins.of(["ada:the right one"]))


def basic(login: str) -> str:
    return f"Basic {b64encode(login.encode()).decode()}"


@pytest.mark.parametrize(
    "path", ["/", "/figures.csv", "/gradio_api/queue/data", "/mcp", "/nowhere"]
)
def test_every_address_asks_for_the_password(path: str) -> None:
    status, headers, _ = ask(path, guard=guarded())
    assert status == 401
    assert headers["www-authenticate"].startswith("Basic ")
    assert ask(path, guard=guarded(), authorization=basic("ada:another"))[0] == 401
    assert ask(path, guard=guarded(), authorization=basic("ada:the right one"))[0] == 200


def test_a_foreign_name_or_page_is_refused_with_the_password_too() -> None:
    right = basic("ada:the right one")
    assert ask(guard=guarded(), authorization=right, host="evil.example")[0] == 400
    assert ask(guard=guarded(), authorization=right, origin="http://evil.example")[0] == 403


def test_after_too_many_wrong_passwords_the_right_one_has_to_wait() -> None:
    guard, right = guarded(), basic("ada:the right one")
    for _ in range(GUESSES):
        assert ask(guard=guard)[0] == 401  # a browser's first request is no guess
        assert ask(guard=guard, authorization=right)[0] == 200
        assert ask(guard=guard, authorization=basic("ada:wrong"))[0] == 401
    status, headers, _ = ask(guard=guard, authorization=right)
    assert (status, headers["retry-after"]) == (429, "60")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/gradio_api/queue/join", 200),
        ("/gradio_api/heartbeat/abc", 200),
        ("/gradio_api/run/predict", 200),
        ("/assets/index.js", 200),
        ("/gradio_api/upload", 404),
        ("/gradio_api/file=/etc/passwd", 404),
        ("/gradio_api/proxy=http://evil.example/", 404),
        ("/gradio_api/call/ask", 404),
        ("/gradio_api/deep_link", 404),
        ("/gradio_api/vibe-code", 404),
        ("/monitoring/summary", 404),
    ],
)
def test_of_gradios_addresses_only_those_in_use_are_open(path: str, status: int) -> None:
    assert ask(path)[0] == status


@pytest.mark.parametrize(
    ("site", "mode", "status"),
    [
        ("cross-site", "no-cors", 403),
        ("same-site", "no-cors", 403),
        ("cross-site", "navigate", 200),
        ("same-origin", "no-cors", 200),
        ("none", "navigate", 200),
    ],
)
def test_no_other_page_may_show_what_is_here(site: str, mode: str, status: int) -> None:
    assert ask("/figures.png", sec_fetch_site=site, sec_fetch_mode=mode)[0] == status


def test_an_upload_is_let_through_where_there_is_room(tmp_path: Path) -> None:
    upload, room = "/gradio_api/upload", Uploads(tmp_path)
    assert ask(upload)[0] == 404
    assert ask(upload, room)[0] == 411
    assert ask(upload, room, content_length="1000")[0] == 200
    assert ask(upload, room, content_length="9" * 12)[0] == 413
    assert ask(upload, room, content_length="1000", origin="http://evil.example")[0] == 403
    assert ask("/gradio_api/upload_progress", room)[0] == 200
    assert ask("/gradio_api/uploads", room)[0] == 404


def test_each_page_has_a_nonce_of_its_own_on_every_script() -> None:
    _, headers, body = ask(accept_encoding="br")
    nonce = headers["content-security-policy"].split("'nonce-")[1].split("'")[0]
    assert body[0].count(f'<script nonce="{nonce}"'.encode()) == body[0].count(b"<script") == 2
    assert int(headers["content-length"]) == len(body[0])
    assert "accept-encoding" not in headers["x-asked"]
    assert nonce not in ask()[1]["content-security-policy"]


def test_the_policy_names_no_other_host_and_no_way_around_it() -> None:
    policy = ask()[1]["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    assert "*" not in policy
    scripts = policy.split("script-src ")[1].split(";")[0]
    assert "unsafe" not in scripts
    assert "data:" not in scripts


def test_a_stream_is_passed_on_piece_by_piece() -> None:
    _, headers, body = ask("/gradio_api/queue/data", accept_encoding="br")
    assert body == [PAGE[:20], PAGE[20:]]
    assert "accept-encoding" in headers["x-asked"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
