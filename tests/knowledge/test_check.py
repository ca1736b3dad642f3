"""`check` finds what an editor must put right, and finds nothing in what is shipped."""

from datetime import date

import pytest

from knowledge import Knowledge, Text
from knowledge.check import Finding, check
from knowledge.schema import FollowUp
from tests.knowledge.changed import changed, without

TODAY = date(2026, 11, 25)


def problems(knowledge: Knowledge, entry: str, today: date = TODAY) -> list[str]:
    """Return what is wrong with one entry."""
    return [finding.problem for finding in check(knowledge, today) if finding.entry == entry]


# The subjects that must be answered; the others are offered a person until they are written.
WRITTEN = (
    "taushetsplikt", "rett_til_informasjon", "naermeste_parorende", "avlastning", "omsorgsstonad",
    "pleiepenger_barn", "pleiepenger_livets_slutt", "permisjon", "klage", "demens", "psykisk_sykdom", "rus",
    "barn_som_parorende", "lokale_tilbud", "utslitt",
)  # fmt: skip


def test_nothing_is_wrong_in_what_is_shipped(knowledge: Knowledge) -> None:
    findings = [finding for finding in check(knowledge, TODAY) if finding.field != "intent"]
    assert [str(finding) for finding in findings] == []


def test_every_intent_that_must_be_answered_is(knowledge: Knowledge) -> None:
    unanswered = {finding.entry for finding in check(knowledge, TODAY) if finding.field == "intent"}
    assert not unanswered & set(WRITTEN)
    assert {knowledge.intents[name].kind for name in unanswered} <= {"knowledge"}


def test_missing_nynorsk_is_found(knowledge: Knowledge) -> None:
    spoiled = changed(knowledge, "topics", "taushetsplikt", title=Text(nb="Taushetsplikt"))
    assert problems(spoiled, "taushetsplikt") == ["mangler nynorsk"]


@pytest.mark.parametrize(
    ("part", "entry", "fields", "said"),
    [
        ("topics", "demens", {"related": ("ukjent",)}, "ukjent emne ukjent"),
        ("topics", "demens", {"contacts": ("ukjent",)}, "ukjent kontakt ukjent"),
        ("topics", "demens", {"sms": Text(nb="«Hei»", nn="Hei")}, "tegn som SMS ikke har: «»"),
        ("topics", "demens", {"sms": Text(nb="a " * 160 + "a", nn="Hei")}, "SMS er 321 tegn"),
        ("topics", "demens", {"title": Text(nb="Ring 22 40 00 41", nn="Ring")}, "22 40 00 41 er ikke nummeret"),
        ("topics", "demens", {"title": Text(nb="Ring 116117", nn="Ring")}, "116117 skrives 116 117"),
        ("topics", "demens", {"reviewed": date(2027, 1, 1)}, "er i framtiden"),
        ("topics", "demens", {"title": Text(nb="Pårørenderettighetsinformasjon " * 16, nn="Hei")}, "tung å lese"),
        ("offers", "ivareta", {"kommune": "9999"}, "ukjent kommune 9999"),
        ("offers", "ivareta", {"contact": "ukjent"}, "ukjent kontakt ukjent"),
        ("offers", "ivareta", {"coverage": "kommune"}, "ingen får se tilbudet"),
        ("offers", "ivareta", {"sources": (), "evidence": None}, "mangler kilde"),
        ("contacts", "demenslinjen", {"asked_as": ("telefon",)}, "ingen svar nevner kontakten"),
        ("topics", "klage", {"details": Text(nb="Det er 500 kroner.", nn="A.")}, "500 kroner skal stå i rates.yaml"),
        ("offers", "ivareta", {"contact": "parorendelinjen"}, "har et forbehold som tilbudet mangler"),
        ("phrases", "ko_plass", {"fields": ()}, "felt som ikke er oppgitt: plass"),
        ("phrases", "ko_plass", {"fields": ("plass", "navn")}, "felt som ikke er i bruk: navn"),
        ("phrases", "takk", {"texts": (Text(nb="Hei {navn}", nn="Hei"),)}, "feltene er ulike"),
        ("phrases", "takk", {"texts": (Text(nb="Takk – igjen", nn="Takk"),)}, "tegn som SMS ikke har: –"),
        ("phrases", "takk", {"buttons": (FollowUp(intent="ukjent", label=Text(nb="A", nn="A")),)}, "ukjent intent"),
    ],
)  # fmt: skip
def test_a_mistake_is_found(
    knowledge: Knowledge, part: str, entry: str, fields: dict[str, object], said: str
) -> None:
    found = problems(changed(knowledge, part, entry, **fields), entry)
    assert any(said in problem for problem in found), found


def test_a_crisis_contact_that_needs_a_caveat_is_found(knowledge: Knowledge) -> None:
    caveat = Text(nb="Usikkert", nn="Usikkert")
    spoiled = changed(knowledge, "contacts", "amk_113", use="show_with_caveat", caveat=caveat)
    assert any("amk_113 kan bare vises med forbehold" in p for p in problems(spoiled, "krise_akutt_helse"))


def test_an_intent_without_an_answer_is_found(knowledge: Knowledge) -> None:
    for part, entry in (("topics", "demens"), ("crisis", "krise_vold"), ("phrases", "takk")):
        found = problems(without(knowledge, part, entry), entry)
        assert any("svarer på denne intenten" in problem for problem in found)


def test_an_entry_that_no_intent_reaches_is_found(knowledge: Knowledge) -> None:
    assert "ingen intent fører hit" in problems(without(knowledge, "intents", "demens"), "demens")


def test_an_answer_that_no_condition_knows_is_found(knowledge: Knowledge) -> None:
    (age, consent) = knowledge.topics["rett_til_informasjon"].ask
    wrong = consent.model_copy(
        update={"buttons": (consent.buttons[0].model_copy(update={"value": "kanskje"}),)}
    )
    spoiled = changed(knowledge, "topics", "rett_til_informasjon", ask=(age, wrong))
    assert "samtykke har ikke verdien kanskje" in problems(spoiled, "rett_til_informasjon")


def test_what_is_due_depends_on_the_day_it_is_asked(knowledge: Knowledge) -> None:
    due = knowledge.topics["taushetsplikt"].next_review
    assert problems(knowledge, "taushetsplikt", due) == []
    late = date(due.year + 1, due.month, due.day)
    assert f"skulle vært gjennomgått {due}" in problems(knowledge, "taushetsplikt", late)
    assert any(p.startswith("ble sist sett") for p in problems(knowledge, "amk_113", late))


def test_a_finding_is_one_line() -> None:
    assert str(Finding("topics", "demens", "sms", "for lang")) == "topics: demens: sms: for lang"
