"""Rasa's SpacyNLP with the Norwegian pipeline that the engine ships, asked only when it is needed.

The pipeline finds persons, and that takes longer than all other entities together. Few messages have a word that
can be a name and that no list or rule knows, so a message carries a function instead of a document: the extractor
calls it for those few.

Which pipeline is one setting: the environment variable `HJELPELINJE_SPACY_MODEL` names a package
(`nb_core_news_sm`) or a folder; without it, `model` of config.yml counts; without that, the shipped one is used.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any, Dict, List, Text, Tuple

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.language import Language

PEOPLE = "people"  # under this a message has a function that returns the persons in it as (start, end)
PERSON = "PER"
SETTING = "HJELPELINJE_SPACY_MODEL"
SHIPPED = Path(__file__).resolve().parent.parent / "pipeline" / "nb_hjelpelinje"


def keep_what_is_used(nlp: Language) -> None:
    """Switch off all but the names, the only thing that the engine reads; it halves the time of a message."""
    wanted = {"ner"} & set(nlp.pipe_names)
    if wanted and any(node.name == "tok2vec-listener" for node in nlp.get_pipe("ner").model.walk()):
        wanted.add("tok2vec")
    nlp.select_pipes(enable=sorted(wanted))


def people(nlp: Language, text: Text) -> List[Tuple[int, int]]:
    """Return where the persons stand that the pipeline finds in a text."""
    return [(span.start_char, span.end_char) for span in nlp(text).ents if span.label_ == PERSON]


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MODEL_LOADER, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=False,
    model_from="NorwegianSpacy",
)
class NorwegianSpacy(SpacyNLP):
    """Load the pipeline and put on each message that is served the means to ask it for the persons."""

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

    def process(self, messages: List[Message], model: SpacyModel) -> List[Message]:
        """Let each message know how to find the persons in it."""
        for message in messages:
            if message.get(TEXT):
                message.set(PEOPLE, partial(people, model.model, message.get(TEXT)))
        return messages

    def process_training_data(self, training_data: TrainingData, model: Any = None) -> TrainingData:
        """Leave the examples alone: nothing that is trained reads the documents, and it takes a minute."""
        return training_data
