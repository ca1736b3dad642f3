"""The intent model: character and word n-grams into a linear classifier, and the encoder's opinion. No Rasa in here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

import joblib
import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import KFold
from sklearn.svm import LinearSVC

from components import encoder as encoding
from components.calibration import Blend, TopConfidence
from components.danger_model import DangerModel, DangerScorer, is_danger
from components.encoder import Encoder, split_held_out

FOLDS = 3  # for calibration without the encoder: each example is scored by a model that has not seen it
REGULARISATION = 0.3
WHOLE_WORDS = {"token_pattern": r"\w+"}  # of one letter too: "æ", "e", "å"
FEWEST_HELD_OUT = 150  # examples, to weigh the encoder by


class Features:
    """Character n-grams inside words, words and pairs of words, all weighted by TF-IDF."""

    def __init__(self) -> None:
        """Make untrained features."""
        # What is seen once is left out: half the size, the same accuracy.
        self._chars = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2, dtype=np.float32
        )
        self._words = TfidfVectorizer(
            ngram_range=(1, 2), sublinear_tf=True, min_df=2, dtype=np.float32, **WHOLE_WORDS
        )

    def fit(self, texts: Sequence[str]) -> csr_matrix:
        """Learn the vocabulary; return the features of the texts."""
        features = hstack([self._chars.fit_transform(texts), self._words.fit_transform(texts)], format="csr")
        for part in (self._chars, self._words):
            part.__dict__.pop("stop_words_", None)  # scikit-learn keeps what was left out: 100 MB of memory
        self._rarity = [part.idf_.astype(np.float32) for part in (self._chars, self._words)]
        return features

    def of(self, text: str) -> csr_matrix:
        """Return the features of one text, the row that scikit-learn's `transform` gives.

        That sums and checks the whole vocabulary at each call, which takes longer than the message itself.
        """
        columns, values, width = [], [], 0
        for part, rarity in zip((self._chars, self._words), self._rarity):
            places, weights = _row(part, rarity, text)
            columns.append(places + width)
            values.append(weights)
            width += len(part.vocabulary_)
        data, indices = np.concatenate(values), np.concatenate(columns)
        return csr_matrix((data, indices, [0, len(data)]), shape=(1, width))


def _row(part: TfidfVectorizer, rarity: np.ndarray, text: str) -> Tuple[np.ndarray, np.ndarray]:
    """Return the columns of a text's features and their values, scaled to the length 1."""
    counts = Counter(part.build_analyzer()(text))
    known = [(part.vocabulary_[term], count) for term, count in counts.items() if term in part.vocabulary_]
    if not known:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    columns, numbers = np.array(known, dtype=np.int64).T
    weights = (1 + np.log(numbers.astype(np.float32))) * rarity[columns]
    return columns, weights / np.linalg.norm(weights)


@dataclass
class Linear:
    """A trained linear classifier in single precision, which halves the memory."""

    weights: np.ndarray
    bias: np.ndarray

    @staticmethod
    def fit(features: csr_matrix, answers: np.ndarray, seed: int) -> Linear:
        """Train one against the rest; an intent with few examples weighs as much as one with many."""
        svm = LinearSVC(C=REGULARISATION, class_weight="balanced", random_state=seed).fit(features, answers)
        weights, bias = svm.coef_, svm.intercept_
        if len(weights) == 1:  # two intents: scikit-learn keeps one row
            weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
        return Linear(np.ascontiguousarray(weights.T, dtype=np.float32), bias.astype(np.float32))

    def scores(self, features: csr_matrix) -> np.ndarray:
        """Return a row of scores for each row of features."""
        return features @ self.weights + self.bias


@dataclass(frozen=True)
class Reading:
    """What the model makes of a text: (intent, confidence) pairs, the best first; the probability of danger."""

    ranking: List[Tuple[str, float]]
    danger: float


class IntentModel:
    """Fit on texts and intents, then rank intents for a text.

    With an encoder that knows the intents, its opinion is added to the linear classifier's. The weights of the two
    and the confidences are fitted on messages that neither has seen; the linear part is then trained on all.
    """

    def __init__(self, seed: int = 7, encoder: Optional[Encoder] = None) -> None:
        """Make an untrained model."""
        self._seed = seed
        self._encoder = encoder
        self._features = Features()

    def fit(self, texts: Sequence[str], intents: Sequence[str]) -> IntentModel:
        """Train and calibrate; return self."""
        labels, answers = np.unique(np.array(intents), return_inverse=True)
        self._classes = [str(label) for label in labels]
        features = self._features.fit(texts)
        seen, unseen = split_held_out(texts)
        if not self._can_weigh_encoder(unseen):
            self._encoder, unseen = None, np.arange(len(texts))
            linear = self._cross_scores(features, answers)
        else:
            linear = self._scores_from(features, answers, seen, unseen)
        opinions, alarms = self._opinions([texts[index] for index in unseen])
        self._blend = Blend.fit(linear, opinions, answers[unseen])
        rows = self._blend.probabilities(linear, opinions)
        self._top = TopConfidence.fit(rows, answers[unseen])
        self._linear = Linear.fit(features, answers, self._seed)
        self._danger = self._fit_danger(
            features, is_danger(intents), unseen, self._crisis_share(rows), alarms
        )
        return self

    def _fit_danger(
        self,
        features: csr_matrix,
        danger: np.ndarray,
        unseen: np.ndarray,
        shares: np.ndarray,
        alarms: Optional[np.ndarray],
    ) -> Optional[DangerModel]:
        """Return the model of danger; None where the intents know none (a benchmark's, say)."""
        if danger.all() or not danger.any():
            return None
        scores = np.zeros(len(danger), dtype=np.float32)
        for seen, rest in self._parts(len(danger), unseen):
            scores[rest] = DangerScorer.fit(features[seen], danger[seen], self._seed).scores(features[rest])
        whole = DangerScorer.fit(features, danger, self._seed)
        return DangerModel.fit(whole, scores[unseen], shares, alarms, danger[unseen])

    def _crisis_share(self, rows: np.ndarray) -> np.ndarray:
        """Return what the crisis intents have together of each row of probabilities."""
        share: np.ndarray = rows[:, is_danger(self._classes)].sum(axis=1)
        return share

    def _parts(self, count: int, unseen: np.ndarray) -> Iterator[Tuple[np.ndarray, np.ndarray]]:
        """Yield (seen, unseen) so that each unseen example is scored by a model that has not seen it."""
        if len(unseen) < count:
            yield np.setdiff1d(np.arange(count), unseen), unseen
        else:
            yield from KFold(min(FOLDS, count), shuffle=True, random_state=self._seed).split(np.arange(count))

    def _can_weigh_encoder(self, unseen: np.ndarray) -> bool:
        if self._encoder is None or len(unseen) < FEWEST_HELD_OUT:
            return False
        return len(set(self._classes) & set(self._encoder.intents)) * 2 > len(self._classes)

    def _scores_from(
        self, features: csr_matrix, answers: np.ndarray, seen: np.ndarray, unseen: np.ndarray
    ) -> np.ndarray:
        """Return the scores of the unseen examples by a model trained on the seen ones."""
        present = np.unique(answers[seen])
        part = Linear.fit(features[seen], np.searchsorted(present, answers[seen]), self._seed)
        scores = part.scores(features[unseen])
        everything = np.full((len(unseen), len(self._classes)), scores.min() - 1, dtype=np.float32)
        everything[:, present] = scores
        return everything

    def _cross_scores(self, features: csr_matrix, answers: np.ndarray) -> np.ndarray:
        """Return the scores that each example gets from a model that has not seen it."""
        scores = np.zeros((len(answers), len(self._classes)), dtype=np.float32)
        for seen, unseen in self._parts(len(answers), np.arange(len(answers))):
            scores[unseen] = self._scores_from(features, answers, seen, unseen)
        return scores

    def _opinions(self, texts: Sequence[str]) -> Tuple[Optional[np.ndarray], Optional[np.ndarray]]:
        """Return the encoder's scores in our order, and those of danger; an intent it does not know gets its lowest."""
        if self._encoder is None:
            return None, None
        given = self._encoder.opinions(texts)
        column = {intent: index for index, intent in enumerate(self._encoder.intents)}
        lowest = given[:, :-1].min(axis=1)
        rows = [given[:, column[name]] if name in column else lowest for name in self._classes]
        return np.stack(rows, axis=1), given[:, -1]

    def read(self, text: str) -> Reading:
        """Return what the text means, and how likely it holds danger."""
        features = self._features.of(text)
        opinions, alarms = self._opinions([text])
        rows = self._blend.probabilities(self._linear.scores(features), opinions)
        row = (self._top.apply(rows) if self._top else rows)[0]
        shares = self._crisis_share(rows)
        danger = self._danger.probability(features, shares, alarms)[0] if self._danger else 0.0
        ranking = [(self._classes[index], float(row[index])) for index in np.argsort(-row)]
        return Reading(ranking, float(danger))

    def __getstate__(self) -> Dict[str, Any]:
        """Return what is saved: of the encoder only which one it was."""
        mark = encoding.fingerprint() if self._encoder is not None else None
        return {**self.__dict__, "_encoder": mark}

    def save(self, path: Path) -> None:
        """Write the model to a file."""
        joblib.dump(self, path, compress=3)

    @staticmethod
    def load(path: Path) -> IntentModel:
        """Read a model that `save` wrote; raise ValueError if the shipped encoder is no longer its encoder."""
        model: IntentModel = joblib.load(path)
        mark = model.__dict__["_encoder"]
        if mark is not None:
            if encoding.fingerprint() != mark:
                raise ValueError("the encoder has changed since the model was trained: train again")
            model._encoder = encoding.shipped()
        return model
