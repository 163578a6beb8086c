"""The commands that serve: the page to people, the rest to other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.console import note
from rag.cli.options import Library, Model, settings_of

if TYPE_CHECKING:
    from rag.pipeline import Pipeline
    from rag.web import Beside, Turns
    from rag.web.logins import Logins

Tools = Annotated[
    bool, typer.Option("--mcp", help="Offer tools to other programs' models, at /mcp.")
]
Auth = Annotated[
    str | None,
    typer.Option(
        envvar="RAG_UI_AUTH",
        show_envvar=True,
        metavar="USER:PASSWORD",
        help="Who may open it. Other users of this machine see it in the list of processes: "
        "rather give --auth-file.",
    ),
]
AuthFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Who may open it, one user:password a line.")
]
Open = Annotated[bool, typer.Option("--open/--no-open", help="Show the page in your browser.")]
ApiKey = Annotated[
    str | None,
    typer.Option(envvar="RAG_API_KEY", help="What clients must send.", show_envvar=True),
]
KeyFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The same, as the only line of a file.")
]


def ui(
    library: Library = None,
    model: Model = None,
    host: Annotated[
        str, typer.Option(help="Where to listen; one that others can reach needs a password.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Where to listen; else the next free port.")] = 7860,
    auth: Auth = None,
    auth_file: AuthFile = None,
    open_browser: Open = True,
    tools: Tools = False,
) -> None:
    """Open the chat page in a browser: on this machine, with a password also on others."""
    from rag.pipeline import Pipeline
    from rag.ui import Newsroom, launch

    logins = _logins(auth, auth_file)
    with Pipeline(settings_of(library, generator=model), on_note=note) as pipeline:
        turns, beside = tools_beside(pipeline, offered=tools)
        launch(
            Newsroom(pipeline),
            folder=pipeline.settings.library,
            host=host,
            port=port,
            open_browser=open_browser,
            turns=turns,
            beside=beside,
            logins=logins,
            on_address=lambda address: note(f"citeline is at {address} — Ctrl-C ends it."),
        )


def serve(
    library: Library = None,
    model: Model = None,
    host: Annotated[
        str, typer.Option(help="Where to listen; one that others can reach needs a key.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Else the next free port.")] = 8000,
    api_key: ApiKey = None,
    api_key_file: KeyFile = None,
    tools: Tools = False,
) -> None:
    """Serve other programs: OpenAI's chat completions, with the sentences behind each answer."""
    from rag.pipeline import Pipeline
    from rag.server import Meter, launch

    api_key = _key(api_key, api_key_file)
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


def _logins(auth: str | None, path: Path | None) -> Logins | None:
    """Who may open the page; None where everybody may who can reach it."""
    from rag.web.logins import Logins

    lines = [*([auth] if auth else []), *(_secrets(path) if path else [])]
    return Logins.of(lines) if auth or path else None


def _key(given: str | None, path: Path | None) -> str | None:
    """What clients must send, from a file where one is named."""
    from rag.errors import UsageError

    if path is None:
        return given
    lines = _secrets(path)
    if len(lines) != 1:
        raise UsageError(
            f"{path} has {len(lines)} lines that could be the key; it needs one.",
            "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe())' > FILE",
        )
    return lines[0]


def _secrets(path: Path) -> list[str]:
    """The lines of a file, with a word where other users can read them."""
    from rag.web.logins import lines_of, open_to_others

    lines = lines_of(path)
    if open_to_others(path):
        note(f"Other users of this machine can read {path}: chmod 600 {path}")
    return lines
