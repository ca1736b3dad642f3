"""How likely a message holds danger: the crisis intents against everything else, near misses with them. No Rasa here.

Ranking the intents asks which of eighty a message is; a cry for help split between two crisis intents and a topic
loses there. This asks the one question that matters first, with the same features.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

CRISIS = "krise_"
REGULARISATION = 0.3
SMALLEST = 1e-6  # of a share


def is_danger(intents: Sequence[str]) -> np.ndarray:
    """Return for each intent whether it is a crisis."""
    return np.array([intent.startswith(CRISIS) for intent in intents], dtype=bool)


@dataclass
class DangerScorer:
    """A linear score of danger over the features of the intent model, in single precision."""

    weights: np.ndarray
    bias: float

    @staticmethod
    def fit(features: csr_matrix, danger: np.ndarray, seed: int) -> DangerScorer:
        """Train on rows of features; danger weighs as much as the many messages without it."""
        svm = LinearSVC(C=REGULARISATION, class_weight="balanced", random_state=seed).fit(features, danger)
        return DangerScorer(svm.coef_[0].astype(np.float32), float(svm.intercept_[0]))

    def scores(self, features: csr_matrix) -> np.ndarray:
        """Return a score a row."""
        return features @ self.weights + self.bias


@dataclass
class DangerModel:
    """Three opinions made one probability, weighed on messages that none of them has seen.

    They are the linear score of danger, the share of the ranking that the crisis intents have together, and the
    encoder's score of danger. On hard near misses by other hands the share alone ranks best of the three, and all
    together better than any of them.
    """

    linear: DangerScorer
    weights: np.ndarray
    bias: float

    @staticmethod
    def fit(
        linear: DangerScorer,
        unseen_scores: np.ndarray,
        shares: np.ndarray,
        alarms: Optional[np.ndarray],
        danger: np.ndarray,
    ) -> Optional[DangerModel]:
        """Weigh the opinions on unseen messages; None when those are all dangerous, or none is."""
        if danger.all() or not danger.any():
            return None
        model = LogisticRegression(C=10.0).fit(_evidence(unseen_scores, shares, alarms), danger)
        return DangerModel(linear, model.coef_[0], float(model.intercept_[0]))

    def probability(
        self, features: csr_matrix, shares: np.ndarray, alarms: Optional[np.ndarray]
    ) -> np.ndarray:
        """Return the probability of danger of each row."""
        evidence = _evidence(self.linear.scores(features), shares, alarms)
        return 1 / (1 + np.exp(-(evidence @ self.weights + self.bias)))


def _evidence(scores: np.ndarray, shares: np.ndarray, alarms: Optional[np.ndarray]) -> np.ndarray:
    odds = np.log((shares + SMALLEST) / (1 - shares + SMALLEST))
    return np.column_stack([scores, odds, *([] if alarms is None else [alarms])])
