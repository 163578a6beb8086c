"""The job of indexing: files to documents, documents to the library, passages to vectors.

Each file is stored in a transaction of its own and each batch of vectors in another, so that an
interrupted run goes on where it was. What cannot be read never costs what was there before.
"""

from __future__ import annotations

from rag.ingestion.ingestor import Ingestor
from rag.ingestion.report import IndexObserver, IndexReport

__all__ = ["IndexObserver", "IndexReport", "Ingestor"]
