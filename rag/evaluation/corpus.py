"""The same cases on another edition of the articles: which document there is which here."""

from __future__ import annotations

import hashlib
from pathlib import Path

from rag.errors import InputError
from rag.readers import discover, read_path
from rag.readers.markdown import split_front_matter
from rag.schema import Document


def corpus_mapping(editions_dir: Path, corpus_dir: Path) -> dict[str, str]:
    """Return the id in the corpus by the id of the edition.

    An edition is a Markdown file whose front matter names, as ``source_sha256``, the sum of the
    file that it was written from; where that file lies in the corpus, and what it is called,
    does not matter. Editions that name none are left out.

    Args:
        editions_dir: folder of the editions that cases were written for.
        corpus_dir: folder of the articles to ask.

    Raises:
        InputError: a folder is not there or cannot be read, no edition names a source, or a
            named source is not in the corpus or is no article.
    """
    sources = _sources(editions_dir)
    if not sources:
        raise InputError(
            f"No article in {editions_dir} names its source; nothing was asked.",
            "Put source_sha256, the sum of the source file, into the front matter.",
        )
    files = {_sha256(path): path for path in discover([str(corpus_dir)]).files}
    mapping = {}
    for edition, sha256 in sources.items():
        document = _document(files[sha256]) if sha256 in files else None
        if document is None:
            raise InputError(
                f"The source of {edition} is not among the articles in {corpus_dir}; "
                "nothing was asked.",
                f"It is the file whose sha256 is {sha256}.",
            )
        mapping[edition] = document.info.id
    return mapping


def _sources(editions_dir: Path) -> dict[str, str]:
    """The sum that each edition names, by the edition's id."""
    found = {}
    for path in discover([str(editions_dir)]).files:
        document = _document(path)
        if path.suffix.lower() != ".md" or document is None:
            continue
        fields, _ = split_front_matter(path.read_text("utf-8", errors="replace"))
        if sha256 := fields.get("source_sha256"):
            found[document.info.id] = str(sha256).lower()
    return found


def _document(path: Path) -> Document | None:
    """The first article of a file; None where it holds none."""
    return next((found for found in read_path(path) if isinstance(found, Document)), None)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror}); nothing was asked.",
            "Check its permissions.",
        ) from error
