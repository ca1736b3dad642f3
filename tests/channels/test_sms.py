"""SMS without a gateway: what comes in is stored before it is acknowledged, what goes out is tried as written."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr
from twilio.request_validator import RequestValidator

from bot.channels.sms import make_provider
from bot.channels.sms.provider import SendError
from bot.channels.sms.sending import Sending
from bot.conversation.service import Service
from bot.limits import SMS_RETRY_SECONDS
from bot.server import make_app
from tests.script import NUMBER, answer_all, said, write

Client = TestClient[web.Request, web.Application]
SID, TOKEN, PUBLIC = "AC" + "0" * 32, "twilio-token", "https://chat.example.no"


class Gateway:
    """A gateway that does what the test says."""

    name = "test"

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.error: SendError | None = None

    async def send(self, to: str, text: str, delivery_id: int) -> str:
        if self.error:
            raise self.error
        self.sent.append((to, text))
        return f"ref-{delivery_id}"


async def send_all(service: Service, gateway: Gateway) -> None:
    sending = Sending(service, gateway)  # type: ignore[arg-type]
    while await sending.send_next():
        pass


async def statuses(service: Service) -> list[str]:
    async with service.database.read() as connection:
        return [
            row[0] for row in await connection.exec_driver_sql("SELECT status FROM deliveries ORDER BY id")
        ]


async def test_the_first_answer_says_who_we_are_and_how_to_stop(service: Service) -> None:
    gateway = Gateway()
    await write(service, "hei", sms=True)
    await answer_all(service)
    await send_all(service, gateway)
    assert [to for to, _ in gateway.sent] == [NUMBER, NUMBER]
    assert "STOPP" in gateway.sent[0][1]
    assert gateway.sent[1][1] == "svar om avlastning"


async def test_what_cannot_be_sent_is_tried_again_by_the_ladder_and_ends_as_failed(service: Service) -> None:
    gateway = Gateway()
    gateway.error = SendError("down")
    await write(service, "hei", sms=True)
    begun = service.now()
    service.now = lambda: begun
    waited = 0.0
    for pause in (*SMS_RETRY_SECONDS, 0.0):
        await send_all(service, gateway)
        waited += pause + 0.1
        later = begun + timedelta(seconds=waited)
        service.now = lambda moment=later: moment  # type: ignore[misc]
    assert await statuses(service) == ["failed"]


async def test_order_is_kept_while_the_gateway_is_down(service: Service) -> None:
    gateway = Gateway()
    gateway.error = SendError("down")
    await write(service, "hei", sms=True)
    await answer_all(service)
    await send_all(service, gateway)
    gateway.error = None
    await send_all(service, gateway)
    assert gateway.sent == []
    begun = service.now()
    service.now = lambda: begun + timedelta(seconds=SMS_RETRY_SECONDS[0] + 1)
    await send_all(service, gateway)
    assert len(gateway.sent) == 2
    assert "STOPP" in gateway.sent[0][1]


async def test_a_refused_number_is_not_tried_again(service: Service) -> None:
    gateway = Gateway()
    gateway.error = SendError("no such number", final=True)
    await write(service, "hei", sms=True)
    await send_all(service, gateway)
    assert await statuses(service) == ["failed"]


async def test_stopp_is_confirmed_and_then_nothing_more_is_sent(service: Service) -> None:
    gateway = Gateway()
    await write(service, "hei", sms=True)
    await write(service, "STOPP", sms=True)
    await answer_all(service)
    await send_all(service, gateway)
    assert "ikke flere meldinger" in gateway.sent[-2][1] or "ikke flere meldinger" in gateway.sent[-1][1]
    before = len(gateway.sent)
    await answer_all(service)
    await send_all(service, gateway)
    assert len(gateway.sent) == before
    await write(service, "jeg trenger hjelp likevel", sms=True)
    await answer_all(service)
    await send_all(service, gateway)
    assert gateway.sent[-1][1] == "svar om avlastning"


async def test_slett_leaves_nothing_but_the_confirmation(service: Service) -> None:
    gateway = Gateway()
    await write(service, "min hemmelighet", sms=True)
    await answer_all(service)
    ack = await write(service, "SLETT", sms=True)
    await send_all(service, gateway)
    texts = [item.text for item in await said(service, ack.conversation_id)]
    assert texts[0] == "SLETT"
    assert "hemmelighet" not in str(texts)
    assert "slettet" in gateway.sent[-1][1]


@pytest.fixture
async def twilio(service: Service) -> AsyncIterator[Client]:
    service.settings.sms_provider = "twilio"
    service.settings.twilio_account_sid = SID
    service.settings.twilio_auth_token = SecretStr(TOKEN)
    service.settings.public_url = PUBLIC
    service.settings.sms_number = "+4790000000"
    async with TestClient(TestServer(make_app(service))) as client:
        yield client


def signed(path: str, form: dict[str, str]) -> dict[str, str]:
    return {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(PUBLIC + path, form)}


async def test_twilio_with_a_true_signature_is_heard_once(twilio: Client, service: Service) -> None:
    form = {"From": NUMBER, "Body": "hva er avlastning?", "MessageSid": "SM1"}
    for _ in range(2):
        response = await twilio.post("/sms/inbound", data=form, headers=signed("/sms/inbound", form))
        assert response.status == 200
    async with service.database.read() as connection:
        count = (
            await connection.exec_driver_sql("SELECT count(*) FROM messages WHERE author = 'relative'")
        ).scalar_one()
    assert count == 1


async def test_twilio_with_a_false_signature_is_refused(twilio: Client) -> None:
    form = {"From": NUMBER, "Body": "hei", "MessageSid": "SM1"}
    headers = signed("/sms/inbound", form | {"Body": "noe annet"})
    assert (await twilio.post("/sms/inbound", data=form, headers=headers)).status == 403
    assert (await twilio.post("/sms/inbound", data=form)).status == 403


async def test_twilio_sends_through_its_own_api(service: Service, twilio: Client) -> None:
    calls: list[dict[str, Any]] = []

    async def take(request: web.Request) -> web.Response:
        calls.append(dict(await request.post()))
        return web.json_response({"sid": "SM9", "status": "queued"}, status=201)

    api = web.Application()
    api.router.add_post(f"/2010-04-01/Accounts/{SID}/Messages.json", take)
    async with TestServer(api) as server:
        service.settings.twilio_api_url = str(server.make_url("/"))
        provider = make_provider(service.settings)
        assert provider
        assert await provider.send(NUMBER, "hei på deg", 1) == "SM9"
    assert calls[0]["To"] == NUMBER
    assert calls[0]["Body"] == "hei på deg"
    assert calls[0]["StatusCallback"] == f"{PUBLIC}/sms/receipt"


async def test_a_receipt_is_shown_with_the_message(twilio: Client, service: Service) -> None:
    gateway = Gateway()
    ack = await write(service, "hei", sms=True)
    await send_all(service, gateway)
    form = {"MessageSid": "ref-1", "MessageStatus": "delivered"}
    await twilio.post("/sms/receipt", data=form, headers=signed("/sms/receipt", form))
    assert "delivered" in await statuses(service)
    assert ack.seq == 1


async def test_a_sender_without_a_number_is_left_alone(twilio: Client, service: Service) -> None:
    form = {"From": "Telenor", "Body": "Tilbud!", "MessageSid": "SM2"}
    response = await twilio.post("/sms/inbound", data=form, headers=signed("/sms/inbound", form))
    assert response.status == 200
    async with service.database.read() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM messages")).scalar_one() == 0


async def test_a_picture_is_answered_with_a_wish_for_words(twilio: Client, service: Service) -> None:
    form = {"From": NUMBER, "Body": "", "MessageSid": "SM3", "NumMedia": "1"}
    for _ in range(2):
        response = await twilio.post("/sms/inbound", data=form, headers=signed("/sms/inbound", form))
        assert response.status == 200
    gateway = Gateway()
    await send_all(service, gateway)
    assert [text for _, text in gateway.sent] == [
        service.knowledge.phrases["ikke_tekst"].wording("nb", "sms")
    ]


async def test_kannel_gets_text_and_numbers_in_body_and_headers_never_in_the_address(
    service: Service,
) -> None:
    calls: list[tuple[str, str, str]] = []

    async def take(request: web.Request) -> web.Response:
        calls.append((request.path_qs, request.headers["X-Kannel-To"], await request.text()))
        return web.Response(status=202)

    gateway = web.Application()
    gateway.router.add_post("/cgi-bin/sendsms", take)
    async with TestServer(gateway) as server:
        service.settings.sms_provider = "kannel"
        service.settings.kannel_url = str(server.make_url("/cgi-bin/sendsms"))
        provider = make_provider(service.settings)
        assert provider
        await provider.send(NUMBER, "hei på deg", 1)
        await provider.close()
    assert calls == [("/cgi-bin/sendsms", NUMBER, "hei på deg")]
