"""The closed lists that data files may choose from: the values of the entities in the domain.

They are the same as in the engine's domain; a value outside them is refused when a file is read.
"""

from collections.abc import Mapping
from typing import Literal, get_args

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
# What the writer does by day, and where the one who is ill lives: the navigator's answers, too.
Arbeid = Literal["ansatt", "selvstendig", "student", "ikke_jobb", "pensjonist", "elev"]
Bor = Literal["sammen", "alene", "hver", "institusjon"]
# Whether the one who is ill has said yes or no to the relative being told, or cannot decide it.
Samtykke = Literal["ja", "nei", "kan_ikke"]
# Whether the writer is the patient's closest relative: pasient- og brukerrettighetsloven § 1-3 b.
Naermeste = Literal["ja", "nei"]
Channel = Literal["widget", "sms"]
IntentKind = Literal["knowledge", "crisis", "helpline"]
Confidence = Literal["sikker", "usikker"]
Use = Literal["show", "show_with_caveat"]
Slot = Literal[
    "relasjon", "tilstand", "kommune", "pasient_alder", "skriver_alder", "arbeid", "bor", "samtykke", "naermeste",
]  # fmt: skip

# Facts that are noticed by phrases (told.yaml), and the values each may have. The engine knows nothing of them.
SAID_FACTS: Mapping[str, tuple[str, ...]] = {
    "arbeid": get_args(Arbeid),
    "bor": get_args(Bor),
    "samtykke": get_args(Samtykke),
    "naermeste": get_args(Naermeste),
}
# Of these, the ones about the patient: forgotten when another patient is spoken of.
PATIENT_FACTS: frozenset[str] = frozenset({"bor", "samtykke", "naermeste"})

# One age to stand for each group, when a relative taps a group instead of telling an age.
AGE_OF_GROUP: Mapping[str, int] = {"under_12": 8, "12_15": 14, "16_17": 16, "voksen": 40}

# The patient is grown up when the writer names one of these and tells no age.
ADULT_RELATIONS: frozenset[str] = frozenset(
    {"mor", "far", "forelder", "ektefelle", "samboer", "ekspartner", "voksent_barn", "besteforelder",
     "svigerforelder", "steforelder", "kollega"}
)  # fmt: skip
