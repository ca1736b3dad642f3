"""Every helpline is found by its name, by what it is for, and in the words and forms people write."""

from pathlib import Path

import pytest

from knowledge import Knowledge, KnowledgeError
from knowledge.check import check
from knowledge.contact_search import (
    FILE,
    MOST,
    asks_to_reach,
    contacts_asked_for,
    load_asking,
)
from tests.knowledge.changed import changed
from tests.knowledge.test_check import TODAY


def names(knowledge: Knowledge, text: str, kommune: str | None = None) -> list[str]:
    """Return the ids of what is found."""
    return [contact.id for contact in contacts_asked_for(knowledge, text, kommune)]


def test_every_contact_comes_first_when_its_number_is_asked_for_by_name(knowledge: Knowledge) -> None:
    for contact in knowledge.contacts.values():
        home = next(iter(contact.kommuner), None)
        asked = f"Har dere nummeret til {contact.name}?"
        assert asks_to_reach(knowledge, asked, clearly=True)
        assert contact.id in names(knowledge, asked, home)[:2], contact.id


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("har dere nummeret til giftinformasjonen", ["giftinformasjonen"]),
        ("kva er nummeret til giftinformasjonen?", ["giftinformasjonen"]),
        ("nummeret til legevakta", ["legevakt_116117"]),
        ("tlf til kreftforeninga", ["kreftforeningen"]),
        ("Når har demenslinja åpent?", ["demenslinjen"]),
        ("nummeret til Leve", ["leve"]),
        ("nummeret til leve", ["leve"]),
        ("telefon til ROS", ["ros"]),
        ("nummer til mental helse ungdom", ["mental_helse_ungdom_chat"]),
        ("kan jeg chatte med noen om rus", ["rusinfo"]),
        ("Røde Kors sin chat", ["rode_kors_telefonen"]),
        ("hvilke nødnumre finnes?", ["politi_112", "amk_113"]),
        ("nummer til kirkens sos og alarmtelefonen", ["kirkens_sos", "alarmtelefonen_116111"]),
        ("hjelpetelefon for pårørande", ["parorendelinjen"]),
        ("nummer til krisesenter", ["krisesenter"]),
        ("nummeret til krisesenteret på Hamar", ["krisesenter_hamar"]),
    ],
)
def test_it_is_found_in_the_words_people_use(knowledge: Knowledge, text: str, found: list[str]) -> None:
    assert asks_to_reach(knowledge, text)
    assert names(knowledge, text) == found


def test_a_chat_for_the_young_is_one_they_can_write_in(knowledge: Knowledge) -> None:
    for text in (
        "Finnes det chat for unge?",
        "er det en chat for ungdommer",
        "finst det ein chat for ungdom",
    ):
        found = contacts_asked_for(knowledge, text)
        assert 1 < len(found) <= MOST
        assert all(contact.chat for contact in found)
        assert "unge_parorende" in {contact.id for contact in found}


def test_a_local_one_comes_first_at_home_and_is_not_given_elsewhere(knowledge: Knowledge) -> None:
    assert names(knowledge, "nummeret til barnevernvakta", "3411") == [
        "barnevernvakt_ringsaker",
        "barnevernvakt",
    ]
    assert names(knowledge, "nummeret til barnevernvakta", "0301") == ["barnevernvakt"]


@pytest.mark.parametrize(
    "text",
    ["hva er nummeret deres", "telefonnummeret til dere", "jeg vil leve et vanlig liv, har dere et nummer",
     "nummer?", "chat", "finnes det et nummer for dem som bor i Nord-Norge", "hvilket av dem går til dere?",
     "Jeg er gift. Hva er nummeret?", ""],
)  # fmt: skip
def test_our_own_number_names_nobody_else(knowledge: Knowledge, text: str) -> None:
    assert names(knowledge, text) == []


@pytest.mark.parametrize(
    "text",
    ["Jeg har ringt legevakten, og de sier nei", "Nav sier at jeg ikke får pleiepenger", "Pappa ligger på sykehus",
     "Hvordan søker jeg Nav på nettsiden om pleiepenger"],
)  # fmt: skip
def test_a_name_alone_asks_for_no_number(knowledge: Knowledge, text: str) -> None:
    assert not asks_to_reach(knowledge, text, clearly=True)


def test_in_a_long_message_the_number_is_by_the_way(knowledge: Knowledge) -> None:
    long = "Mor er 82 og har demens og jeg orker ikke mer. " * 3 + "Har dere nummeret til demenslinjen?"
    assert names(knowledge, long) == ["demenslinjen"]
    assert not asks_to_reach(knowledge, long)
    assert not asks_to_reach(knowledge, long, clearly=True)


def test_a_contact_that_no_question_finds_is_found_by_the_check(knowledge: Knowledge) -> None:
    assert [
        f for f in check(changed(knowledge, "contacts", "ung_no", name="og"), TODAY) if f.entry == "ung_no"
    ]
    spoiled = changed(knowledge, "contacts", "ros", asked_as=("telefon",))
    assert [f.problem for f in check(spoiled, TODAY) if f.entry == "ros"] == [
        "ingen svar nevner kontakten når noen spør etter «telefon»"
    ]


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "asking.yaml"
    file.write_text(FILE.read_text(encoding="utf-8").replace("foran:", "forran:"), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"asking\.yaml"):
        load_asking(file)
