"""More about what was said: the details, what many get wrong, then neighbouring topics or a person."""

from actions.offer_text import GENERAL, offers_reply
from actions.reply import Reply, sources_of
from actions.topic_text import details_pages, follow_up_buttons, related_buttons
from actions.turn import Outcome, Turn, TurnAction
from knowledge import Topic


class ActionUtdyp(TurnAction):
    """Say more about the topic answered last."""

    action_name = "action_utdyp"

    def outcome(self, turn: Turn) -> Outcome:
        """Give the next page there is; ask what it is about when there is no topic."""
        tema = turn.slots.get("tema")
        page = turn.count("dybde")
        if tema == GENERAL:
            return Outcome((offers_reply(turn, page=page + 1),), {"dybde": page + 1})
        topic = turn.knowledge.topics.get(tema or "")
        if topic is None:
            return Outcome((turn.say("utdyp", "question"),))
        return _next_page(turn, topic, page)


def _next_page(turn: Turn, topic: Topic, page: int) -> Outcome:
    pages = details_pages(turn, topic)
    if page >= len(pages):
        return Outcome((turn.say("ikke_mer", "answer", related_buttons(turn, topic)),))
    is_last = page + 1 == len(pages)
    end = (*related_buttons(turn, topic), turn.person)
    reply = Reply(
        text=pages[page],
        kind="answer",
        entries=(topic.id,),
        sources=sources_of(topic.sources, topic.reviewed),
        buttons=end if is_last else follow_up_buttons(turn, topic),
    )
    return Outcome((turn.finish(reply),), {"dybde": page + 1})
