"""Qwen2 in torch, with the weights of a GGUF file as they are and low-rank weights to be learnt.

The weights are those that llama.cpp evaluates with, 4 bits and all: what is learnt makes up for
what they lost. E. J. Hu et al., LoRA (ICLR 2022).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path

import gguf
import torch
from torch import nn
from torch.nn import functional

from eval.figure_adapter.sheets import Tree

_MATRICES = (
    "attn_q",
    "attn_k",
    "attn_v",
    "attn_output",
    "ffn_gate",
    "ffn_up",
    "ffn_down",
)
RANK, ALPHA = 16, 32
_FIRST_TAUGHT = 8
"""Layers below stay as they are, which spares their half of the work backwards."""

Read = Callable[[str], torch.Tensor | None]


class _Linear(nn.Module):  # type: ignore[misc]
    def __init__(self, weight: torch.Tensor, bias: torch.Tensor | None, *, taught: bool) -> None:
        super().__init__()
        self.weight, self.bias, self.taught = weight, bias, taught
        if taught:
            n_out, n_in = weight.shape
            self.lora_a = nn.Parameter(torch.randn(RANK, n_in) / math.sqrt(n_in))
            self.lora_b = nn.Parameter(torch.zeros(n_out, RANK))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        plain = functional.linear(x, self.weight, self.bias)
        if not self.taught:
            return plain
        added = functional.linear(functional.linear(x, self.lora_a), self.lora_b)
        return plain + added * (ALPHA / RANK)


class _Layer(nn.Module):  # type: ignore[misc]
    def __init__(self, read: Read, number: int, heads: tuple[int, int], base: float) -> None:
        super().__init__()
        block = f"blk.{number}"
        for name in _MATRICES:
            weight = _there(read(f"{block}.{name}.weight"))
            bias = read(f"{block}.{name}.bias")
            setattr(self, name, _Linear(weight, bias, taught=number >= _FIRST_TAUGHT))
        self.first_norm = _there(read(f"{block}.attn_norm.weight"))
        self.second_norm = _there(read(f"{block}.ffn_norm.weight"))
        self._heads, self._base = heads, base

    def forward(self, x: torch.Tensor, places: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        n_heads, n_shared = self._heads
        length, width = x.shape
        normed = _norm(x, self.first_norm)
        query = _turned(_split(self.attn_q(normed), n_heads), places, self._base)
        key = _turned(_split(self.attn_k(normed), n_shared), places, self._base)
        value = _split(self.attn_v(normed), n_shared)
        each = n_heads // n_shared
        mixed = functional.scaled_dot_product_attention(
            query[None],
            key.repeat_interleave(each, 0)[None],
            value.repeat_interleave(each, 0)[None],
            attn_mask=mask[None, None],
        )[0]
        x = x + self.attn_output(mixed.transpose(0, 1).reshape(length, width))
        normed = _norm(x, self.second_norm)
        gate = functional.silu(self.ffn_gate(normed))
        return x + self.ffn_down(gate * self.ffn_up(normed))


class Network(nn.Module):  # type: ignore[misc]
    """A Qwen2 of a GGUF file; only what is added to it is learnt.

    Args:
        path: the file.

    Raises:
        OSError, ValueError, KeyError: it is none of that kind.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        reader = gguf.GGUFReader(path)
        tensors = {tensor.name: tensor for tensor in reader.tensors}

        def read(name: str) -> torch.Tensor | None:
            if name not in tensors:
                return None
            found = tensors[name]
            plain = gguf.dequantize(found.data, found.tensor_type)
            return torch.from_numpy(plain.copy()).float()

        def number(key: str) -> float:
            return float(reader.fields[f"qwen2.{key}"].contents())

        heads = (int(number("attention.head_count")), int(number("attention.head_count_kv")))
        base = number("rope.freq_base")
        self._embedding = _there(read("token_embd.weight")).to(torch.bfloat16)
        self._norm = _there(read("output_norm.weight"))
        self._output = _there(read("output.weight"))
        layers = range(int(number("block_count")))
        self.blk = nn.ModuleList(_Layer(read, n, heads, base) for n in layers)

    def forward(self, tree: Tree) -> torch.Tensor:
        """The loss of each question: how unlikely its reply is, a natural logarithm; [n]."""
        x = self._embedding[tree.ids].float()
        with torch.no_grad():
            for layer in self.blk[:_FIRST_TAUGHT]:
                x = layer(x, tree.places, tree.mask)
        for layer in self.blk[_FIRST_TAUGHT:]:
            x = layer(x, tree.places, tree.mask)
        behind = _norm(x[tree.rows], self._norm)
        likely = torch.log_softmax(functional.linear(behind, self._output), -1)
        unlikely = -likely[torch.arange(len(tree.wanted)), tree.wanted]
        n_questions = int(tree.question_of.max()) + 1
        return torch.zeros(n_questions).index_add(0, tree.question_of, unlikely)

    def taught(self) -> Mapping[str, torch.Tensor]:
        """What is learnt, by the names that llama.cpp gives it."""
        return {
            name.replace(".lora_", ".weight.lora_"): parameter.detach()
            for name, parameter in self.named_parameters()
            if parameter.requires_grad
        }


def save_adapter(taught: Mapping[str, torch.Tensor], path: Path) -> None:
    """Write what was learnt as an adapter of llama.cpp, in 16 bits."""
    writer = gguf.GGUFWriter(path, "qwen2")
    writer.add_string("general.type", "adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(ALPHA))
    for name, tensor in taught.items():
        writer.add_tensor(name, tensor.half().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _there(tensor: torch.Tensor | None) -> torch.Tensor:
    if tensor is None:
        raise ValueError("A tensor of a Qwen2 is missing.")
    return tensor


def _norm(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return functional.rms_norm(x, (x.shape[-1],), weight, 1e-6)


def _split(x: torch.Tensor, n_heads: int) -> torch.Tensor:
    """[tokens, width] to [heads, tokens, width of a head]."""
    return x.view(x.shape[0], n_heads, -1).transpose(0, 1)


def _turned(x: torch.Tensor, places: torch.Tensor, base: float) -> torch.Tensor:
    """Turned by their places (J. Su et al., RoFormer, 2021), halves of a head as pairs."""
    width = x.shape[-1]
    speed = base ** -(torch.arange(0, width, 2).float() / width)
    angle = places[:, None].float() * speed
    cosine, sine = (torch.cat([part, part], -1) for part in (angle.cos(), angle.sin()))
    left, right = x.chunk(2, -1)
    return x * cosine + torch.cat([-right, left], -1) * sine
