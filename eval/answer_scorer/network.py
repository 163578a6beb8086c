"""The network in torch, and its weights in the form that the package reads."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional

from eval.answer_scorer.groups import Batch

_WIDTH, _WIDE, _HEADS, _LAYERS = 384, 1536, 12, 12
_FROZEN = 4
"""Layers that stay as they are: a quarter of the time, and no loss that could be seen."""
_DROPOUT = 0.1
_EPSILON = 1e-12
_LEVELS = 127
_SILENT = -1e9

Tensors = dict[str, torch.Tensor]


class _Layer(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.mixed = (nn.Linear(_WIDTH, _WIDTH) for _ in range(4))
        self.wide, self.narrow = nn.Linear(_WIDTH, _WIDE), nn.Linear(_WIDE, _WIDTH)
        self.first, self.second = (nn.LayerNorm(_WIDTH, _EPSILON) for _ in range(2))

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        shape = (*x.shape[:2], _HEADS, _WIDTH // _HEADS)
        query, key, value = (
            part(x).view(shape).transpose(1, 2) for part in (self.query, self.key, self.value)
        )
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        mixed = self.mixed(mixed.transpose(1, 2).reshape(x.shape))
        x = self.first(x + functional.dropout(mixed, _DROPOUT, self.training))
        narrow = self.narrow(functional.gelu(self.wide(x)))
        return self.second(x + functional.dropout(narrow, _DROPOUT, self.training))


# As the tensors of a layer are called in a file, and here.
_PARTS = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "mixed",
    "attention.output.LayerNorm": "first",
    "intermediate.dense": "wide",
    "output.dense": "narrow",
    "output.LayerNorm": "second",
}


class Network(nn.Module):  # type: ignore[misc]
    """A BERT encoder of twelve layers, and three vectors that make a score of hidden states."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.positions = nn.Embedding(30522, _WIDTH), nn.Embedding(512, _WIDTH)
        self.types, self.norm = nn.Embedding(2, _WIDTH), nn.LayerNorm(_WIDTH, _EPSILON)
        self.layers = nn.ModuleList(_Layer() for _ in range(_LAYERS))
        self.heads = nn.Parameter(torch.randn(3, _WIDTH) * 0.02)
        self.bias = nn.Parameter(torch.zeros(1))
        for part in (self.words, self.positions, self.types, self.norm, *self.layers[:_FROZEN]):
            part.requires_grad_(requires_grad=False)

    def forward(self, batch: Batch) -> torch.Tensor:
        """Scores of all candidates, float32 [candidates]."""
        mask = batch.mask[:, None, None, :]
        with torch.no_grad():
            positions = self.positions(torch.arange(batch.ids.shape[1]))
            x = self.norm(self.words(batch.ids) + positions + self.types(batch.types))
            for layer in self.layers[:_FROZEN]:
                x = layer(x, mask)
        for layer in self.layers[_FROZEN:]:
            x = layer(x, mask)
        row, first, last = batch.places.T
        states = torch.stack([x[row, first], x[row, last], x[row, 0]], dim=1).float()
        return (states * self.heads).sum((1, 2)) + self.bias


def loss_of(scores: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Minus the logarithm of the right answer's share, the mean over groups.

    The candidates of all sentences of a group and "none of them", whose score is 0, share one
    (Clark and Gardner, ACL 2018).
    """
    told, meant = _table(scores, batch), _table(scores, batch, right=True)
    return (told.logsumexp(1) - meant.logsumexp(1)).mean()


def is_right(scores: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Whether what scores highest in each group is the answer, or none where none is: bool."""
    told, meant = _table(scores, batch), _table(scores, batch, right=True)
    return told.argmax(1) == meant.argmax(1)


def has_answer(batch: Batch) -> torch.Tensor:
    """Which groups have the answer among their sentences: bool [groups]."""
    answered = torch.zeros(batch.size, dtype=torch.bool)
    answered[batch.groups[batch.right]] = True
    return answered


def _table(scores: torch.Tensor, batch: Batch, *, right: bool = False) -> torch.Tensor:
    """Each group's scores in a row behind that of silence: float32 [groups, 1 + candidates].

    With ``right`` only what is to be told of each; what is not there is as good as no score.
    """
    table = torch.full((batch.size, 1 + len(scores)), _SILENT)
    kept = torch.where(batch.right, scores, _SILENT) if right else scores
    table = table.index_put((batch.groups, 1 + torch.arange(len(scores))), kept)
    silence = torch.where(has_answer(batch), _SILENT, 0.0) if right else torch.zeros(batch.size)
    return torch.cat([silence[:, None], table[:, 1:]], dim=1)


def load_base(network: Network, path: Path) -> None:
    """Take over the encoder of a file with the tensors of a BERT, whatever their prefix.

    Raises:
        OSError, KeyError: there is no such file, or a tensor is missing.
    """
    stored = {name.removeprefix("bert."): tensor for name, tensor in load_file(path).items()}
    state = network.state_dict()
    for own, name in _names():
        state[own] = stored[name]
    network.load_state_dict(state)


def save_quantised(network: Network, path: Path) -> None:
    """Write the weights in 8 bits, a scale a row; vectors stay in 32."""
    state, kept = network.state_dict(), {}
    for own, name in _names():
        tensor = state[own].float()
        if tensor.dim() == 1:
            kept[name] = tensor
            continue
        scale = tensor.abs().amax(1).clamp_min(1e-9) / _LEVELS
        kept[name] = (tensor / scale[:, None]).round().to(torch.int8)
        kept[f"{name}.scale"] = scale
    kept["heads.weight"], kept["heads.bias"] = state["heads"].float(), state["bias"].float()
    save_file({name: tensor.contiguous() for name, tensor in kept.items()}, path)


def _names() -> list[tuple[str, str]]:
    """The tensors here and as they are called in a file."""
    embeddings = {"words": "word", "positions": "position", "types": "token_type"}
    names = [
        (f"{own}.weight", f"embeddings.{name}_embeddings.weight")
        for own, name in embeddings.items()
    ]
    names += [(f"norm.{kind}", f"embeddings.LayerNorm.{kind}") for kind in ("weight", "bias")]
    return names + [
        (f"layers.{n}.{own}.{kind}", f"encoder.layer.{n}.{name}.{kind}")
        for n in range(_LAYERS)
        for name, own in _PARTS.items()
        for kind in ("weight", "bias")
    ]
