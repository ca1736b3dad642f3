"""The intent model: features of the text, a linear classifier, calibrated confidences. No Rasa in here."""

from __future__ import annotations

from pathlib import Path
from typing import List, Sequence, Tuple

import joblib
import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.svm import LinearSVC

FOLDS = 3  # for calibration


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return rows that sum to one."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


class IntentModel:
    """Fit on texts and intents, then rank intents for a text."""

    def __init__(self, seed: int = 7) -> None:
        """Make an untrained model."""
        self._temperature = 1.0
        self._classes: List[str] = []
        self._pipeline = Pipeline(
            [
                (
                    "features",
                    FeatureUnion(
                        [
                            (
                                "chars",
                                TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
                            ),
                            (
                                "words",
                                TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\w+"),
                            ),
                        ]
                    ),
                ),
                ("linear", LinearSVC(C=0.3, random_state=seed)),
            ]
        )

    def fit(self, texts: Sequence[str], intents: Sequence[str]) -> IntentModel:
        """Train and calibrate; return self."""
        labels, answers = np.unique(np.array(intents), return_inverse=True)
        self._classes = [str(label) for label in labels]
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
        held_out = cross_val_predict(
            self._pipeline, list(texts), answers, cv=folds, method="decision_function"
        )
        self._temperature = _best_temperature(held_out, answers)
        self._pipeline.fit(list(texts), answers)
        return self

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """Return a row of confidences for each text, in the order of `classes`."""
        return softmax(self._pipeline.decision_function(list(texts)) / self._temperature)

    @property
    def classes(self) -> List[str]:
        """The intents, in the order of the columns."""
        return self._classes

    def rank(self, text: str) -> List[Tuple[str, float]]:
        """Return (intent, confidence) pairs, the best first."""
        row = self.probabilities([text])[0]
        return [(self._classes[index], float(row[index])) for index in np.argsort(-row)]

    def save(self, path: Path) -> None:
        """Write the model to a file."""
        joblib.dump(self, path, compress=3)

    @staticmethod
    def load(path: Path) -> IntentModel:
        """Read a model that `save` wrote."""
        return joblib.load(path)


def _best_temperature(scores: np.ndarray, answers: np.ndarray) -> float:
    """Return the divisor of the scores that makes the true intents most likely."""

    def loss(log_temperature: float) -> float:
        rows = softmax(scores / np.exp(log_temperature))
        return float(-np.log(rows[np.arange(len(answers)), answers] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 3), method="bounded").x))
