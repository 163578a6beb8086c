"""Files that are broken, or made to break what reads them."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import stat
import sys
from contextlib import suppress
from pathlib import Path

from eval.benchmarks.manifest import Fate, Folder, article, fact

TESTS = Path(__file__).resolve().parents[2] / "tests"
_ENDINGS = (".txt", ".md", ".html", ".pdf", ".docx", ".json", ".jsonl")


def write_hostile(folder: Folder) -> None:
    """Write every kind, where this system has it."""
    sys.path[:0] = [] if str(TESTS) in sys.path else [str(TESTS)]
    for write in (_empty, _binary, _large, _encodings, _invisible, _records, _pages):
        write(folder)
    for write in (_pdfs, _word_files, _names, _no_files, _locked):
        write(folder)


def _empty(folder: Folder) -> None:
    for ending in _ENDINGS:
        folder.refuse("empty", f"empty{ending}", b"", "It is empty")
        folder.refuse("whitespace only", f"blank{ending}", b" \n\t\r\n" * 100, "It is empty")
    folder.refuse("markup without text", "marks.md", "---\ntitle: a\n---\n> \n***\n", "no text")


def _binary(folder: Folder) -> None:
    noise = random.Random(1).randbytes(100_000)  # noqa: S311
    for ending in (".txt", ".md", ".html", ".json", ".jsonl"):
        folder.refuse("binary under a text name", f"noise{ending}", noise, "It is binary")
    folder.refuse("NUL bytes", "nul.txt", b"It rained 12\0 mm.\n" * 20, "It is binary")
    folder.refuse("gzip under .txt", "packed.txt", gzip.compress(b"It rained.", mtime=0), "packed")
    folder.file("no reader", "picture.png", noise, fate=Fate.SKIPPED, reason="No reader for .png")
    folder.file("no reader", "README", "Read.", fate=Fate.SKIPPED, reason="No reader for files")


def _large(folder: Folder) -> None:
    n = folder.next_number()
    filler = "\n\n".join(article(10_000 + i, paragraphs=40) for i in range(200))
    text = "\n\n".join([fact(n), *[filler] * (folder.sizes.text // len(filler)), fact(n + 1)])
    folder.file("large text", "large.txt", text, holds=(fact(n), fact(n + 1)))
    n = folder.next_number()
    line = f"{fact(n)} {'x' * folder.sizes.line} {fact(n + 1)}"
    folder.file("line without a space", "line.txt", line, holds=(fact(n), fact(n + 1)))
    path = folder.root / "sparse.txt"
    with path.open("wb") as file:
        file.truncate(201 * 2**20)
    folder.expect("over 200 MB", path, fate=Fate.REFUSED, reason="more than 200 MB")


def _encodings(folder: Folder) -> None:
    english = "The café’s price rose to £5, “far too much” for Ann Ray. " * 5
    japanese = "東京は日本の首都です。人口は多いです。" * 20
    for kind, name, data, holds in (
        ("UTF-16 without a mark", "utf16le.txt", english.encode("utf-16-le"), english),
        ("UTF-16 without a mark", "utf16be.txt", english.encode("utf-16-be"), english),
        ("Windows-1252", "western.txt", english.encode("cp1252"), english),
        ("Windows-1252", "western.md", english.encode("cp1252"), english),
        ("Shift-JIS", "japanese.txt", japanese.encode("shift_jis"), japanese),
    ):
        folder.file(kind, name, data, holds=(holds.strip(),))
    mixed = english.encode() + english.encode("cp1252")
    folder.refuse("two encodings mixed", "mixed.txt", mixed, "does not fit")
    folder.refuse("cut amid a character", "cut.txt", (english + "“").encode()[:-1], "does not fit")
    half = b"It rose \xed\xa0\xbd by 3%."
    folder.refuse("lone surrogates", "surrogate.txt", half, "does not fit")
    escaped = '{"text": "It rose \\ud83d by 3%.", "id": "\\udc00", "title": "\\ud800"}'
    folder.file("lone surrogates", "surrogate.json", escaped, holds=("It rose by 3%.",))


def _invisible(folder: Folder) -> None:
    n = folder.next_number()
    hidden = "[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
    bidi = f"\u202e{fact(n)}\u202c \u2067مرحبا\u2069 وصل 12 قاربا."
    folder.file("bidi controls", "bidi.txt", bidi, holds=(fact(n),), lacks=hidden)
    joined = f"{fact(n + 1)} " + "a\u200d" * folder.sizes.marks
    folder.file("zero-width joiners", "joiners.txt", joined, holds=(fact(n + 1),), lacks=hidden)
    marks = f"{fact(n + 2)} a" + "\u0301\u0316" * folder.sizes.marks
    folder.file("combining marks", "marks.txt", marks, holds=(fact(n + 2),), lacks="\u0316{31}")


def _records(folder: Folder) -> None:
    n = folder.sizes.brackets
    folder.refuse("deep JSON", "deep.json", "[" * n + "]" * n, "too deep")
    folder.refuse("deep JSON", "objects.json", '{"a":' * n + "1" + "}" * n, "too deep")
    n = folder.next_number()
    lines = [json.dumps({"text": fact(n + i)}) for i in range(5)]
    holds = tuple(fact(n + i) for i in (0, 1, 3, 4))
    for name, cut in (("cut.jsonl", lines[2][:-20]), ("head.ndjson", lines[2][9:])):
        data = "\n".join([*lines[:2], cut, *lines[3:]])
        folder.file("a cut line among good ones", name, data, documents=4, holds=holds, reason="#3")
    two = f"{lines[0]}\n{lines[1][:-20]}"
    folder.file("two lines, one cut", "two.jsonl", two, holds=(fact(n),), reason="Line 2")
    folder.refuse("too many values", "values.json", "[" + "[]," * 4_000_000 + "[]]", "brackets")


def _pages(folder: Folder) -> None:
    n = folder.next_number()
    body = "".join(f"<p>{line}</p>" for line in article(n, paragraphs=12).split("\n\n"))
    page = "<!doctype html><html><body><article>%s</article></body></html>"
    tags = folder.sizes.nested
    deep = body + "<div>" * tags + "end" + "</div>" * tags + body
    folder.refuse("tags nested deep", "deep.html", page % deep, "end cannot be reached")
    folder.refuse("tags nested deep", "tags.html", "<div>" * tags, "end cannot|no article")
    script = '<script>var sold = "SCRIPT";</script><style>p {color: red}</style><noscript>'
    scripts = page % (script + "NOSCRIPT</noscript>" + body + '<img onerror="SCRIPT()" src=x>')
    folder.file(
        "scripts in a page", "scripts.html", scripts, holds=(fact(n),), lacks="SCRIPT|color"
    )
    picture = body + f'<img src="data:image/png;base64,{"A" * 11_000_000}"><p>{fact(n + 1)}</p>'
    kept = (fact(n), fact(n + 1))
    folder.file("picture in a page", "picture.html", page % picture, holds=kept)
    many = page % "".join(f"<p>Row {i} of it.</p>" for i in range(60_000))
    folder.refuse("too many tags", "many.html", many, "60,00. elements")
    merged = "".join(f"a{i}: &a{i} {{<<: [*a{i - 1},*a{i - 1},*a{i - 1}]}}\n" for i in range(1, 60))
    matter = f"---\na0: &a0 {{x: 1}}\n{merged}title: !!int ''\n---\n{fact(n)}"
    folder.file("front matter that grows", "merged.md", matter, holds=(fact(n),))


def _pdfs(folder: Folder) -> None:
    import pypdf
    from reader_files import IMAGE, packed_pdf, pdf_bytes

    lines = article(folder.next_number()).split("\n\n")
    good = pdf_bytes([lines, lines])
    folder.refuse("truncated PDF", "cut.pdf", good[:-30], "truncated")
    folder.refuse("truncated PDF", "half.pdf", good[: len(good) // 2], "truncated")
    writer = pypdf.PdfWriter(io.BytesIO(good))
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    folder.refuse("encrypted PDF", "secret.pdf", buffer.getvalue(), "encrypted")
    folder.refuse("PDF without text", "scan.pdf", pdf_bytes([IMAGE, IMAGE]), "only images")
    folder.refuse("PDF without text", "nothing.pdf", pdf_bytes([[], []]), "no text")
    folder.refuse("PDF bomb", "bomb.pdf", packed_pdf(b" " * 80_000_000), "unpacks to more")
    drawing = b"BT /F1 11 Tf 72 700 Td (%s) Tj ET" % (b"It rained. " * 100_000)
    if folder.sizes.pages:
        bomb = packed_pdf(drawing, folder.sizes.pages)
        folder.refuse("PDF bomb", "pages.pdf", bomb, "50,000,000 characters")


def _word_files(folder: Folder) -> None:
    from reader_checks import with_parts, word_of

    n = folder.next_number()
    text = b"<w:p><w:r><w:t>%s</w:t></w:r></w:p>"
    good = word_of(text % fact(n).encode())
    bomb = with_parts(good, {"word/media/image1.png": b"\0" * folder.sizes.unpacked})
    folder.refuse("docx bomb", "bomb.docx", bomb, "unpacks to")
    markup = with_parts(good, {"word/document.xml": b"<a>" + b" " * 60_000_000})
    folder.refuse("docx bomb", "markup.docx", markup, "of text and markup")
    outside = b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    folder.refuse("docx with a DTD", "dtd.docx", word_of(text % b"&a; x", outside), "document type")
    laughs = b"".join(b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 10))
    bomb = word_of(text % b"&a9; x", b'<!DOCTYPE w [<!ENTITY a0 "lol">%s]>' % laughs)
    folder.refuse("docx with a DTD", "laughs.docx", bomb, "document type|broken")
    cell = b'<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>%s</w:tc>'
    wide = b"<w:tbl><w:tr>%s</w:tr></w:tbl>" % cell % (text % fact(n).encode())
    folder.file("docx with an endless row", "wide.docx", word_of(wide), holds=(fact(n),))
    folder.refuse("truncated docx", "cut.docx", good[:-50], "truncated")
    folder.refuse("encrypted docx", "secret.docx", b"\xd0\xcf\x11\xe0" + b"\1" * 999, "encrypted")
    nested = b"<w:tbl><w:tr><w:tc>" * 200
    folder.refuse("docx nested deep", "nested.docx", word_of(nested), "broken")


def _names(folder: Folder) -> None:
    n = folder.next_number()
    long = "long " * 50
    for kind, name in (
        ("newline in a name", "two\nlines.txt"),
        ("long name", f"{long[:250]}.txt"),
        ("names that differ in case", "Case.txt"),
        ("names that differ in case", "case.txt"),
        ("folder called .txt", "folder.txt/inside.txt"),
    ):
        if not (folder.root / name).exists():  # some file systems take two names for one
            folder.file(kind, name, article(n), holds=(fact(n),))
        n += 1
    with suppress(OSError):
        odd = Path(os.fsdecode(os.fsencode(folder.root) + b"/\xe9\xe8.txt"))
        odd.write_text(article(n))
        folder.expect("name that is no UTF-8", odd, fate=Fate.REFUSED, reason="no text")


def _no_files(folder: Folder) -> None:
    root = folder.root
    no_file = "no regular file"
    with suppress(OSError, AttributeError):
        os.mkfifo(root / "pipe.txt")
        folder.expect("pipe", root / "pipe.txt", fate=Fate.SKIPPED, reason=no_file)
    with suppress(OSError, AttributeError):
        os.mknod(root / "socket.txt", stat.S_IFSOCK | 0o600)
        folder.expect("socket", root / "socket.txt", fate=Fate.SKIPPED, reason=no_file)
    for kind, name, target, reason in (
        ("link to a device", "zero.txt", "/dev/zero", no_file),
        ("broken link", "nowhere.txt", "no-such-file.txt", "points to nothing"),
        ("loop of links", "loop1.txt", "loop2.txt", "looked at|points to nothing"),
        ("loop of links", "loop2.txt", "loop1.txt", "looked at|points to nothing"),
    ):
        with suppress(OSError):
            (root / name).symlink_to(target)
            folder.expect(kind, root / name, fate=Fate.SKIPPED, reason=reason)
    with suppress(OSError):
        (root / "folder.txt" / "again").symlink_to(root, target_is_directory=True)


def _locked(folder: Folder) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() == 0:
        return  # root reads everything
    folder.refuse("no permission", "locked.txt", fact(1), "Permission denied")
    (folder.root / "locked.txt").chmod(0)
    folder.file("no permission", "closed/inside.txt", "x", fate=Fate.SKIPPED, reason="denied")
    (folder.root / "closed").chmod(0o400)
