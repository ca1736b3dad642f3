"""Split a text into the pieces of a SentencePiece unigram vocabulary, the way the encoder was trained with."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Dict, List, Sequence

MARK = "▁"  # SentencePiece's sign for a space before a word
LONGEST = 16  # characters in a piece
UNKNOWN_COST = 10.0  # below the rarest piece, as SentencePiece has it
START, END, UNKNOWN = 0, 1, 2
SPECIAL = 3  # numbers before the first piece
SPACES = re.compile(r"\s+")


class Subwords:
    """A vocabulary of pieces with their log probabilities; pieces are numbered from SPECIAL on."""

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        """Index the vocabulary."""
        self._scores: Dict[str, float] = dict(zip(pieces, scores))
        self._numbers: Dict[str, int] = {piece: number for number, piece in enumerate(pieces, start=SPECIAL)}
        self._unknown = min(scores) - UNKNOWN_COST

    @staticmethod
    def load(path: Path) -> Subwords:
        """Read a vocabulary from JSON: {"pieces": [...], "scores": [...]}."""
        data = json.loads(path.read_text(encoding="utf-8"))
        return Subwords(data["pieces"], data["scores"])

    def numbers(self, text: str) -> List[int]:
        """Return the numbers of the most likely pieces, without start and end."""
        return [self._numbers.get(piece, UNKNOWN) for piece in self.pieces(text)]

    def pieces(self, text: str) -> List[str]:
        """Return the most likely pieces; a character that no piece has is a piece by itself."""
        clean = SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip()
        return [piece for word in clean.split(" ") for piece in self._split(MARK + word)]

    def _split(self, marked: str) -> List[str]:
        """Return the pieces of one word with its mark; no piece holds a mark but at its beginning."""
        length = len(marked)
        best = [0.0] + [float("-inf")] * length
        came_from = [0] * (length + 1)
        scores, unknown = self._scores, self._unknown
        for start in range(length):
            here = best[start]
            for end in range(start + 1, min(length, start + LONGEST) + 1):
                score = scores.get(marked[start:end])
                if score is not None and here + score > best[end]:
                    best[end], came_from[end] = here + score, start
            if here + unknown > best[start + 1]:
                best[start + 1], came_from[start + 1] = here + unknown, start
        found: List[str] = []
        end = length
        while end > 0:
            found.append(marked[came_from[end] : end])
            end = came_from[end]
        return found[::-1]
