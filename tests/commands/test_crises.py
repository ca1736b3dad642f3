"""`hjelpelinje crises`: the figures an operator can keep, without content."""

import argparse
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.commands import crises
from bot.conversation import desk
from bot.conversation.service import Service
from bot.runtime import open_service
from bot.settings import Settings
from tests.conversation.test_answering import make_counselor
from tests.script import write


@pytest.fixture
def settings(settings: Settings) -> Settings:
    settings.secret_keys = SecretStr(Fernet.generate_key().decode())
    return settings


async def danger(service: Service) -> None:
    kari = await make_counselor(service)
    begun = service.now()
    service.now = lambda: begun
    ack = await write(service, "jeg vil ta livet mitt")
    service.now = lambda: begun + timedelta(seconds=42)
    await desk.claim(service, ack.conversation_id, kari)


async def test_the_table_has_a_row_for_all_and_one_a_level(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_service(settings) as service:
        await danger(service)
    assert await crises.run(settings, argparse.Namespace(days=30)) == 0
    said, _, head, everything, high = capsys.readouterr().out.strip().splitlines()
    assert "last 30 days" in said
    assert head.split()[:4] == ["level", "crises", "waiting", "alarmed"]
    assert everything.split()[:5] == ["all", "1", "0", "0", "1"]
    assert high.split()[0] == "high"
    assert high.count("42 s") == 3
