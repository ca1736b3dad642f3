"""Rasa's SpacyNLP with the Norwegian pipeline that the engine ships.

Which pipeline is one setting: the environment variable `HJELPELINJE_SPACY_MODEL` names a package
(`nb_core_news_sm`) or a folder; without it, `model` of config.yml counts; without that, the shipped one is used.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict, Text

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.utils.spacy_utils import SpacyNLP
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language

SETTING = "HJELPELINJE_SPACY_MODEL"
SHIPPED = Path(__file__).resolve().parent.parent / "pipeline" / "nb_hjelpelinje"


def keep_what_is_used(nlp: Language) -> None:
    """Switch off all but the names, the only thing that the engine reads; it halves the time of a message."""
    wanted = {"ner"} & set(nlp.pipe_names)
    if wanted and any(node.name == "tok2vec-listener" for node in nlp.get_pipe("ner").model.walk()):
        wanted.add("tok2vec")
    nlp.select_pipes(enable=sorted(wanted))


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MODEL_LOADER, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=False,
    model_from="NorwegianSpacy",
)
class NorwegianSpacy(SpacyNLP):
    """Load the pipeline and put a spaCy document on each message that is served."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the defaults: case is kept, names need it."""
        return {"case_sensitive": True, "model": None}

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NorwegianSpacy:
        """Load the pipeline named by the setting; raise InvalidModelError if it is not there."""
        name = os.environ.get(SETTING) or config.get("model") or str(SHIPPED)
        loaded = cls.load_model(name)
        keep_what_is_used(loaded.model)
        return cls(loaded, {**cls.get_default_config(), **config, "model": name})

    def process_training_data(self, training_data: TrainingData, model: Any = None) -> TrainingData:
        """Leave the examples alone: nothing that is trained reads the documents, and it takes a minute."""
        return training_data
