"""The curated knowledge base: what the helpline may say, read from data files beside this module.

`load_knowledge()` is the way in. The package imports nothing of the rest of the project.
"""

from knowledge.contact import Contact, Phone
from knowledge.crisis_answer import Crisis, CrisisLevel, CrisisTexts, Who
from knowledge.hours import OSLO, Hours
from knowledge.loader import Knowledge, KnowledgeError, load_knowledge
from knowledge.offer import Kommune, Offer, RankedOffer, Reach
from knowledge.schema import Answer, Ask, IntentTitle, Law, Phrase, Source, Topic, Variant
from knowledge.situation import Situation, When, age_group
from knowledge.text import Text, gsm7_misfits, lix, sms_segments

__all__ = [
    "OSLO",
    "Answer",
    "Ask",
    "Contact",
    "Crisis",
    "CrisisLevel",
    "CrisisTexts",
    "Hours",
    "IntentTitle",
    "Knowledge",
    "KnowledgeError",
    "Kommune",
    "Law",
    "Offer",
    "Phone",
    "Phrase",
    "RankedOffer",
    "Reach",
    "Situation",
    "Source",
    "Text",
    "Topic",
    "Variant",
    "When",
    "Who",
    "age_group",
    "gsm7_misfits",
    "lix",
    "load_knowledge",
    "sms_segments",
]
