"""Read everything the service answers from at once, so that it is taken into use as a whole or not at all."""

from knowledge.conditions import conditions_for
from knowledge.contact_search import lookup_for
from knowledge.groups import groups_for
from knowledge.loader import Knowledge, load_knowledge
from knowledge.navigator_loader import navigator_for
from knowledge.search import index_for
from knowledge.told import told_for


def read_everything() -> Knowledge:
    """Return the knowledge base with its groups, search index and navigator read too. Raise KnowledgeError."""
    knowledge = load_knowledge()
    # These remember two knowledge bases: the one in use, and this one.
    for part in (conditions_for, groups_for, index_for, lookup_for, navigator_for, told_for):
        part(knowledge)
    return knowledge
