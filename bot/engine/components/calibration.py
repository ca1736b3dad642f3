"""From scores to confidences that mean what they say: fitted on messages that the scorers have not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

SMALLEST = 1e-6  # a probability is never nearer to 0 or 1


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return rows that sum to one."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


@dataclass
class Blend:
    """Weights of the linear classifier's scores and of the encoder's."""

    linear: float
    encoder: float

    @staticmethod
    def fit(linear: np.ndarray, encoder: Optional[np.ndarray], answers: np.ndarray) -> Blend:
        """Return the weights that make the true intents most likely."""
        rows = np.arange(len(answers))

        def loss(logs: np.ndarray) -> float:
            weights = np.exp(logs)
            total = weights[0] * linear + (weights[1] * encoder if encoder is not None else 0.0)
            return float(-np.log(softmax(total)[rows, answers] + 1e-12).mean())

        start = np.log([5.0, 0.5])[: 1 if encoder is None else 2]
        found = np.exp(minimize(loss, start, method="Nelder-Mead").x)
        return Blend(float(found[0]), float(found[1]) if encoder is not None else 0.0)

    def probabilities(self, linear: np.ndarray, encoder: Optional[np.ndarray]) -> np.ndarray:
        """Return a row of probabilities a message."""
        return softmax(self.linear * linear + (self.encoder * encoder if encoder is not None else 0.0))


@dataclass
class TopConfidence:
    """How often the first intent is right, told from its probability and its lead over the second."""

    weights: np.ndarray
    bias: float

    @staticmethod
    def fit(probabilities: np.ndarray, answers: np.ndarray) -> Optional[TopConfidence]:
        """Learn from unseen messages; None when all of them, or none, are right."""
        right = probabilities.argmax(axis=1) == answers
        if right.all() or not right.any():
            return None
        model = LogisticRegression(C=1e3).fit(_evidence(probabilities), right)
        return TopConfidence(model.coef_[0], float(model.intercept_[0]))

    def apply(self, probabilities: np.ndarray) -> np.ndarray:
        """Return the rows with the first intent's confidence set right, and the others scaled to the rest.

        The order stays: the first one is never put below the second.
        """
        confident = 1 / (1 + np.exp(-(_evidence(probabilities) @ self.weights + self.bias)))
        second, first = np.sort(probabilities, axis=1)[:, -2:].T
        rest = 1 - first
        tie = second / (rest + second) + SMALLEST  # just above the confidence at which both would be level
        confident = np.clip(np.maximum(confident, tie), SMALLEST, 1 - SMALLEST)
        scaled = probabilities * ((1 - confident) / np.maximum(rest, SMALLEST))[:, None]
        scaled[np.arange(len(scaled)), probabilities.argmax(axis=1)] = confident
        return scaled / scaled.sum(axis=1, keepdims=True)


def _evidence(probabilities: np.ndarray) -> np.ndarray:
    second, first = np.sort(probabilities, axis=1)[:, -2:].T.clip(SMALLEST, 1 - SMALLEST)
    return np.column_stack([np.log(first / (1 - first)), np.log(first / second)])
