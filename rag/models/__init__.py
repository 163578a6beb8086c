"""Models: which there are, where their weights lie, and how they get here.

registry = load_registry()
spec = registry.default(Role.GENERATOR)
fetch(spec)
resolve(spec.name).path
"""

from __future__ import annotations

from rag.models.fetching import FailedAttempt, FetchOutcome, Origin, fetch
from rag.models.local import LocalModel, Problem, ProblemKind, is_present, resolve, verify
from rag.models.own import add
from rag.models.progress import NO_PROGRESS, Progress
from rag.models.registry import (
    HubSource,
    ModelSpec,
    PartsSource,
    Registry,
    Role,
    WeightFile,
    load_registry,
    user_registry_path,
)

__all__ = [
    "NO_PROGRESS",
    "FailedAttempt",
    "FetchOutcome",
    "HubSource",
    "LocalModel",
    "ModelSpec",
    "Origin",
    "PartsSource",
    "Problem",
    "ProblemKind",
    "Progress",
    "Registry",
    "Role",
    "WeightFile",
    "add",
    "fetch",
    "is_present",
    "load_registry",
    "resolve",
    "user_registry_path",
    "verify",
]
