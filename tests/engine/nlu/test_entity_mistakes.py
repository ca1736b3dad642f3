"""Mistakes that were made once: what looks like an entity and is none, and what was not seen."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from components.entities.finder import EntityFinder, read_knowledge
from components.entities.times import times

KNOWLEDGE = Path(__file__).resolve().parents[3] / "knowledge"
WEDNESDAY = datetime(2026, 11, 25, 9, 0)


@pytest.fixture(scope="module")
def finder() -> EntityFinder:
    return EntityFinder(read_knowledge(KNOWLEDGE))


def values(finder: EntityFinder, text: str, entity: str) -> list:
    return [found.value for found in finder.find(text) if found.entity == entity]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Somebody else's kin.
        ("Kjæresten min ligger på sykehus, og moren hennes vil bestemme", ["kjaereste"]),
        ("sjefen sin kone har sagt det samme", []),
        ("Broren min bor hjemme. Hans eldste sønn hjelper til", ["bror"]),
        ("Naboen slår kona si", ["nabo"]),
        ("vi bor hos hennes far, min kjeller er full", []),
        ("kona sin lege svarer ikke", ["ektefelle"]),
        # The writer's own part.
        ("Kan jeg som søster be om vurdering av broren min?", ["bror"]),
        ("Hva skal jeg gjøre for sønnen min som far?", ["sonn"]),
        ("Jeg er farmor. Sønnen min er syk", ["sonn"]),
        ("vi døtrene steller mor", ["mor"]),
        ("oss barna får ikke vite noe om far", ["far"]),
        ("å være datter av en syk far er tungt", ["far"]),
        ("Jeg er alene mamma til en gutt med adhd", ["sonn"]),
        ("Bestefar her. Barnebarnet mitt er syk", ["barnebarn"]),
        ("brevet som mor fikk", ["mor"]),
        # People at large.
        ("er det kurs for foreldre", []),
        ("vil treffe andre mødre", []),
        ("Jeg har to foreldre som er syke", ["forelder"]),
        # Those who only gave advice.
        ("Naboen sier at mor kan få hjelp", ["mor"]),
        ("naboen er syk og har ingen", ["nabo"]),
        # A child's own kin, and children at large.
        ("Sønnen min spør etter pappa", ["sonn"]),
        ("Guten vår er sjuk, får søstera og hjelp?", ["sonn"]),
        ("Datteren min er syk. Hvor mange dager gir sykt barn?", ["datter"]),
        # Chains.
        ("pappaen til jenta mi har flyttet", ["datter"]),
        ("den forrige kona til mannen min er syk", ["ektefelle"]),
        ("Skal jeg bo hos tante? Moren er syk", ["annen_slekt", "mor"]),
        # The writer's own part, turned round when it is the answer.
        ("jeg er søsteren hans", ["bror"]),
        ("eg er dotter hennar", ["mor"]),
        ("jeg er barnebarnet", ["besteforelder"]),
        ("jeg er naboen hennes", ["nabo"]),
        # Without "min".
        ("Jeg er redd for mannen", ["ektefelle"]),
        ("den hyggelige mannen i butikken", []),
        ("trenger fri fra gutten en helg", ["sonn"]),
        ("sykehuset ber niåringen oversette", ["barn"]),
        ("har en mann med ms", ["ektefelle"]),
        ("i vår kultur man snakker ikke om slikt", []),
        # Words that look like kin.
        ("vondt i magen", []),
        ("grunnen til at jeg spør", []),
        ("f.eks. i morra", []),
        ("det beste for alle", []),
        ("det er ikke jeg som er syk", []),
    ],
)
def test_only_whom_the_writer_is_a_relative_of(finder: EntityFinder, text: str, expected: list[str]) -> None:
    assert values(finder, text, "relasjon") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Who is there for an illness is not the illness.
        ("Har dere nummeret til Kreftforeningen?", []),
        ("demensteamet kom i går", []),
        ("kreftkoordinatoren i kommunen", []),
        ("hun bor på demensavdelingen", []),
        ("han har Alzheimer", ["demens"]),
        # Denied, or something else.
        ("det var ikke kreft", []),
        ("han drikker for lite vann", []),
        ("hun har sluttet å spise og drikke", []),
        ("mamma drikker", ["alkohol"]),
        ("jeg har ikke krefter igjen", []),
        ("kona går ned i stilling", []),
        ("bestefar trenger oksygen", []),
        ("Husker du? Ikke hvem som helst", []),
        # Words that say nothing of an illness.
        ("Jeg er en gammel dame med en sykdom i familien", []),
        ("det ligger meg på hjertet", []),
        # A sign of many things, unless it is all that is said.
        ("Mormor glemmer alt hun skal, og vi er redde for at hun faller", []),
        ("hun glemmer alt", ["demens"]),
        ("han er bare gammel", ["skropelig_alder"]),
        ("han ligger med drypp på heimen og får ikke i seg mat", []),
        ("far har hatt et slag", ["hjerneslag"]),
        # Spellings and one's own.
        ("hun har alshaimer", ["demens"]),
        ("de sier det er frontallappdemens", ["demens"]),
        ("jeg kutter meg når mamma drikker", ["selvskading", "alkohol"]),
        ("han e spellavhengig", ["spillavhengighet"]),
    ],
)
def test_only_what_they_are_ill_with(finder: EntityFinder, text: str, expected: list[str]) -> None:
    assert values(finder, text, "tilstand") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("barna er 5 og 8", [5, 8]),
        ("har en på 8 og en på 11", [8, 11]),
        ("mannen er 50", [50]),
        ("nå er jeg 41 og sliten", [41]),
        ("er 17 og føler meg gammel", [17]),
        ("sønnen vår er fire.", [4]),
        ("sønn på 24 som bor hjemme", [24]),
        ("guten vår bler 18 i mai", [18]),
        ("15", [15]),
        ("det er elleve instanser rundt gutten vår", []),
        ("det er ni måneda siden søstra mi døde", []),
        ("stønaden varer til barnet er 18", []),
        ("det er fem år siden", []),
        ("har ikke sett henne på to år", []),
        ("jeg er bare i norge to år", []),
        ("han er 1,90 høy", []),
        ("de er 78 og 81", [78, 81]),
    ],
)
def test_only_ages_are_ages(finder: EntityFinder, text: str, expected: list[int]) -> None:
    assert values(finder, text, "alder") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("far har time på Haukeland", []),
        ("vi bor på Haukeland", ["4601"]),
        ("hva skal jeg gjøra", []),
        ("nå kommunen har svart", []),
        ("han falt. Kommunen svarer ikke", []),
        ("han har fiska hele livet", []),
        ("bor på Tromøy", ["4203"]),
        ("hva er Oslos tilbud til oss", ["0301"]),
        ("finnes det noe i Fredrikstad eller Ski", ["3107", "3207"]),
        ("vi bor i Bø i Telemark. Hva finnes i Bø?", ["4020", "4020"]),
    ],
)
def test_only_places_are_places(finder: EntityFinder, text: str, expected: list[str]) -> None:
    assert values(finder, text, "kommune") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jeg ringte kommunen i dag og fikk ikke svar", []),
        ("I kveld hentet hun sønnen vår. På telefonen var hun rar", []),
        ("mamma ringer for tolvte gang samme kveld", []),
        ("God morgen!", []),
        ("Jeg har møte med legen på torsdag", []),
        ("hvem passer på henne i kveld", []),
        ("jeg er ledig på fredag, er dere åpne da?", []),
        ("noen har helgevakt, kan dere ringe meg", []),
        ("kan dere ringe meg på fredag", ["på fredag"]),
        ("ring meg tirsdag 10-12", ["tirsdag 10-12"]),
        ("ring meg gjerne i morgen tidlig", ["i morgen tidlig"]),
        ("kan dere ringe i pausen min 11.30", ["11.30"]),
        ("jeg kan ta telefonen etter kl. 16.30", ["etter kl. 16.30"]),
        ("ring helst på torsdag", ["på torsdag"]),
        ("ring meg rett etter skolen", ["rett etter skolen"]),
        ("kan dere ringe meg tilbake, er hjemme hele kvelden", ["hele kvelden"]),
        ("kan jeg få prate med en av dere? jeg kan etter 18 i dag", ["etter 18 i dag"]),
    ],
)
def test_only_when_to_call_is_a_time(text: str, expected: list[str]) -> None:
    assert [text[found.start : found.end] for found in times(text, WEDNESDAY)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pappa sover hele dan", []),
        ("er det noe som heter mestringskurs", []),
        ("hva heter ordningen", []),
        ("hun ligger på St. Olav", []),
        ("bror min Dan er syk", ["Dan"]),
        ("hun heter xiaoling", ["xiaoling"]),
    ],
)
def test_only_persons_have_names(finder: EntityFinder, text: str, expected: list[str]) -> None:
    assert [found.value for found in finder.find(text) if found.entity == "navn"] == expected


@pytest.mark.parametrize(
    ("text", "person", "asked", "names"),
    [
        ("Jeg lurer på om Zbyszek kan få hjelp", (16, 23), True, ["Zbyszek"]),
        ("Jeg kommer fra Syria", (15, 20), False, []),
        ("mamma har demens og bor i Tromsø", (0, 5), False, []),
        ("Kan Kari få hjelp?", (4, 8), False, ["Kari"]),
    ],
)
def test_spacy_is_asked_only_for_what_lists_do_not_know(
    finder: EntityFinder, text: str, person: tuple[int, int], asked: bool, names: list[str]
) -> None:
    calls = []

    def people() -> list[tuple[int, int]]:
        calls.append(text)
        return [person]

    found = finder.find(text, people)
    assert [item.value for item in found if item.entity == "navn"] == names
    assert bool(calls) is asked
