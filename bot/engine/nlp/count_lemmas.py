"""Count the lemmas that the pipeline gives the words of texts.

In: a text a line. Out: JSON, [[word, lemma, count], ...].

Run by `hjelpelinje knowledge lemmas`; in the engine's environment, where spaCy is.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Tuple

import spacy

PIPELINE = Path(__file__).resolve().parent.parent / "pipeline" / "nb_hjelpelinje"
SHORTEST = 3  # letters


def main() -> None:
    """Read standard input to its end and print the counts."""
    nlp = spacy.load(PIPELINE, exclude=["ner", "senter"])
    counts: Counter[Tuple[str, str]] = Counter()
    for document in nlp.pipe((line.strip() for line in sys.stdin), batch_size=256):
        for word in document:
            if word.is_alpha and len(word) >= SHORTEST and word.pos_ != "PROPN":
                counts[word.lower_, word.lemma_.lower()] += 1
    json.dump([[word, lemma, count] for (word, lemma), count in counts.items()], sys.stdout)


if __name__ == "__main__":
    main()
