"""Contacts: the numbers are right, plain only when sure, and open when we say so."""

from datetime import datetime

import pytest

from knowledge import OSLO, Contact, Knowledge, Phone
from knowledge.check import PHONE, reader_texts

# Numbers that were found wrong, outdated or with one source only: nobody may be sent there.
NEVER = (
    "1412", "51531111", "22461922", "22502570", "08588", "22566700", "61279220", "80045353", "38020273",
    "33375077", "55958485", "47900606", "81520077", "47700200", "22944500", "41481220", "22114130", "23905155",
    "45971678", "81521948",
)  # fmt: skip
NIGHT = datetime(2026, 11, 25, 3, 0, tzinfo=OSLO)


@pytest.mark.parametrize(
    ("contact", "display", "e164"),
    [
        ("amk_113", "113", None),
        ("politi_112", "112", None),
        ("brann_110", "110", None),
        ("legevakt_116117", "116 117", None),
        ("mental_helse_116123", "116 123", None),
        ("alarmtelefonen_116111", "116 111", None),
        ("vo_linjen_116006", "116 006", None),
        ("kirkens_sos", "22 40 00 40", "+4722400040"),
        ("giftinformasjonen", "22 59 13 00", "+4722591300"),
        ("kors_pa_halsen", "800 333 21", "+4780033321"),
        ("ivareta_parorendetelefonen", "800 40 567", "+4780040567"),
    ],
)
def test_the_numbers_people_need_most(
    knowledge: Knowledge, contact: str, display: str, e164: str | None
) -> None:
    found = knowledge.contacts[contact]
    assert found.is_plain
    assert found.phone is not None
    assert (found.phone.display, found.phone.e164) == (display, e164)


def test_a_number_that_must_not_be_shown_is_nowhere(knowledge: Knowledge) -> None:
    entries = [
        *knowledge.topics.values(), *knowledge.contacts.values(), *knowledge.crisis.values(),
        *knowledge.phrases.values(), *knowledge.offers.values(),
    ]  # fmt: skip
    in_texts = {
        match.group().replace(" ", "")
        for entry in entries
        for _, text in reader_texts(entry)
        for _, value in text.both()
        for match in PHONE.finditer(value)
    }
    phones = [phone for c in knowledge.contacts.values() for phone in (c.phone, c.sms) if phone]
    phones += [offer.phone for offer in knowledge.offers.values() if offer.phone]
    assert not (in_texts | {phone.dial for phone in phones}) & set(NEVER)


def test_what_is_unsure_is_never_shown_plain(knowledge: Knowledge) -> None:
    for contact in knowledge.contacts.values():
        assert contact.is_plain == (contact.caveat is None), contact.id
        assert contact.confidence == "sikker" or not contact.is_plain, contact.id


def test_children_and_young_people_get_theirs(knowledge: Knowledge) -> None:
    assert knowledge.routing["under_18"] == ("alarmtelefonen_116111", "kors_pa_halsen")
    alarm = knowledge.contacts["alarmtelefonen_116111"]
    assert alarm.sms is not None
    assert alarm.sms.display == "417 16 111"
    assert alarm.chat is not None
    assert "ung_parorende" in alarm.topics.intents


def test_those_who_cannot_call_get_text(knowledge: Knowledge) -> None:
    nod_sms = knowledge.contacts["nod_sms"]
    assert nod_sms.url is not None
    assert nod_sms.caveat is not None
    assert "113" in nod_sms.caveat.nb


def test_at_night_somebody_answers_the_phone(knowledge: Knowledge) -> None:
    names = [contact.id for contact in knowledge.open_alternatives(NIGHT)]
    assert names == ["mental_helse_116123", "kirkens_sos", "legevakt_116117"]
    young = [contact.id for contact in knowledge.open_alternatives(NIGHT, under_18=True)]
    assert young == ["alarmtelefonen_116111", "mental_helse_116123"]


def test_open_is_known_only_when_the_hours_are(knowledge: Knowledge) -> None:
    noon = datetime(2026, 11, 25, 12, 0, tzinfo=OSLO)
    assert knowledge.open_now(knowledge.contacts["ivareta_parorendetelefonen"], noon) is True
    assert knowledge.open_now(knowledge.contacts["ivareta_parorendetelefonen"], NIGHT) is False
    assert knowledge.open_now(knowledge.contacts["demenslinjen"], noon) is None
    assert knowledge.contacts["demenslinjen"].hours_text("nb") == ""
    assert knowledge.contacts["kors_pa_halsen"].hours_text("nb") == "alle dager 14-22"


def test_local_contacts_are_given_only_at_home(knowledge: Knowledge) -> None:
    at_home = [c.id for c in knowledge.contacts_for("krise_barn", kommune="3411")]
    away = [c.id for c in knowledge.contacts_for("krise_barn", kommune="0301")]
    assert "barnevernvakt_ringsaker" in at_home
    assert "barnevernvakt_ringsaker" not in away


def test_a_number_with_two_different_forms_is_refused() -> None:
    with pytest.raises(ValueError, match="dialled"):
        Phone(display="22 40 00 40", dial="22400041")
    with pytest.raises(ValueError, match=r"E\.164"):
        Phone(display="22 40 00 40", dial="22400040", e164="+4722400041")


def test_a_contact_nobody_can_reach_is_refused(knowledge: Knowledge) -> None:
    data = knowledge.contacts["demenslinjen"].model_dump(exclude={"phone", "chat", "url"})
    with pytest.raises(ValueError, match="no way to reach"):
        Contact.model_validate(data)
