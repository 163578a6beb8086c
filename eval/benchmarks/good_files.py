"""Good files of every format, each in several variants."""

from __future__ import annotations

import io
import json
import textwrap
from collections.abc import Callable

from eval.benchmarks.manifest import Folder, article, fact


def write_good(folder: Folder, n_files: int) -> None:
    """Write ``n_files`` articles, formats and variants in turn."""
    for number in range(n_files):
        write = _VARIANTS[number % len(_VARIANTS)]
        write(folder, folder.next_number(), number)


def _txt(encode: Callable[[str], bytes]) -> Callable[[Folder, int, int], None]:
    def write(folder: Folder, n: int, number: int) -> None:
        folder.file("good txt", f"good/{number:03}.txt", encode(article(n)), holds=(fact(n),))

    return write


def _wrapped(text: str) -> bytes:
    # One paragraph: of two or three short lines nobody can tell that they were wrapped.
    return textwrap.fill(" ".join(text.split()), 72).encode()


def _md(before: str, heading: str) -> Callable[[Folder, int, int], None]:
    def write(folder: Folder, n: int, number: int) -> None:
        title, *rest = article(n).split("\n\n")
        text = "\n\n".join([heading.format(title=title), *rest, "> A *quote* with [a link](x)."])
        data = f"{before.format(n=n)}{text}\n"
        folder.file(
            "good md", f"good/{number:03}.md", data, holds=(fact(n), "A quote with a link.")
        )

    return write


def _html(head: str) -> Callable[[Folder, int, int], None]:
    def write(folder: Folder, n: int, number: int) -> None:
        title, *rest = article(n, paragraphs=9).split("\n\n")
        body = "".join(f"<p>{line}</p>" for line in rest)
        page = (
            f"<!doctype html><html><head><title>{title}</title>{head}</head><body><nav>Home</nav>"
            f"<article><h1>{title}</h1>{body}</article><footer>Imprint</footer></body></html>"
        )
        folder.file("good html", f"good/{number:03}.html", page, holds=(fact(n),), lacks="Imprint")

    return write


def _pdf(*, n_pages: int = 1, locked: bool = False) -> Callable[[Folder, int, int], None]:
    def write(folder: Folder, n: int, number: int) -> None:
        import pypdf
        from reader_files import pdf_bytes

        lines = article(n).split("\n\n")
        data = pdf_bytes([[*lines, f"{page}"] for page in range(1, n_pages + 1)])
        if locked:  # against editing only
            writer = pypdf.PdfWriter(io.BytesIO(data))
            writer.encrypt("", owner_password="owner", algorithm="RC4-128")  # noqa: S106
            buffer = io.BytesIO()
            writer.write(buffer)
            data = buffer.getvalue()
        folder.file("good pdf", f"good/{number:03}.pdf", data, holds=(fact(n),))

    return write


def _docx(*, table: bool = False, tracked: bool = False) -> Callable[[Folder, int, int], None]:
    def write(folder: Folder, n: int, number: int) -> None:
        from reader_checks import with_parts, word_of
        from reader_files import docx_bytes

        title, *rest = article(n).split("\n\n")
        rows = [["Month", "Loaves"], ["May", f"{n * 1_013:,}"]] if table else []
        data = with_parts(docx_bytes([(title, "Title"), *rest], rows), {})
        if tracked:
            run = "<w:r><w:t xml:space='preserve'>%s</w:t></w:r>"
            first, last = fact(n).split(" sold ")
            parts = (run % f"{first} ", f"<w:ins>{run % 'sold '}</w:ins>", run % last)
            data = word_of(f"<w:p>{''.join(parts)}</w:p>".encode())
        holds = (fact(n), *(["May | "] if table else []))
        folder.file("good docx", f"good/{number:03}.docx", data, holds=holds)

    return write


def _json(shape: str) -> Callable[[Folder, int, int], None]:
    def write(folder: Folder, n: int, number: int) -> None:
        records = [{"id": f"r{n}-{i}", "title": f"Shop {n}", "text": article(n)} for i in (1, 2)]
        data = {
            "object": json.dumps(records[0], indent=1),
            "list": json.dumps(records),
            "export": json.dumps({"count": 2, "articles": records}, ensure_ascii=False),
            "lines": "\n".join(map(json.dumps, records)),
        }[shape]
        ending = "jsonl" if shape == "lines" else "json"
        folder.file(
            f"good {ending}",
            f"good/{number:03}.{ending}",
            data,
            holds=(fact(n),),
            documents=1 if shape == "object" else 2,
        )

    return write


_MATTER = "---\ntitle: Bakery {n}\npublisher: Example Herald\ndate: 2024-06-05\n---\n"
_DATE = '<meta property="article:published_time" content="2024-06-05T10:00Z">'
_LINKED = '<script type="application/ld+json">{"datePublished": "2024-06-05"}</script>'

_VARIANTS: tuple[Callable[[Folder, int, int], None], ...] = (
    _txt(str.encode),
    _md(_MATTER, "# {title}"),
    _html(_DATE),
    _pdf(),
    _docx(),
    _json("object"),
    _json("lines"),
    _txt(_wrapped),
    _md("", "{title}\n======"),
    _html(_LINKED),
    _pdf(n_pages=3),
    _docx(table=True),
    _json("list"),
    _json("lines"),
    _txt(lambda text: text.replace("\n", "\r\n").encode("utf-16")),
    _md("", "## {title} ##"),
    _html('<meta charset="utf-8">'),
    _pdf(locked=True),
    _docx(tracked=True),
    _json("export"),
    _json("lines"),
    _txt(lambda text: f"date 2024-06-05 By Ann Ray, Example Herald\n{text}".encode("utf-8-sig")),
)
