"""Articles as files: Markdown with front matter, plain text, web pages, JSON lines."""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

from eval.benchmarks.values import Article, Paragraph, chance

_SHARES = {"md": 0.72, "txt": 0.1, "html": 0.1, "jsonl": 0.08}
_WRAPPED = 0.5
_WIDTH = 76
_END = re.compile(r"[.?!]”?$")


def write_files(articles: Sequence[Article], folder: Path) -> dict[str, str]:
    """Write every article, most to a file of its own, some together as JSON lines.

    Returns:
        The name of the file of each article by its id.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, str] = {}
    records: list[str] = []
    for article in articles:
        kind = chance("format", article.id).choices(list(_SHARES), list(_SHARES.values()))[0]
        if kind == "jsonl":
            files[article.id] = "collected.jsonl"
            records.append(_record(article))
        else:
            files[article.id] = f"{article.id}.{kind}"
            (folder / files[article.id]).write_text(_WRITERS[kind](article), "utf-8")
    if records:
        (folder / "collected.jsonl").write_text("\n".join(records) + "\n", "utf-8")
    return files


def _markdown(article: Article) -> str:
    fields = {"title": article.title, "publisher": article.outlet, "author": article.author}
    stated = "".join(f"{k}: {json.dumps(v, ensure_ascii=False)}\n" for k, v in fields.items())
    front = f"---\n{stated}published: {article.published}\n---\n\n"
    return front + "\n\n".join(f"{_mark(p)}{_joined(p)}" for p in article.paragraphs) + "\n"


def _plain(article: Article) -> str:
    day = f"{article.published:%B} {article.published.day}, {article.published.year}"
    head = f"{article.title}\n\nBy {article.author}, {article.outlet} | {day}"
    paragraphs = [_joined(paragraph) for paragraph in article.paragraphs]
    if chance("wrapped", article.id).random() < _WRAPPED:
        paragraphs = [textwrap.fill(p, _WIDTH, break_on_hyphens=False) for p in paragraphs]
    return "\n\n".join([head, *paragraphs]) + "\n"


def _page(article: Article) -> str:
    def tag(paragraph: Paragraph) -> str:
        name = "h2" if _mark(paragraph) else "p"
        return f"<{name}>{html.escape(_joined(paragraph))}</{name}>"

    title, outlet, author = map(html.escape, (article.title, article.outlet, article.author))
    body = "\n".join(map(tag, article.paragraphs))
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta property="og:site_name" content="{outlet}">
<meta name="author" content="{author}">
<meta property="article:published_time" content="{article.published}T06:00:00Z">
</head><body>
<nav><a href="/">Home</a> <a href="/news">News</a> <a href="/sport">Sport</a></nav>
<article><h1>{title}</h1>
{body}
</article>
<footer><a href="/imprint">Imprint</a> <a href="/privacy">Privacy</a></footer>
</body></html>
"""


def _record(article: Article) -> str:
    fields = {
        "id": article.id,
        "title": article.title,
        "publisher": article.outlet,
        "author": article.author,
        "published": article.published.isoformat(),
        "text": article.text,
    }
    return json.dumps(fields, ensure_ascii=False)


def _joined(paragraph: Paragraph) -> str:
    return " ".join(line.text for line in paragraph)


def _mark(paragraph: Paragraph) -> str:
    """The mark of a heading before what is no sentence."""
    return "" if len(paragraph) > 1 or _END.search(paragraph[0].text) else "## "


_WRITERS: dict[str, Callable[[Article], str]] = {"md": _markdown, "txt": _plain, "html": _page}
