"""What should have been reviewed is answered all the same, and says when somebody last went through it."""

from datetime import date

import pytest

from actions import knowledge_base
from knowledge import Knowledge, sms_segments
from knowledge.offer import rank_offers
from tests.actions.conftest import OWN, Run
from tests.knowledge.changed import changed

SAID = {"nb": "Svaret ble sist gjennomgått 3.2.2025.", "nn": "Svaret vart sist gjennomgått 3.2.2025."}
TOPICS = ("klage", "demens", "avlastning", "tvang")


@pytest.mark.parametrize("kanal", ["widget", "sms"])
@pytest.mark.parametrize("malform", ["nb", "nn"])
@pytest.mark.parametrize("topic", TOPICS)
async def test_an_overdue_topic_says_when(
    run: Run, knowledge: Knowledge, topic: str, malform: str, kanal: str
) -> None:
    late = changed(knowledge, "topics", topic, reviewed=date(2025, 2, 3), next_review=date(2025, 9, 1))
    knowledge_base.use(late, lambda malform: OWN)
    said = await run("action_svar", topic, kanal=kanal, malform=malform, pasient_alder=40.0, kommune="1108")
    assert SAID[malform] in said.replies[0]["text"]
    if kanal == "sms":
        assert (sms_segments(said.replies[0]["text"]) or 9) <= 3
    knowledge_base.use(knowledge, lambda malform: OWN)
    said = await run("action_svar", topic, kanal=kanal, malform=malform, pasient_alder=40.0, kommune="1108")
    assert "gjennomgått" not in said.replies[0]["text"]


def test_of_two_offers_alike_the_one_seen_last_comes_first(knowledge: Knowledge) -> None:
    offer = next(offer for offer in knowledge.offers.values() if offer.coverage == "nasjonal")
    old = offer.model_copy(update={"id": "a_gammel", "seen": date(2025, 1, 1)})
    new = offer.model_copy(update={"id": "b_ny", "seen": date(2026, 1, 1)})
    ranked = rank_offers([old, new], knowledge.kommuner, None, None, None)
    assert [item.offer.id for item in ranked] == ["b_ny", "a_gammel"]
