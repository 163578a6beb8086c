"""Low-rank adapters that come with citeline: what a chat model was taught beyond its weights."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "adapters"


@dataclass(frozen=True, slots=True)
class Adapter:
    """Weights that are added to those of one chat model (LoRA), as llama.cpp reads them."""

    path: Path
    sha256: str


# By the sha256 of the weights that were taught: on others an adapter is noise.
_OF_WEIGHTS = {
    "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046": Adapter(
        _FOLDER / "qwen2.5-coder-1.5b.gguf",
        "087cfa1f0f18c03117ced8830dc55deabb58d81289763beccaafdf7bcdbb1f5f",
    ),
}


def adapter_of(weights_sha256: str) -> Adapter | None:
    """The adapter that taught a model to read figures; None where nobody taught it.

    Made by ``python -m eval.figure_adapter``, which tells from what.
    """
    return _OF_WEIGHTS.get(weights_sha256)
