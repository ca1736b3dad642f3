"""The store: migrations match the tables, keys can be changed, and what is past its time goes."""

from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cryptography.fernet import Fernet
from sqlalchemy import Connection

from bot.conversation import reading
from bot.conversation.service import Service
from bot.runtime import purge
from bot.store.cipher import Cipher, UnreadableError
from bot.store.tables import metadata
from tests.script import TOKEN, answer_all, said, write


async def test_the_migrations_make_the_tables_as_they_are_written_down(service: Service) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with service.database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_twice_changes_nothing(service: Service) -> None:
    ack = await write(service, "hei")
    await service.database.migrate()
    assert len(await said(service, ack.conversation_id)) == 1


async def test_content_past_its_time_is_deleted_and_the_rest_is_not(service: Service) -> None:
    old = await write(service, "gammel")
    await answer_all(service)
    begun = service.now()
    service.now = lambda: begun + timedelta(days=service.settings.content_days - 1)
    new = await write(service, "ny", sms=True)
    service.now = lambda: begun + timedelta(days=service.settings.content_days + 1)
    assert (await purge(service))[0] == 1
    assert await said(service, old.conversation_id) == []
    assert await said(service, new.conversation_id) != []
    assert await reading.find(service, "widget", TOKEN) is None


async def test_a_message_that_cannot_be_decrypted_is_shown_as_such_and_goes_to_a_person(
    service: Service,
) -> None:
    ack = await write(service, "hei")
    service.database.cipher = Cipher([Fernet.generate_key().decode()])
    (item,) = await said(service, ack.conversation_id)
    assert item.text == "Denne meldingen kan ikke leses."


def test_a_new_key_in_front_keeps_old_content_and_look_ups() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    before, after = Cipher([old]), Cipher([new, old])
    assert after.open(before.seal({"text": "hei"})) == {"text": "hei"}
    assert after.lookup("widget", "x") == before.lookup("widget", "x")
    with pytest.raises(UnreadableError):
        before.open(after.seal("hei"))
