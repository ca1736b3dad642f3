"""The Rasa component around `entities`: lexicons read at training and kept in the model."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, EXTRACTOR, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.entities.finder import EntityFinder, knowledge_files, read_knowledge
from components.entities.names import nobody
from components.norwegian_spacy import PEOPLE

LEXICON_FILE = "lexicon.json"
KNOWLEDGE = Path(__file__).resolve().parents[3] / "knowledge"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class NorwegianEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Extract relasjon, tilstand, kommune, alder, tidspunkt, telefon and navn."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Return the defaults; `knowledge` is the folder of the lexicons, only read by `rasa train`."""
        return {"knowledge": str(KNOWLEDGE)}

    def __init__(
        self,
        finder: Optional[EntityFinder],
        config: Dict[Text, Any],
        storage: ModelStorage,
        resource: Resource,
    ) -> None:
        """Keep what is needed to train and to persist."""
        self._finder = finder
        self._config = config
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NorwegianEntityExtractor:
        """Return a component without lexicons."""
        return cls(None, {**cls.get_default_config(), **config}, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: Dict[Text, Any]) -> Optional[Text]:
        """Return a digest of the lexicons, so that a changed one is trained anew."""
        folder = Path(config.get("knowledge") or KNOWLEDGE)
        digest = hashlib.sha256()
        for path in knowledge_files(folder):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Read the lexicons and put them in the model."""
        bundle = read_knowledge(Path(self._config["knowledge"]))
        self._finder = EntityFinder(bundle)
        with self._storage.write_to(self._resource) as folder:
            (folder / LEXICON_FILE).write_text(json.dumps(bundle, ensure_ascii=False), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NorwegianEntityExtractor:
        """Return the component with the lexicons of the model."""
        with model_storage.read_from(resource) as folder:
            bundle = json.loads((folder / LEXICON_FILE).read_text(encoding="utf-8"))
        return cls(EntityFinder(bundle), {**cls.get_default_config(), **config}, model_storage, resource)

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the entities to each message."""
        for message in messages:
            text = message.get(TEXT)
            if not text or self._finder is None:
                continue
            entities = self._finder.find(text, message.get(PEOPLE) or nobody)
            found = [{**item.as_rasa(text), EXTRACTOR: self.name} for item in entities]
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the examples as they are."""
        return training_data
