"""The five tools, their parameters and their descriptions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from rag import __version__
from rag.protocols import StopCheck
from rag.tools import making
from rag.tools.desk import Desk, Source, explained
from rag.tools.results import (
    NOTICE,
    AnswerResult,
    CheckResult,
    FiguresResult,
    SearchResult,
    SummaryResult,
)
from rag.web.selection import Selection

MAX_QUESTION_CHARACTERS = 2_000
MAX_DRAFT_CHARACTERS = 200_000
MAX_FIGURES = 200

INSTRUCTIONS = (
    "Questions about the news articles of this machine's library. Every figure that ask and "
    "summarize give is stated by a quoted sentence; say it only together with its source. Where "
    f"an answer is abstained, say that the articles do not tell, and do not guess. {NOTICE}"
)

Question = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_QUESTION_CHARACTERS,
        description="One question, whole in itself, such as: How many ships arrived in May 2031?",
    ),
]
Only = Annotated[Selection, Field(description="Which articles take part; all, where left out.")]
EVERYTHING = Selection()

_READ_ONLY = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_T = TypeVar("_T")


def offer(desk: Desk) -> MCPServer:
    """Return a server of the five tools.

    Args:
        desk: takes the calls.
    """
    server = MCPServer(
        "citeline",
        title="citeline",
        version=__version__,
        instructions=INSTRUCTIONS,
        log_level="WARNING",
    )
    _offer_reading(server, desk)
    _offer_writing(server, desk)
    return server


def _offer_writing(server: MCPServer, desk: Desk) -> None:
    """The tools that need the chat model: seconds, and one at a time."""

    @server.tool(title="Ask the articles", annotations=_READ_ONLY)
    async def ask(
        question: Question,
        only: Only = EVERYTHING,
    ) -> AnswerResult:
        """Answer a question in one sentence with its source, or say that the articles do not."""
        return await _called(
            desk,
            lambda source, stop: making.answered(
                source.ask(question, filters=only.filters(), stop=stop)
            ),
            writes=True,
        )

    @server.tool(title="Sum up an article", annotations=_READ_ONLY)
    async def summarize(
        document: Annotated[
            str, Field(min_length=1, description="An article, by id, title or path.")
        ],
    ) -> SummaryResult:
        """Sum up one article in a few cited sentences; the whole article is read."""
        return await _called(
            desk,
            lambda source, stop: making.summed_up(source.summarize(document, stop=stop)),
            writes=True,
        )


def _offer_reading(server: MCPServer, desk: Desk) -> None:
    """The tools that need no chat model."""

    @server.tool(title="Search the articles", annotations=_READ_ONLY)
    async def search(
        question: Question,
        only: Only = EVERYTHING,
    ) -> SearchResult:
        """Find the sentences that may answer a question, best first."""
        return await _called(
            desk, lambda source, _: making.found(source.search(question, filters=only.filters()))
        )

    @server.tool(title="List figures", annotations=_READ_ONLY)
    async def figures(
        about: Annotated[
            str | None,
            Field(max_length=MAX_QUESTION_CHARACTERS, description="A subject in a few words."),
        ] = None,
        limit: Annotated[
            int, Field(ge=1, le=MAX_FIGURES, description="How many rows, the nearest first.")
        ] = 50,
        only: Only = EVERYTHING,
    ) -> FiguresResult:
        """List the figures that the articles state, with period, speaker and sentence."""
        return await _called(
            desk,
            lambda source, _: making.tabulated(
                about, source.figures(about, filters=only.filters()), limit
            ),
        )

    @server.tool(title="Check a draft", annotations=_READ_ONLY)
    async def check(
        draft: Annotated[
            str,
            Field(
                min_length=1, max_length=MAX_DRAFT_CHARACTERS, description="The text to be checked."
            ),
        ],
        only: Only = EVERYTHING,
    ) -> CheckResult:
        """Compare each figure of a text with the articles: supported, contradicted or not found."""
        return await _called(
            desk,
            lambda source, stop: making.checked(
                source.check(draft, filters=only.filters(), stop=stop)
            ),
        )


async def _called(
    desk: Desk, work: Callable[[Source, StopCheck], _T], *, writes: bool = False
) -> _T:
    """Call, and tell the client what went wrong in the words that it can act on."""
    try:
        return await desk.call(work, writes=writes)
    except Exception as error:
        raise ToolError(str(explained(error))) from error
