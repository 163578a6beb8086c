"""The commands that serve other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.console import note
from rag.cli.options import Library, Model, settings_of

if TYPE_CHECKING:
    from rag.pipeline import Pipeline
    from rag.web import Beside, Turns

Tools = Annotated[
    bool, typer.Option("--mcp", help="Offer tools to other programs' models, at /mcp.")
]


def serve(
    library: Library = None,
    model: Model = None,
    host: Annotated[
        str, typer.Option(help="Where to listen; one that others can reach needs a key.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Else the next free port.")] = 8000,
    api_key: Annotated[
        str | None,
        typer.Option(envvar="RAG_API_KEY", help="What clients must send.", show_envvar=True),
    ] = None,
    tools: Tools = False,
) -> None:
    """Serve other programs: OpenAI's chat completions, with the sentences behind each answer."""
    from rag.pipeline import Pipeline
    from rag.server import Meter, launch

    meter = Meter()
    settings = settings_of(library, generator=model)
    with Pipeline(settings, on_note=note, wrap_generator=meter.wrap) as pipeline:
        turns, beside = tools_beside(pipeline, offered=tools)
        launch(
            pipeline,
            host=host,
            port=port,
            api_key=api_key,
            meter=meter,
            turns=turns,
            beside=beside,
            on_address=lambda address: note(f"base_url={address} model=citeline — Ctrl-C ends it."),
        )


def mcp(
    library: Library = None,
    model: Model = None,
    schemas: Annotated[
        Path | None,
        typer.Option(help="Only write the JSON schemas of the tools into this folder."),
    ] = None,
) -> None:
    """Offer tools (ask, search, figures, check, summarize) to a model, over stdin and stdout."""
    from rag.pipeline import Pipeline
    from rag.tools import publish, serve_stdio

    if schemas is not None:
        for path in publish(schemas):
            note(str(path))
        return
    with Pipeline(settings_of(library, generator=model), on_note=note) as pipeline:
        serve_stdio(pipeline)


def tools_beside(pipeline: Pipeline, *, offered: bool) -> tuple[Turns | None, Beside | None]:
    """The tools as more addresses of a server, and the line that both wait in; or neither."""
    if not offered:
        return None, None
    from rag.tools import beside
    from rag.tools.desk import MAX_WAITING
    from rag.web import Turns

    turns = Turns(MAX_WAITING)
    return turns, beside(pipeline, turns)
