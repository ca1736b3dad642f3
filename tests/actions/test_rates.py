"""A rate that has ended is not told: the answer says so and points to the source, on the screen and by SMS."""

from datetime import date

import pytest

from actions import knowledge_base
from knowledge import Knowledge, sms_segments
from tests.actions.conftest import OWN, Run
from tests.knowledge.changed import ended

YESTERDAY = date(2026, 11, 1)


@pytest.mark.parametrize("kanal", ["widget", "sms"])
@pytest.mark.parametrize(
    ("malform", "gone", "instead"), [("nb", "10 dager", "noen dager"), ("nn", "10 dagar", "nokre dagar")]
)
async def test_the_figure_is_dropped_and_the_source_named(
    run: Run, knowledge: Knowledge, malform: str, gone: str, instead: str, kanal: str
) -> None:
    before = await run("action_svar", "omsorgspenger", malform=malform, kanal=kanal)
    assert f"{gone} i året" in before.replies[0]["text"]
    knowledge_base.use(ended(knowledge, "omsorgspenger", YESTERDAY), lambda malform: OWN)
    after = await run("action_svar", "omsorgspenger", malform=malform, kanal=kanal, pasient_alder=5.0)
    text = after.replies[0]["text"]
    assert f"{gone} i året" not in text
    assert f"{instead} i året" in text
    assert "lovdata.no/dokument/NL/lov/1997-02-28-19" in text
    assert "endra seg" in text or "endret seg" in text
    if kanal == "sms":
        assert (sms_segments(text) or 9) <= 3


async def test_other_answers_are_untouched(run: Run, knowledge: Knowledge) -> None:
    before = await run("action_svar", "permisjon")
    knowledge_base.use(ended(knowledge, "omsorgspenger", YESTERDAY), lambda malform: OWN)
    assert (await run("action_svar", "permisjon")).text == before.text
