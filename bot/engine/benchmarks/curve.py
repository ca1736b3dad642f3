"""The learning curve of the linear classifier: JSON {train, test} of [text, intent] pairs in, {size: accuracy} out.

Alone, because the encoder has learned from all messages. Sizes are messages an intent, the same at each run.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from typing import Dict, List, Sequence, Tuple

import numpy as np
from components.intent_model import Features, Linear
from scipy.sparse import vstack

SIZES = (16, 32, 64, 125, 250)
SEED = 7
Pair = Tuple[str, str]


def accuracy_at(size: int, train: Sequence[Pair], test: Sequence[Pair]) -> float:
    """Return the accuracy on `test` after `size` messages an intent, or all of them where there are fewer."""
    texts, intents = zip(*_sample(size, train))
    labels, answers = np.unique(np.array(intents), return_inverse=True)
    features = Features()
    linear = Linear.fit(features.fit(texts), answers, SEED)
    found = labels[linear.scores(vstack([features.of(text) for text, _ in test])).argmax(axis=1)]
    return float((found == np.array([intent for _, intent in test])).mean())


def _sample(size: int, train: Sequence[Pair]) -> List[Pair]:
    by_intent: Dict[str, List[Pair]] = defaultdict(list)
    for text, intent in train:
        by_intent[intent].append((text, intent))
    rng = np.random.default_rng(SEED)
    return [rows[place] for rows in by_intent.values() for place in rng.permutation(len(rows))[:size]]


if __name__ == "__main__":
    given = json.load(sys.stdin)
    json.dump({size: accuracy_at(size, given["train"], given["test"]) for size in SIZES}, sys.stdout)
