"""The sentence encoder: a text in, a vector of what it means and a first opinion on its intent out.

The files in pipeline/encoder are made by `python -m nlp.train_encoder`; their card says from what.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import List, Sequence, Tuple

import numpy as np
import onnxruntime

from components.subwords import END, START, Subwords

FOLDER = Path(__file__).resolve().parent.parent / "pipeline" / "encoder"
NETWORK, VOCABULARY, CARD = "encoder.onnx", "pieces.json", "encoder.json"
LONGEST = 62  # pieces of a message that are read ...
BEGINNING = 22  # ... so many of them from its beginning, the rest from its end, where the question often is


def shortened(numbers: List[int]) -> List[int]:
    """Return the pieces that are read of a long message: the beginning and the end."""
    if len(numbers) <= LONGEST:
        return numbers
    return numbers[:BEGINNING] + numbers[BEGINNING - LONGEST :]


class Encoder:
    """Run the network on one core; `intents` are the columns of its opinion."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Load the files of a folder; raise FileNotFoundError when one is missing."""
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        self.intents: List[str] = card["intents"]
        self._subwords = Subwords.load(folder / VOCABULARY)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # less memory, and no slower for inputs this small
        self._session = onnxruntime.InferenceSession(
            str(folder / NETWORK), options, providers=["CPUExecutionProvider"]
        )

    def numbers(self, text: str) -> List[int]:
        """Return what the network reads of a text."""
        return [START, *shortened(self._subwords.numbers(text)), END]

    def opinion(self, text: str) -> np.ndarray:
        """Return a score for each of `intents`."""
        (scores,) = self._session.run(["scores"], {"ids": np.array(self.numbers(text), dtype=np.int64)})
        return scores

    def opinions(self, texts: Sequence[str]) -> np.ndarray:
        """Return a row of scores for each text."""
        return np.stack([self.opinion(text) for text in texts])


@lru_cache(maxsize=1)
def shipped() -> Encoder:
    """Return the shipped encoder, loaded once in a process."""
    return Encoder()


def is_there(folder: Path = FOLDER) -> bool:
    """Return whether an encoder is shipped at all; without one the engine understands less, but runs."""
    return (folder / CARD).exists()


def fingerprint(folder: Path = FOLDER) -> str:
    """Return a digest of the encoder's card, which names the digest of its network."""
    return hashlib.sha256((folder / CARD).read_bytes()).hexdigest()


def is_held_out(text: str) -> bool:
    """Return whether the encoder was never trained on this text.

    One message in ten is kept from it, chosen by the text itself, so that the intent model can be weighed
    and calibrated on messages that both its parts see for the first time.
    """
    plain = "".join(char for char in text.lower() if char.isalnum())
    return hashlib.sha256(plain.encode()).digest()[0] < 26


def split_held_out(texts: Sequence[str]) -> Tuple[np.ndarray, np.ndarray]:
    """Return the places of the texts that the encoder may learn from, and of those held out."""
    held_out = np.array([is_held_out(text) for text in texts], dtype=bool)
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)
