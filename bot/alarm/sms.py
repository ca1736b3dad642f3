"""The alarm as an SMS to the phone on call, through the gateway that relatives' SMS go by."""

from bot.alarm.sending import Notice
from bot.channels.sms.form import sms_text
from bot.channels.sms.provider import Provider
from bot.conversation.service import Service


class OnCallSms:
    """The phone on call."""

    name = "sms"

    def __init__(self, service: Service, provider: Provider) -> None:
        self._service = service
        self._provider = provider

    async def send(self, notice: Notice) -> None:
        """Hand the SMS to the gateway; raises SendError."""
        settings = self._service.settings
        text = self._service.knowledge.phrases["vakt_sms"].render(
            "nb",
            "sms",
            tjeneste=settings.helpline_name,
            sekunder=notice.waited_seconds,
            lenke=notice.link,
        )
        # Below zero, so that the gateway's receipt is never taken for that of a relative's SMS.
        await self._provider.send(settings.alarm_phone or "", sms_text({"text": text}), -notice.id)

    async def close(self) -> None:
        """Close the gateway's connections."""
        await self._provider.close()
