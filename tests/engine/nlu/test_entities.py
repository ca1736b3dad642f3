"""What a relative mentions is found, in Bokmål, Nynorsk, dialect and hasty spelling."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from components.entities.finder import EntityFinder, read_knowledge
from components.entities.times import times

KNOWLEDGE = Path(__file__).resolve().parents[3] / "knowledge"
WEDNESDAY = datetime(2026, 11, 25, 9, 0)


@pytest.fixture(scope="module")
def finder():
    return EntityFinder(read_knowledge(KNOWLEDGE))


def values(finder, text, entity):
    return [found.value for found in finder.find(text) if found.entity == entity]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mamma har demens", ["mor"]),
        ("mutter'n husker ingenting", ["mor"]),
        ("ho mor på 84 bur åleine", ["mor"]),
        ("fattern drikk", ["far"]),
        ("sonnen min er syk", ["sonn"]),
        ("guten vår på ni år har autisme", ["sonn"]),
        ("har ei jente på 9 med epilepsi", ["datter"]),
        ("dottera mi et ikkje", ["datter"]),
        ("mannen min fikk slag", ["ektefelle"]),
        ("en mann i gata roper", []),
        ("kona mi", ["ektefelle"]),
        ("sambuaren min", ["samboer"]),
        ("eksmannen min ruser seg", ["ekspartner"]),
        ("svigermor er 90", ["svigerforelder"]),
        ("moren til mannen min er syk", ["svigerforelder"]),
        ("kona sin far er dement", ["svigerforelder"]),
        ("mannens mor er dement", ["svigerforelder"]),
        ("bestemora mi", ["besteforelder"]),
        ("farmor er på sykehjem", ["besteforelder"]),
        ("tanta mi har kols", ["annen_slekt"]),
        ("bestisen min kutter seg", ["venn"]),
        ("jeg er mor til en gutt med adhd", ["sonn"]),
        ("han vil ikke ha hjelp", []),
        ("ho får ikkje sove", []),
        ("Hvor mye får jeg i støtte?", []),
    ],
)
def test_relation_gets_its_canonical_value(finder, text, expected):
    assert values(finder, text, "relasjon") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("han har fått alzheimer", ["demens"]),
        ("demnes hos far", ["demens"]),
        ("hun har brystkreft med spredning", ["kreft"]),
        ("frontotemporal demens", ["demens"]),
        ("fekk slag i vår", ["hjerneslag"]),
        ("sjefen kan slå meg", []),
        ("bror min er skizofren", ["psykose"]),
        ("ho kuttar seg", ["selvskading"]),
        ("han drikk kvar helg", ["alkohol"]),
        ("spiller bort hele lønna", ["spillavhengighet"]),
        ("Hun har ME og ligger i mørket", ["me"]),
        ("vi har me ikkje fått vite", []),
        ("hun er 12 år gammel", []),
        ("han er gammel og faller stadig", ["skropelig_alder"]),
        ("dattera har anoreksi og depresjon", ["spiseforstyrrelse", "depresjon"]),
    ],
)
def test_condition_gets_its_canonical_value(finder, text, expected):
    assert values(finder, text, "tilstand") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("vi bor i tromso", ["5501"]),
        ("Tromsø", ["5501"]),
        ("trondhjem", ["5001"]),
        ("eg bur på Voss", ["4621"]),
        ("bor i moss", ["3103"]),
        ("han står på ski hele dagen", []),
        ("jeg vet ikke når vi har time", []),
        ("bor i kristansand", ["4204"]),
        ("Kari Hagen ringte", []),
        ("Mo i Rana", ["1833"]),
        ("reiser til Gran Canaria", []),
        ("Grünerløkka", ["0301"]),
    ],
)
def test_place_gets_the_number_of_its_municipality(finder, text, expected):
    assert values(finder, text, "kommune") == expected


def test_name_that_two_municipalities_share_gives_both(finder):
    assert sorted(values(finder, "vi bor i Bø", "kommune")) == ["1867", "4020"]
    assert values(finder, "jeg bor i Molde", "kommune") == ["1506"]
    assert values(finder, "bor i Bø i Telemark", "kommune") == ["4020"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mamma er 82 år", [(82, "pasient")]),
        ("mor (84) har falt", [(84, "pasient")]),
        ("jeg er 15 og pappa drikker", [(15, "skriver")]),
        ("æ e 13 år", [(13, "skriver")]),
        ("jente 14 her", [(14, "skriver")]),
        ("tolvåringen vår", [(12, "pasient")]),
        ("sønnen min er åtti prosent ufør", []),
        ("vi har vært gift i 40 år", []),
        ("for 3 år siden", []),
        ("jeg er 50 % sykmeldt", []),
        ("jeg er 24 og søster min er 26", [(24, "skriver"), (26, "pasient")]),
        ("bestefar er åttitre år gammel", [(83, "pasient")]),
    ],
)
def test_age_belongs_to_the_patient_or_to_the_writer(finder, text, expected):
    found = [(f.value, dict(f.extra)["role"]) for f in finder.find(text) if f.entity == "alder"]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ring meg på 412 34 567", ["+4741234567"]),
        ("91234567", ["+4791234567"]),
        ("+46 70 123 45 67", ["+46701234567"]),
        ("han er 82 og hun er 79", []),
        ("jeg ringte 116117 i går", []),
    ],
)
def test_phone_number_is_written_with_its_country(finder, text, expected):
    assert values(finder, text, "telefon") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ring meg i morgen kl 10", ["2026-11-26T10:00"]),
        ("kan dere ringe etter kl 16 på torsdag", ["2026-11-26T16:00"]),
        ("ring mellom 10 og 12 i overmorgen", ["2026-11-27T10:00"]),
        ("fredag ettermiddag passer", ["2026-11-27T13:00"]),
        ("halv ni i morra", ["2026-11-26T08:30"]),
        ("kan de ringe 12.12 kl 14", ["2026-12-12T14:00"]),
        ("om en time", ["2026-11-25T10:00"]),
        ("mamma falt i går og legen kommer på fredag, hun var på sykehus i hele forrige uke", []),
        ("er det åpent i dag", []),
    ],
)
def test_time_to_call_back_is_a_local_iso_time(text, expected):
    assert [found.value for found in times(text, WEDNESDAY)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jeg heter kari", ["kari"]),
        ("Hei, eg heiter Oddbjørn Vik", ["Oddbjørn Vik"]),
        ("mvh berit", ["berit"]),
        ("datteren min fatima er syk", ["fatima"]),
        ("sønnen min even er 14", ["even"]),
        ("fatimas lege sier nei", ["fatima"]),
        ("den ene dagen og per dags dato", []),
        ("pappa kaster stein", []),
        ("journalen hannes", []),
        ("han har alzheimers", []),
    ],
)
def test_private_name_is_found_also_in_lower_case(finder, text, expected):
    found = [text[f.start : f.end] for f in finder.find(text) if f.entity == "navn"]
    assert found == expected


def test_spans_point_at_the_text(finder):
    text = "Mamma (82) har demens og bor i Tromsø, ring 91234567 i morgen"
    for found in finder.find(text):
        assert found.as_rasa(text)["text"] == text[found.start : found.end] != ""
