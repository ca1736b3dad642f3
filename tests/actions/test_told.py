"""Work, home, consent and who is closest: told by the way, asked for once, and remembered for the navigator too."""

import pytest

from knowledge import sms_segments
from tests.actions.conftest import Json, Run, entity

MALFORMER = ("nb", "nn")


def svar(value: str) -> Json:
    """Return a noticed fact as the service hands it over."""
    return entity("svar", value)


MOTHER = entity("relasjon", "mor")


@pytest.mark.parametrize("malform", MALFORMER)
@pytest.mark.parametrize("kanal", ["widget", "sms"])
async def test_consent_changes_what_one_gets_to_know(run: Run, malform: str, kanal: str) -> None:
    texts = set()
    for told in ("samtykke:ja", "samtykke:nei", "samtykke:kan_ikke"):
        said = await run(
            "action_svar", "rett_til_informasjon", [MOTHER, svar(told)], malform=malform, kanal=kanal
        )
        assert said.reply["kind"] == "answer"
        assert said.slots["venter"] is None
        assert said.slots["navigator"] == [told]
        assert kanal == "widget" or (sms_segments(said.text) or 9) <= 3
        texts.add(said.text)
    assert len(texts) == 3


@pytest.mark.parametrize("malform", MALFORMER)
@pytest.mark.parametrize("kanal", ["widget", "sms"])
async def test_of_a_grown_up_it_is_asked_once_and_the_answer_is_given_anew(
    run: Run, malform: str, kanal: str
) -> None:
    first = await run("action_svar", "rett_til_informasjon", [MOTHER], malform=malform, kanal=kanal)
    assert first.slots["venter"] == "svar_samtykke"
    assert '/oppgi_opplysning{"svar":"samtykke:kan_ikke"}' in first.payloads
    before = {name: first.slots[name] for name in ("tema", "sagt", "venter", "relasjon", "navigator")}
    told = await run(
        "action_opplysning",
        "oppgi_opplysning",
        [svar("samtykke:nei")],
        malform=malform,
        kanal=kanal,
        **before,
    )
    assert told.replies[0]["entries"][0] == "rett_til_informasjon"
    assert told.replies[0]["kind"] == "answer"
    assert told.slots["venter"] is None


async def test_of_a_child_consent_is_not_asked_for(run: Run) -> None:
    said = await run("action_svar", "rett_til_informasjon", [entity("alder", "14", "pasient")])
    assert said.slots["venter"] is None
    young = await run("action_svar", "rett_til_informasjon", [MOTHER, entity("alder", "13", "skriver")])
    assert young.slots["venter"] is None


async def test_after_one_question_there_is_no_second(run: Run) -> None:
    first = await run("action_svar", "rett_til_informasjon")
    assert first.slots["venter"] == "svar_pasient_alder"
    before = {name: first.slots[name] for name in ("tema", "sagt", "venter")}
    told = await run("action_opplysning", "oppgi_opplysning", [entity("alder", "82")], **before)
    assert told.slots["venter"] is None
    assert [reply["kind"] for reply in told.replies] == ["answer"]


@pytest.mark.parametrize(
    ("intent", "action", "row"),
    [("bekreft", "action_bekreft", "samtykke:ja"), ("avkreft", "action_avkreft", "samtykke:nei")],
)
async def test_a_plain_yes_or_no_is_an_answer(run: Run, intent: str, action: str, row: str) -> None:
    first = await run("action_svar", "rett_til_informasjon", [MOTHER])
    before = {name: first.slots[name] for name in ("tema", "sagt", "venter", "relasjon")}
    said = await run(action, intent, **before)
    assert said.slots["navigator"] == [row]
    assert said.replies[0]["entries"][0] == "rett_til_informasjon"


@pytest.mark.parametrize("told", ["samtykke:?", "?"])
async def test_not_to_know_is_fine_and_is_not_asked_again(run: Run, told: str) -> None:
    first = await run("action_svar", "rett_til_informasjon", [MOTHER])
    before = {name: first.slots[name] for name in ("tema", "sagt", "venter", "relasjon")}
    said = await run("action_avkreft", "avkreft", [svar(told)], **before)
    assert said.reply["entries"] == ["opplysning_ikke_gitt"]
    assert said.slots["navigator"] == ["samtykke:?"]
    again = await run("action_svar", "journalinnsyn", relasjon="mor", navigator=said.slots["navigator"])
    assert again.slots["venter"] is None


@pytest.mark.parametrize(
    ("topic", "told"),
    [
        ("taushetsplikt", "samtykke:ja"), ("taushetsplikt", "samtykke:nei"), ("taushetsplikt", "samtykke:kan_ikke"),
        ("journalinnsyn", "samtykke:ja"), ("journalinnsyn", "samtykke:nei"), ("journalinnsyn", "samtykke:kan_ikke"),
        ("permisjon", "arbeid:pensjonist"), ("redusert_arbeidstid", "arbeid:selvstendig"),
        ("pleiepenger_barn", "arbeid:ikke_jobb"), ("pleiepenger_barn", "arbeid:selvstendig"),
        ("pleiepenger_livets_slutt", "arbeid:pensjonist"), ("pleiepenger_livets_slutt", "bor:institusjon"),
        ("omsorgspenger", "bor:alene"), ("omsorgspenger", "arbeid:selvstendig"), ("omsorgspenger", "arbeid:ikke_jobb"),
        ("opplaeringspenger", "arbeid:ikke_jobb"), ("hjelpestonad", "bor:institusjon"),
    ],
)  # fmt: skip
async def test_the_answer_uses_what_was_told(run: Run, topic: str, told: str) -> None:
    general = await run("action_svar", topic)
    fitting = await run("action_svar", topic, [svar(told)])
    assert fitting.replies[0]["text"] != general.replies[0]["text"]
    later = await run("action_svar", topic, navigator=[told])
    assert later.replies[0]["text"] == fitting.replies[0]["text"]


async def test_whoever_lives_together_counts_as_close_without_being_family(run: Run) -> None:
    friend = entity("relasjon", "venn")
    together = await run("action_svar", "reiseutgifter", [friend, svar("bor:sammen")])
    apart = await run("action_svar", "reiseutgifter", [friend, svar("bor:hver")])
    assert "samme husstand" in together.text
    assert "samme husstand" not in apart.text


async def test_who_is_not_closest_is_told_so(run: Run) -> None:
    told = [MOTHER, svar("samtykke:kan_ikke")]
    closest = await run("action_svar", "rett_til_informasjon", told)
    other = await run("action_svar", "rett_til_informasjon", [*told, svar("naermeste:nei")])
    assert closest.text != other.text


async def test_whether_one_works_is_asked_where_it_decides(run: Run) -> None:
    said = await run("action_svar", "pleiepenger_livets_slutt")
    assert said.slots["venter"] == "svar_arbeid"
    told = await run("action_svar", "pleiepenger_livets_slutt", [svar("arbeid:ansatt")])
    assert told.slots["venter"] is None


async def test_what_is_about_another_patient_is_forgotten(run: Run) -> None:
    before: Json = {
        "relasjon": "mor",
        "navigator": ["arbeid:ansatt", "bor:sammen", "samtykke:nei", "naermeste:ja"],
    }
    son = await run("action_svar", "klage", [entity("relasjon", "sonn")], **before)
    assert son.slots["navigator"] == ["arbeid:ansatt"]
    same = await run("action_svar", "klage", [entity("relasjon", "forelder")], **before)
    assert same.slots["navigator"] == before["navigator"]


async def test_the_last_word_counts_and_strange_ones_do_not(run: Run) -> None:
    said = await run("action_svar", "klage", [svar("arbeid:student"), svar("arbeid:rik"), svar("tull")],
                     navigator=["arbeid:ansatt"])  # fmt: skip
    assert said.slots["navigator"] == ["arbeid:student"]


async def test_the_navigator_does_not_ask_for_what_was_told(run: Run) -> None:
    begun = await run("action_naviger", "naviger", [svar("start")], navigator=["arbeid:ansatt", "bor:sammen"])
    assert "ansatt" in begun.text
    assert begun.slots["navigator"] == ["arbeid:ansatt", "bor:sammen"]
    said = await run("action_naviger", "naviger", [svar("hvem:barn")], navigator=begun.slots["navigator"],
                     venter="naviger_hvem")  # fmt: skip
    assert said.slots["navigator"] == ["arbeid:ansatt", "bor:sammen", "hvem:barn"]
    asked = []
    slots = {"navigator": said.slots["navigator"], "venter": said.slots["venter"]}
    while slots["venter"]:
        question = slots["venter"].removeprefix("naviger_")
        asked.append(question)
        said = await run("action_naviger", "naviger", [svar(f"{question}:?")], **slots)
        slots = {name: said.slots[name] for name in ("navigator", "venter")}
    assert not {"arbeid", "bor"} & set(asked)


async def test_a_told_fact_answers_the_open_question(run: Run) -> None:
    before: Json = {"navigator": ["hvem:barn"], "venter": "naviger_arbeid"}
    said = await run("action_opplysning", "oppgi_opplysning", [svar("arbeid:pensjonist")], **before)
    assert "arbeid:pensjonist" in said.slots["navigator"]
    assert said.slots["venter"] != "naviger_arbeid"


async def test_facts_told_by_the_way_do_not_begin_a_walk(run: Run) -> None:
    said = await run("action_svar", "omsorgsstonad", [svar("arbeid:ansatt")], kommune="1108")
    assert any('"start"' in payload for payload in said.payloads)
    begun = await run(
        "action_svar", "omsorgsstonad", navigator=["arbeid:ansatt", "hvem:barn"], kommune="1108"
    )
    assert "/naviger" in begun.payloads


async def test_what_was_answered_in_the_navigator_is_used_in_the_answers(run: Run) -> None:
    walk = ["hvem:barn", "alder:0_11", "bor:alene", "arbeid:ansatt"]
    said = await run("action_svar", "omsorgspenger", navigator=walk)
    alone = await run("action_svar", "omsorgspenger", [svar("bor:alene")])
    assert said.replies[0]["text"] == alone.replies[0]["text"]


async def test_starting_over_forgets_them(run: Run) -> None:
    said = await run("action_start_pa_nytt", "start_pa_nytt", navigator=["arbeid:ansatt", "samtykke:ja"])
    assert said.slots["navigator"] is None
