"""One article in every format that can be uploaded; all of it invented."""

from __future__ import annotations

import json
from pathlib import Path

from reader_files import docx_bytes, pdf_bytes

FORMATS = ("txt", "md", "html", "pdf", "docx", "json", "jsonl")


def sentence(kind: str) -> str:
    """What the article of a format says."""
    return f"The quay of {kind.capitalize()} counted {1000 + FORMATS.index(kind):,} ships in May."


def article(kind: str) -> bytes:
    """A file with one article whose text names its format."""
    title, text = f"Ships at {kind}", sentence(kind)
    record = {"title": title, "text": text, "published": "2031-06-21", "publisher": "Courier"}
    page = f"<html><title>{title}</title><article><h1>{title}</h1><p>{text}</p></article></html>"
    files: dict[str, str | bytes] = {
        "txt": f"{title}\n\n{text}\n",
        "md": f"---\ntitle: {title}\n---\n\n{text}\n",
        "html": page,
        "pdf": pdf_bytes([[title, "", text]], {"Title": title}),
        "docx": docx_bytes([(title, "Title"), text]),
        "json": json.dumps(record),
        "jsonl": json.dumps(record) + "\n",
    }
    content = files[kind]
    return content if isinstance(content, bytes) else content.encode()


def write(folder: Path) -> list[Path]:
    """One file of each format."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"ships-{kind}.{kind}" for kind in FORMATS]
    for path, kind in zip(paths, FORMATS, strict=True):
        path.write_bytes(article(kind))
    return paths
