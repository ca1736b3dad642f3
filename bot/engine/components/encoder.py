"""The sentence encoder: a text in, a first opinion on its intent and on danger out.

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


MIDDLES = (
    8  # so many parts of what is left out are read for danger, the first ones; the rules read everything
)


def shortened(numbers: List[int]) -> List[int]:
    """Return the pieces that are read of a long message: the beginning and the end."""
    if len(numbers) <= LONGEST:
        return numbers
    return numbers[:BEGINNING] + numbers[BEGINNING - LONGEST :]


def middles(numbers: List[int]) -> List[List[int]]:
    """Return what `shortened` leaves out, in parts: danger may stand in the middle of a long message."""
    left_out = numbers[BEGINNING : BEGINNING - LONGEST] if len(numbers) > LONGEST else []
    return [left_out[start : start + LONGEST] for start in range(0, len(left_out), LONGEST)][:MIDDLES]


class Encoder:
    """Run the network on one core; `intents` are the columns of its opinion, before the one of danger."""

    def __init__(self, folder: Path = FOLDER) -> None:
        """Load the files of a folder; raise FileNotFoundError when one is missing."""
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        self.intents: List[str] = card["intents"]
        self._subwords = Subwords.load(folder / VOCABULARY)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / NETWORK), options, providers=["CPUExecutionProvider"]
        )

    def opinion(self, text: str) -> np.ndarray:
        """Return a score for each of `intents`, and last the one of danger: the highest of all parts of the text."""
        numbers = self._subwords.numbers(text)
        scores = self._run(shortened(numbers))
        scores[-1] = max([scores[-1], *(self._run(part)[-1] for part in middles(numbers))])
        return scores

    def opinions(self, texts: Sequence[str]) -> np.ndarray:
        """Return a row of scores for each text."""
        return np.stack([self.opinion(text) for text in texts])

    def _run(self, numbers: List[int]) -> np.ndarray:
        (scores,) = self._session.run(["scores"], {"ids": np.array([START, *numbers, END], dtype=np.int64)})
        return scores


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
