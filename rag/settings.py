"""Everything that can be set, from RAG_* environment variables.

What changes an answer is hashed with it: two answers with the same ``settings_sha256`` come
from the same weights, prompts and settings.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.paths import default_library_dir
from rag.processor import usable_cores

# Settings that say where things are or how long to wait, not what is answered.
_NOT_HASHED = {"library", "generator", "embedder", "lock_timeout_s"}


class Settings(BaseSettings):
    """Settings of one run; each field is also the variable ``RAG_<FIELD>``.

    A variable that is set to nothing counts as not set.
    """

    model_config = SettingsConfigDict(
        env_prefix="RAG_", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    library: Path = Field(default_factory=default_library_dir)
    """Folder of the library."""
    generator: str | None = None
    """Name or path of the chat model; None means the registry's default."""
    embedder: str | None = None
    """Name or path of the embedder; None means the registry's default."""
    lock_timeout_s: float = Field(default=10.0, ge=0)
    """How long a writer waits for another one."""

    context_tokens: int = Field(default=4096, ge=512)
    """Tokens of prompt and answer together."""
    threads: int = Field(default_factory=lambda: min(usable_cores(), 8), ge=1)
    """For the chat model; rounding depends on it, so it is part of the hash."""
    passage_tokens: int = Field(default=192, ge=48)
    """Upper bound of a passage in the embedder's word pieces, header included."""
    search_depth: int = Field(default=30, ge=1)
    """Hits that each of the two searches gives to fusion."""
    evidence_sentences: int = Field(default=8, ge=1)
    """Sentences shown as evidence."""
    answer_tokens: int = Field(default=96, ge=8)
    """Upper bound of a written answer."""

    @field_validator("library")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute() if str(folder).strip() else default_library_dir()

    def sha256(self, **parts: str) -> str:
        """Hash of all that can change an answer, with the names of the models given."""
        fields = self.model_dump(mode="json", exclude=_NOT_HASHED)
        text = json.dumps({**fields, **parts}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()
