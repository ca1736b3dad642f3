"""Look a subject up in the knowledge base: by whatever searches it best on this database, and always with an answer."""

import logging

from sqlalchemy.exc import SQLAlchemyError

from bot.conversation.service import Service
from bot.limits import SEARCH_SECONDS
from bot.store import topic_words
from knowledge.search import Hit, Index, index_for

log = logging.getLogger(__name__)


async def look_up(service: Service, query: str, limit: int = 3) -> list[Hit]:
    """Return the topics that fit `query` best, at most `limit`, best first; empty when none shares a word."""
    index = index_for(service.knowledge)
    wanted = index.wanted(query)
    if wanted and not service.database.is_sqlite:
        try:
            ranked = await service.database.within(SEARCH_SECONDS, _ranked(service, index, wanted))
            return index.hits(wanted, ranked, limit)
        except (SQLAlchemyError, OSError) as error:
            log.warning("searching in memory: the database says %s", type(error).__name__)
    return index.search(query, limit)


async def _ranked(service: Service, index: Index, wanted: list[str]) -> list[tuple[str, float]]:
    """Search in the database; what it does not have yet of this knowledge base, it is given first."""
    async with service.database.read() as connection:
        found = await topic_words.ranked(connection, index.edition, wanted, len(index.rows))
    if found:  # each stem that is wanted stands in some topic
        return found
    async with service.database.write() as connection:
        await topic_words.fill(connection, index.edition, index.rows, service.now())
        return await topic_words.ranked(connection, index.edition, wanted, len(index.rows))
