"""The closed lists that data files may choose from: the values of the entities in the domain.

They are the same as in the engine's domain; a value outside them is refused when a file is read.
"""

from collections.abc import Mapping
from typing import Literal

Relasjon = Literal[
    "mor", "far", "forelder", "ektefelle", "samboer", "kjaereste", "ekspartner", "sonn", "datter", "barn",
    "voksent_barn", "bror", "soster", "sosken", "besteforelder", "barnebarn", "svigerforelder", "stebarn",
    "steforelder", "annen_slekt", "venn", "nabo", "kollega", "seg_selv",
]  # fmt: skip

Tilstand = Literal[
    "demens", "kreft", "hjerneslag", "als", "ms", "parkinson", "kols", "hjertesykdom", "diabetes", "epilepsi",
    "hjerneskade", "kronisk_smerte", "me", "depresjon", "bipolar", "psykose", "angst", "spiseforstyrrelse",
    "adhd", "autisme", "selvskading", "alkohol", "narkotika", "spillavhengighet", "utviklingshemming",
    "funksjonsnedsettelse", "sjelden_diagnose", "skropelig_alder", "livstruende_sykdom", "annen_sykdom",
]  # fmt: skip

AgeGroup = Literal["under_12", "12_15", "16_17", "voksen"]
Channel = Literal["widget", "sms"]
IntentKind = Literal["knowledge", "crisis", "helpline"]
Confidence = Literal["sikker", "usikker"]
Use = Literal["show", "show_with_caveat"]
Slot = Literal["relasjon", "tilstand", "kommune", "pasient_alder", "skriver_alder"]

# One age to stand for each group, when a relative taps a group instead of telling an age.
AGE_OF_GROUP: Mapping[str, int] = {"under_12": 8, "12_15": 14, "16_17": 16, "voksen": 40}

# The patient is grown up when the writer names one of these and tells no age.
ADULT_RELATIONS: frozenset[str] = frozenset(
    {"mor", "far", "forelder", "ektefelle", "samboer", "ekspartner", "voksent_barn", "besteforelder",
     "svigerforelder", "steforelder", "kollega"}
)  # fmt: skip
