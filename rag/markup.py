"""HTML in which text stays text: what is not said to be HTML is escaped.

Articles, questions and answers are the words of others. Behind the escaping stands the page's
Content-Security-Policy, which lets nothing run or load but what the page itself brings.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape

# Control characters, those that turn the direction of what stands around them, and halves of
# characters, which cannot be written as UTF-8.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_EMPTY = frozenset({"meta", "input"})


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: str | int | None) -> Html:
    """Return an element; children are escaped unless they are :class:`Html`.

    Args:
        name: of the element.
        children: one after the other.
        attributes: ``class_`` is class, and ``_`` within a name is a hyphen; None leaves one out,
            an empty text writes the name alone.

    >>> tag("p", "1 < 2", tag("b", "&"), class_="x")
    '<p class="x">1 &lt; 2<b>&amp;</b></p>'
    """
    words = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _EMPTY:
        return Html(f"<{name}{words}>")
    return Html(f"<{name}{words}>{joined(*children)}</{name}>")


def joined(*children: str) -> Html:
    """Return pieces one after the other; what is no :class:`Html` is escaped."""
    return Html("".join(c if isinstance(c, Html) else text(c) for c in children))


def text(words: str) -> Html:
    """Return words of others as text."""
    return Html(escape(UNSEEN.sub("\ufffd", words)))


def _attribute(key: str, value: str | int | None) -> str:
    if value is None:
        return ""
    name = key.removesuffix("_").replace("_", "-")
    return f' {name}="{text(str(value))}"' if value != "" else f" {name}"


def whole_page(title: str, *, style: Html, script: Html, body: Html) -> str:
    """Return a page that needs nothing else: no server, no network.

    Nothing in it may run or be loaded but this style and this script, by their sums.
    """
    policy = (
        f"default-src 'none'; style-src '{_sum(style)}'; script-src '{_sum(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("style", style),
    )
    whole = tag("html", head, tag("body", tag("main", body), tag("script", script)), lang="en")
    return f"<!doctype html>\n{whole}\n"


def _sum(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
