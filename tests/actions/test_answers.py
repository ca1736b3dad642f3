"""Questions of our own, each with the entry that must come first when the intent is right; and how long that takes."""

import json
from pathlib import Path

import pytest

from bot.conversation.noticed import CONTACT_INTENT, helplines_asked_for, said_facts
from knowledge import Knowledge
from knowledge.vocabulary import SAID_FACTS
from tests.actions.conftest import Json, Run, entity

FILE = Path(__file__).parents[1] / "evaluation" / "answers.jsonl"
QUESTIONS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def action_of(question: Json, knowledge: Knowledge) -> str:
    """Return the action the rules choose for an intent."""
    if question["intent"] == "lokale_tilbud":
        return "action_lokale_tilbud"
    return {"knowledge": "action_svar", "crisis": "action_krise", "helpline": "action_si"}[
        knowledge.intents[question["intent"]].kind
    ]


async def answered(run: Run, question: Json, knowledge: Knowledge, **before: str) -> list[Json]:
    """Return the replies to a question whose intent is known, with what the service notices in its words."""
    entities = [entity(e["entity"], e["value"], e.get("role")) for e in question["entities"]]
    entities += said_facts(knowledge, question["text"])
    helplines = helplines_asked_for(knowledge, question["text"], question["intent"], None)
    asked = question | {"intent": CONTACT_INTENT} if helplines else question
    said = await run(action_of(asked, knowledge), asked["intent"], [*entities, *helplines], **before)
    replies: list[Json] = said.replies
    return replies


def test_there_are_enough_and_they_are_about_everything(knowledge: Knowledge) -> None:
    assert len(QUESTIONS) >= 200
    assert len({question["text"] for question in QUESTIONS}) == len(QUESTIONS)
    assert set(knowledge.topics) | set(knowledge.crisis) <= {question["intent"] for question in QUESTIONS}


@pytest.mark.parametrize("malform", ["nb", "nn"])
@pytest.mark.parametrize("kanal", ["widget", "sms"])
async def test_the_right_entry_comes_first(run: Run, knowledge: Knowledge, malform: str, kanal: str) -> None:
    wrong = []
    for question in QUESTIONS:
        replies = await answered(run, question, knowledge, malform=malform, kanal=kanal)
        first = replies[0]["entries"][0]
        if question["intent"] == "lokale_tilbud":
            right = first in knowledge.offers
        elif question["entry"] == "kontaktinfo":
            right = first.startswith("kontaktinfo")
        else:
            right = first == question["entry"]
        if not right:
            wrong.append((question["text"], first))
    assert wrong == []


async def test_the_contact_asked_for_is_in_the_answer(run: Run, knowledge: Knowledge) -> None:
    for question in QUESTIONS:
        if "contact" in question:
            replies = await answered(run, question, knowledge, malform="nb", kanal="widget")
            assert question["contact"] in {
                contact["id"] for reply in replies for contact in reply["contacts"]
            }


def test_every_contact_has_a_question_that_leads_to_it(knowledge: Knowledge) -> None:
    asked = {question["entry"] for question in QUESTIONS} | {
        q["contact"] for q in QUESTIONS if "contact" in q
    }
    assert set(knowledge.contacts) <= asked


async def test_what_was_told_in_the_question_decides_the_answer(run: Run, knowledge: Knowledge) -> None:
    told = [question for question in QUESTIONS if "told" in question]
    for question in told:
        noticed = [entity["value"] for entity in said_facts(knowledge, question["text"])]
        assert set(noticed) == set(question["told"]), question["text"]
        with_it = await answered(run, question, knowledge)
        without_it = await answered(run, question | {"text": ""}, knowledge)
        assert with_it[0]["text"] != without_it[0]["text"], question["text"]
    assert {row.partition(":")[0] for question in told for row in question["told"]} == set(SAID_FACTS)


async def test_every_helpline_about_a_topic_can_be_reached_by_asking_for_more(
    run: Run, knowledge: Knowledge
) -> None:
    for contact in knowledge.contacts.values():
        topics = [intent for intent in contact.topics.intents if intent in knowledge.topics]
        if not topics or any(contact.id in knowledge.topics[topic].contacts for topic in knowledge.topics):
            continue
        heard = ""
        for topic in topics:
            for page in range(4):
                tilstand = next(iter(contact.topics.tilstander), None)
                said = await run("action_utdyp", "utdyp", tema=topic, dybde=page, tilstand=tilstand)
                heard += said.text
        assert contact.name in heard, contact.id
