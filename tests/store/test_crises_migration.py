"""Danger that waits while an older service is renewed keeps its alarm; the step back takes only what is new."""

from datetime import UTC, datetime, timedelta

from alembic import command
from alembic.config import Config
from cryptography.fernet import Fernet
from sqlalchemy import Connection, bindparam, inspect, text

from bot.limits import CRISIS_UNCLAIMED_SECONDS
from bot.store import crises
from bot.store.cipher import Cipher
from bot.store.database import MIGRATIONS, Database
from bot.store.tables import Utc

NOW = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)
TABLES = {"crises", "alarms", "blocks"}


async def go(database: Database, revision: str, *, back: bool = False) -> None:
    def run(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        (command.downgrade if back else command.upgrade)(config, revision)

    async with database.engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()


async def tables(database: Database) -> set[str]:
    async with database.read() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def test_there_and_back(database_url: str) -> None:
    database = Database(database_url, Cipher([Fernet.generate_key().decode()]))
    await go(database, "0002")
    assert not TABLES & await tables(database)
    async with database.write() as connection:
        for number, (state, level) in enumerate([("waiting", 3), ("waiting", 0), ("counselor", 2)]):
            await connection.execute(
                text(
                    "INSERT INTO conversations (id, channel, key, state, level, intent, malform, last_seq, "
                    "created_at, active_at, waiting_since, muted) VALUES (:id, 'widget', :id, :state, :level, "
                    "'krise_vold', 'nb', 1, :now, :now, :now, false)"
                ).bindparams(bindparam("now", type_=Utc())),
                {"id": f"{number:032}", "state": state, "level": level, "now": NOW},
            )
    await go(database, "head")
    async with database.read() as connection:
        (crisis,) = await crises.of(connection, f"{0:032}")
        limit = timedelta(seconds=CRISIS_UNCLAIMED_SECONDS)
        assert await crises.is_due(connection, NOW + limit, limit)
        assert not await crises.is_due(connection, NOW, limit)
        assert (await crises.figures(connection, NOW))[0].crises == 1
    assert (crisis.level, crisis.at, crisis.waiting_since) == (3, NOW, NOW)
    await go(database, "0002", back=True)
    assert not TABLES & await tables(database)
    await go(database, "head")
    await database.close()
