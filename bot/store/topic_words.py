"""PostgreSQL's full text search over the topics: words with their weights in, topics with their rank out.

The words are stems already (knowledge/search.py), so no dictionary of PostgreSQL's comes between.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import topic_words as table
from knowledge.search import Row

EDITIONS_KEPT = 3  # of the knowledge base: services that are renewed one by one have two for a while
_LAST_POSITION = 16_383  # what a tsvector holds
_LAST_OF_A_WORD = 255
_LOCK = 0x686A656C70  # "hjelp": who fills holds it

# ts_rank knows nothing of how rare a word is: each word's rank is weighed by that here, as bm25 does. The weights of
# rest, short answer and title, and the factor, are set so that the scores are near those of SQLite's bm25
# (tests/conversation/test_lookup.py says how near).
_RANK = text("""
    WITH wanted AS (SELECT CAST(stem AS tsquery) AS query FROM unnest(CAST(:stems AS text[])) AS stem),
    found AS (
        SELECT topic, query, ts_rank(CAST(:weights AS real[]), words, query) AS rank
        FROM topic_words JOIN wanted ON words @@ query WHERE edition = :edition
    ),
    spread AS (SELECT query, count(*) AS having_it FROM found GROUP BY query)
    SELECT topic, sum(:factor * rank * greatest(0.000001, ln((:topics - having_it + 0.5) / (having_it + 0.5))))
    FROM found JOIN spread USING (query) GROUP BY topic
""")
_WEIGHTS = [0.0, 0.5, 0.75, 1.0]
_FACTOR = 2.9


async def ranked(
    connection: AsyncConnection, edition: str, stems: Sequence[str], topics: int
) -> list[tuple[str, float]]:
    """Return the topics that have one of the stems, and how well each fits; `topics` is how many there are."""
    values = {
        "edition": edition,
        "stems": [_quoted(stem) for stem in stems],
        "topics": topics,
        "weights": _WEIGHTS,
        "factor": _FACTOR,
    }
    return [(topic, float(score)) for topic, score in await connection.execute(_RANK, values)]


async def fill(connection: AsyncConnection, edition: str, rows: Iterable[Row], now: datetime) -> None:
    """Store an edition, if nobody has, and let go of the oldest ones."""
    await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    await connection.execute(
        insert(table)
        .values([{"edition": edition, "topic": row.topic, "words": _vector(row), "at": now} for row in rows])
        .on_conflict_do_update(index_elements=[table.c.edition, table.c.topic], set_={"at": now})
    )
    newest = (
        select(table.c.edition)
        .group_by(table.c.edition)
        .order_by(func.max(table.c.at).desc())
        .limit(EDITIONS_KEPT)
    )
    await connection.execute(delete(table).where(table.c.edition.not_in(newest)))


def _vector(row: Row) -> str:
    """Return a tsvector as it is written: each word with its places and, by column, their weight."""
    places: dict[str, list[str]] = {}
    column_of = [
        (word, weight) for column, weight in zip(_columns(row), "ABC", strict=True) for word in column
    ]
    for place, (word, weight) in enumerate(column_of, start=1):
        places.setdefault(word, []).append(f"{min(place, _LAST_POSITION)}{weight}")
    return " ".join(f"{_quoted(word)}:{','.join(at[:_LAST_OF_A_WORD])}" for word, at in places.items())


def _columns(row: Row) -> tuple[list[str], list[str], list[str]]:
    return row.title.split(), row.short.split(), row.rest.split()


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
