"""Which articles take part, as a client says it in JSON."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from rag.schema import Filters


class Selection(BaseModel):
    """Which articles take part; an empty field does not restrict."""

    model_config = ConfigDict(extra="forbid")

    documents: Annotated[
        tuple[str, ...], Field(description="Only these, by id, unique beginning, title or path.")
    ] = ()
    publishers: Annotated[tuple[str, ...], Field(description="Only these outlets.")] = ()
    since: Annotated[date | None, Field(description="Published on or after this day.")] = None
    until: Annotated[date | None, Field(description="Published on or before this day.")] = None

    def filters(self) -> Filters:
        """The same for the library."""
        return Filters(self.documents, self.publishers, self.since, self.until)
