"""Offers: what is at home first, then near, then the region, then the country; never nothing."""

import pytest

from knowledge import Knowledge
from knowledge.offer import NEAR_KM, NEAR_SHOWN, REACH_ORDER, distance_km

SANDNES, OSLO, BERGEN, ALVER, NESSEBY, TIME = "1108", "0301", "4601", "4631", "5636", "1121"


def test_sandnes_with_dementia_gets_what_is_in_sandnes_first(knowledge: Knowledge) -> None:
    found = knowledge.offers_for(SANDNES, "lokale_tilbud", "demens", limit=5)
    assert found[0].offer.kommune == SANDNES
    assert found[0].reach == "kommune"
    assert "demens" in found[0].offer.topics.tilstander
    assert any(item.reach == "nasjonal" for item in found)


@pytest.mark.parametrize("topic", ["lokale_tilbud", "demens", "rus", "kreft", "sorg", "avlastning", "klage"])
def test_every_municipality_gets_an_answer_in_order(knowledge: Knowledge, topic: str) -> None:
    for kommune in knowledge.kommuner:
        found = knowledge.offers_for(kommune, topic, limit=5)
        assert found
        assert len(found) <= 5
        order = [REACH_ORDER[item.reach] for item in found]
        assert order == sorted(order)


def test_something_for_the_whole_country_is_always_among_them(knowledge: Knowledge) -> None:
    for kommune in knowledge.kommuner:
        assert any(i.reach == "nasjonal" for i in knowledge.offers_for(kommune, "lokale_tilbud", limit=3))


def test_near_is_by_distance_and_says_how_far(knowledge: Knowledge) -> None:
    found = [
        i for i in knowledge.offers_for(ALVER, "likeperson_gruppe", "demens", limit=20) if i.reach == "naer"
    ]
    assert found
    for item in found:
        assert item.distance_km is not None
        assert 0 < item.distance_km <= NEAR_KM


def test_few_near_ones_are_given_when_there_is_something_else(knowledge: Knowledge) -> None:
    for kommune in knowledge.kommuner:
        found = knowledge.offers_for(kommune, "lokale_tilbud", limit=5)
        assert sum(item.reach == "naer" for item in found) <= NEAR_SHOWN
    everything = knowledge.offers_for(ALVER, "lokale_tilbud", limit=500)
    assert sum(item.reach == "naer" for item in everything) > NEAR_SHOWN


def test_a_service_for_residents_is_not_offered_to_the_neighbours(knowledge: Knowledge) -> None:
    team = knowledge.offers["bergen_hukommelsesteam_i_bergen"]
    assert team in [item.offer for item in knowledge.offers_for(BERGEN, "demens", limit=50)]
    assert team not in [item.offer for item in knowledge.offers_for(ALVER, "demens", limit=50)]


def test_an_offer_about_another_illness_is_not_given(knowledge: Knowledge) -> None:
    for item in knowledge.offers_for(OSLO, "lokale_tilbud", "demens", limit=50):
        assert not item.offer.topics.tilstander or "demens" in item.offer.topics.tilstander


def test_without_a_municipality_only_national_offers_are_given(knowledge: Knowledge) -> None:
    found = knowledge.offers_for(None, "demens", limit=10)
    assert found
    assert {item.reach for item in found} == {"nasjonal"}
    assert knowledge.offers_for("9999", "demens", limit=10) == found


def test_a_subject_without_offers_gets_general_ones(knowledge: Knowledge) -> None:
    assert knowledge.offers_for(NESSEBY, "journalinnsyn_finnes_ikke", limit=3)


def test_an_offer_in_two_municipalities_is_at_home_in_both(knowledge: Knowledge) -> None:
    offer = knowledge.offers["lillesand_parorendeskole_demens_lillesand_og_birkenes"]
    for kommune in offer.kommuner:
        found = knowledge.offers_for(kommune, "demens", "demens", limit=10)
        assert next(item for item in found if item.offer is offer).reach == "kommune"


def test_what_may_be_outdated_says_so(knowledge: Knowledge) -> None:
    for offer in knowledge.offers.values():
        assert (offer.use == "show_with_caveat") == (offer.caveat is not None), offer.id


def test_every_county_has_local_offers(knowledge: Knowledge) -> None:
    counties = {kommune.fylke for kommune in knowledge.kommuner.values()}
    assert len(counties) == 15
    assert counties == {offer.fylke for offer in knowledge.offers.values() if offer.coverage == "kommune"}


def test_all_municipalities_are_there_with_their_credits(knowledge: Knowledge) -> None:
    assert len(knowledge.kommuner) == 357
    credits = " ".join(knowledge.credits)
    for name in (
        "Kartverket",
        "tobiasmcvey/kommunale-nettsider",
        "www.erikbolstad.no/postnummer/",
        "norge-data",
    ):
        assert name in credits


def test_distance_between_two_known_places(knowledge: Knowledge) -> None:
    sandnes, time = knowledge.kommuner[SANDNES], knowledge.kommuner[TIME]
    assert distance_km(sandnes, time) == pytest.approx(distance_km(time, sandnes))
    assert 250 < distance_km(sandnes, knowledge.kommuner[OSLO]) < 320
    assert distance_km(sandnes, sandnes) == 0
