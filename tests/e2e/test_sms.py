"""The main job by SMS, through a real Kannel: a text goes in at the SMSC, and the answer comes out there."""

import asyncio
import time
from collections.abc import Iterator

import aiohttp
import pytest

from tests.e2e.conftest import PASSWORD, Live
from tests.e2e.kannel import NUMBER, SECRET, Kannel
from tests.e2e.kannel import PASSWORD as KANNEL_PASSWORD
from tests.e2e.test_safety import pass_time

PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def by_sms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Live, Kannel]]:
    service = Live(tmp_path_factory.mktemp("sms"))
    kannel = Kannel(tmp_path_factory.mktemp("kannel"), service.url)
    service.configure(
        HJELPELINJE_SMS_PROVIDER="kannel",
        HJELPELINJE_SMS_NUMBER=NUMBER,
        HJELPELINJE_KANNEL_URL=f"http://127.0.0.1:{kannel.send_port}/cgi-bin/sendsms",
        HJELPELINJE_KANNEL_PASSWORD=KANNEL_PASSWORD,
        HJELPELINJE_KANNEL_INBOUND_SECRET=SECRET,
        HJELPELINJE_PUBLIC_URL=service.url,
        HJELPELINJE_ALARM_PHONE="+4790000099",
    )
    service.add_counselor("kari", "Kari")
    kannel.start()
    service.start()
    yield service, kannel
    service.stop()
    kannel.stop()


async def until_received(kannel: Kannel, text: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while text not in kannel.received:
        assert time.monotonic() < deadline, f"no {text!r} at the SMSC:\n{kannel.received[-2000:]}"
        await asyncio.sleep(0.2)


async def test_from_first_text_to_closed_conversation(by_sms: tuple[Live, Kannel]) -> None:
    service, kannel = by_sms
    kannel.send("+4790000001", "Hvordan kan jeg faa avlastning for mamma?")
    await until_received(kannel, "dette er Hjelpelinja")
    await until_received(kannel, "vlastning er")
    async with aiohttp.ClientSession(
        f"{service.url}/console/api/",
        cookie_jar=aiohttp.CookieJar(unsafe=True),  # the service is at a bare address here
        raise_for_status=True,
    ) as console:
        await console.post("login", json={"username": "kari", "password": PASSWORD})
        await console.post("duty", json={"on": True})
        kannel.send("+4790000001", "MENNESKE")
        await until_received(kannel, "venter du")
        async with console.get("queue") as response:
            (waiting,) = (await response.json())["items"]
        one = f"conversations/{waiting['id']}"
        await console.post(f"{one}/claim", json={})
        await until_received(kannel, "Kari er r")
        await console.post(f"{one}/messages", json={"id": "m1", "text": "Hei, her er Kari paa SMS"})
        await until_received(kannel, "Hei, her er Kari paa SMS")
        kannel.send("+4790000001", "takk for at du skriver")
        for _ in range(100):
            async with console.get(one) as response:
                items = (await response.json())["messages"]
            if items[-1]["text"] == "takk for at du skriver":
                break
            await asyncio.sleep(0.2)
        assert items[-1]["author"] == "relative"
        await console.post(f"{one}/close", json={"danger_met": False})
        await until_received(kannel, "Samtalen er avsluttet")
        async with console.get(one) as response:
            items = (await response.json())["messages"]
    assert len([item for item in items if item["author"] == "relative"]) == 3


async def test_a_text_sent_while_the_service_is_down_is_answered_when_it_is_back(
    by_sms: tuple[Live, Kannel],
) -> None:
    service, kannel = by_sms
    service.kill()
    kannel.send("+4790000002", "hun puster ikke")
    await asyncio.sleep(2)
    await asyncio.to_thread(service.start)
    await until_received(kannel, "113")


async def test_a_call_without_the_secret_is_refused(by_sms: tuple[Live, Kannel]) -> None:
    service, _ = by_sms
    async with (
        aiohttp.ClientSession(headers={"X-Kannel-From": "+4790000003"}) as session,
        session.post(f"{service.url}/sms/inbound?secret=wrong&id=x", data="hei") as response,
    ):
        assert response.status == 403


async def test_another_alphabet_comes_in_as_it_was_written(by_sms: tuple[Live, Kannel]) -> None:
    _, kannel = by_sms
    kannel.send("+4790000004", "Моя мама хворіє і мені дуже потрібна допомога", "ucs2")
    await until_received(kannel, "телефонуйте 113")


async def test_danger_that_nobody_takes_reaches_the_phone_on_call(by_sms: tuple[Live, Kannel]) -> None:
    service, kannel = by_sms
    kannel.send("+4790000077", "pappa puster ikke")
    await until_received(kannel, "Ring 113")
    pass_time(service)
    await until_received(kannel, "uten at noen har tatt den")
    assert "/console#" in kannel.received
