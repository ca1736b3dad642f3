"""The Rasa component around `intent_model`: trained by `rasa train`, ranks intents of a message."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components import encoder as encoding
from components.danger_model import CRISIS
from components.intent_model import IntentModel

MODEL_FILE = "intents.joblib"
DANGER = "danger"  # in the parse: the probability that the message holds danger


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NorwegianIntentClassifier(IntentClassifier, GraphComponent):
    """Rank the intents of a message, with confidences that mean what they say, and tell how likely it is danger."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the defaults: how many intents are given beside the crises, and whether the encoder has a say."""
        return {"ranking_length": 10, "seed": 7, "encoder": True}

    def __init__(
        self,
        config: Dict[Text, Any],
        storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        """Keep what is needed to train and to persist."""
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NorwegianIntentClassifier:
        """Return an untrained component."""
        return cls({**cls.get_default_config(), **config}, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: Dict[Text, Any]) -> Optional[Text]:
        """Return the encoder's digest, so that another encoder is trained with anew."""
        return encoding.fingerprint() if config.get("encoder", True) and encoding.is_there() else None

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on the intent examples and persist it."""
        pairs = [(m.get(TEXT), m.get(INTENT)) for m in training_data.intent_examples if m.get(TEXT)]
        if pairs:
            texts, intents = zip(*pairs)
            encoder = encoding.shipped() if self._config["encoder"] and encoding.is_there() else None
            self._model = IntentModel(self._config["seed"], encoder).fit(list(texts), list(intents))
            with self._storage.write_to(self._resource) as folder:
                self._model.save(folder / MODEL_FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NorwegianIntentClassifier:
        """Return the component as it was trained."""
        with model_storage.read_from(resource) as folder:
            model = IntentModel.load(folder / MODEL_FILE)
        return cls({**cls.get_default_config(), **config}, model_storage, resource, model)

    def process(self, messages: List[Message]) -> List[Message]:
        """Set intent and ranking on each message; a message without text gets none."""
        for message in messages:
            text = message.get(TEXT)
            if not text or self._model is None:
                continue
            read = self._model.read(text)
            ranking = [
                {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}
                for place, (name, confidence) in enumerate(read.ranking)
                if place < self._config["ranking_length"] or name.startswith(CRISIS)
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            message.set(DANGER, read.danger, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the examples as they are; nothing after this component learns from its output."""
        return training_data
