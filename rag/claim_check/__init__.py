"""Claim check: what the articles say of each figure of a draft."""

from __future__ import annotations

from rag.claim_check.checking import ClaimChecker, Progress
from rag.claim_check.sources import Sources

__all__ = ["ClaimChecker", "Progress", "Sources"]
