"""``rag models``: what weights there are, fetching and checking them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli.console import note, out, print_json

app = typer.Typer(help="List, fetch, verify and add models.", no_args_is_help=True)

Names = Annotated[list[str] | None, typer.Argument(help="Models; the two defaults if none.")]


@app.command("list")
def list_models(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the registered models and whether their weights are here."""
    from rag.models import is_present, load_registry

    for spec in load_registry().models:
        here = is_present(spec)
        if as_json:
            print_json(
                {
                    "name": spec.name,
                    "role": spec.role.value,
                    "default": spec.default,
                    "present": here,
                    "path": str(spec.path),
                    "size": spec.size,
                    "sha256": spec.sha256,
                    "licence": spec.licence,
                    "context_length": spec.context_length,
                    "memory_mb": spec.memory_mb,
                }
            )
            continue
        state = "here" if here else f"rag models fetch {spec.name}"
        default = " (default)" if spec.default else ""
        out().print(
            f"{spec.name}{default}: {spec.role.value}, {spec.size / 1e6:,.0f} MB, "
            f"{spec.licence}, {spec.memory_mb:,} MB of memory — {state}",
            markup=False,
        )


@app.command()
def fetch(
    names: Names = None,
    offline: Annotated[bool, typer.Option("--offline", help="Only say what is missing.")] = False,
) -> None:
    """Fetch weights and verify them; what is here and right is left alone."""
    from rag.cli.progress import FetchBar
    from rag.models import Origin, fetch, load_registry

    registry = load_registry()
    for name in names or _defaults():
        with FetchBar() as bar:
            outcome = fetch(registry.get(name), progress=bar, offline=offline)
        how = "already here" if outcome.origin is Origin.HERE else f"from {outcome.origin.value}"
        note(f"{name}: {how}, verified, {outcome.duration_s:.1f} s, {outcome.model.path}")


@app.command()
def verify(names: Names = None) -> None:
    """Read the weights whole and compare their sha256 with the registry's."""
    from rag.cli.progress import FetchBar
    from rag.models import load_registry, verify

    registry = load_registry()
    wrong = False
    for name in names or _defaults():
        with FetchBar() as bar:
            problems = verify(registry.get(name), progress=bar)
        for problem in problems:
            wrong = True
            out().print(f"{name}: {problem.message}", markup=False)
        if not problems:
            out().print(f"{name}: right", markup=False)
    if wrong:
        raise typer.Exit(1)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    path: Annotated[Path, typer.Argument(help="A .gguf file or a sentence-transformers folder.")],
    default: Annotated[bool, typer.Option("--default", help="Use it from now on.")] = False,
) -> None:
    """Register a model of your own, where it lies."""
    from rag.cli.progress import FetchBar
    from rag.models import add

    with FetchBar() as bar:
        spec = add(name, path, default=default, progress=bar)
    out().print(f"Added {spec.name} ({spec.role.value}, {spec.size / 1e6:,.0f} MB).", markup=False)


def _defaults() -> list[str]:
    from rag.models import Role, load_registry

    registry = load_registry()
    return [registry.default(role).name for role in (Role.GENERATOR, Role.EMBEDDER)]
