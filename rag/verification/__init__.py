"""The check that every answer passes before anyone sees it as fact.

It knows nothing of how a text was made: markers must exist, each sentence must carry one, its
words must come from the sentences cited for it, and so must each of its figures, said there of the
same thing and time.
"""

from __future__ import annotations

from rag.verification.bounds import restore_bounds
from rag.verification.documents import verify
from rag.verification.verifier import EvidenceVerifier

__all__ = ["EvidenceVerifier", "restore_bounds", "verify"]
