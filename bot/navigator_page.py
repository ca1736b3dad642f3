"""The page of the rights navigator (/rettigheter): a form, the list, and the list as PDF. Works without JavaScript.

Answers say something about somebody's health. They come in the body of a POST, are used for the one answer, and are
neither stored nor logged; no address carries them.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot import navigator_pdf
from bot.channels.guard import SERVICE, AddressLimit, remote_address
from bot.conversation.words import own_details
from bot.navigator_view import Words, day, form_questions, items, told_rows
from knowledge.navigator import KOMMUNE, Navigator
from knowledge.navigator_loader import navigator_for

HERE: Final = Path(__file__).parent
PAGE: Final = "/rettigheter"
TOPICS: Final = "/kunnskap/"
URGENT: Final = ("amk_113", "legevakt_116117")
PDF_PER_ADDRESS: Final = 2
PDF_AT_ONCE: Final = 2  # making one takes a core for a second or two

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(HERE / "templates" / "navigator"), autoescape=True, undefined=StrictUndefined
)
_LIMIT: Final = web.AppKey("navigator_pdf_limit", AddressLimit)
_TURNS: Final = web.AppKey("navigator_pdf_turns", asyncio.Semaphore)


def setup(app: web.Application) -> None:
    """Add the page to an application."""
    app[_LIMIT] = AddressLimit(PDF_PER_ADDRESS)
    app[_TURNS] = asyncio.Semaphore(PDF_AT_ONCE)
    app.router.add_get(PAGE, show_form)
    app.router.add_post(PAGE, show_list)
    app.router.add_post(f"{PAGE}/pdf", send_pdf)
    app.router.add_static("/navigator/", HERE / "web" / "navigator")


async def show_form(request: web.Request) -> web.Response:
    """Show the empty form."""
    words = _words(request, request.query.get("m", ""))
    return _page(words, "form.html", questions=form_questions(words, _navigator(request), {}))


async def show_list(request: web.Request) -> web.Response:
    """Show what may apply, or the form again with the answers in it."""
    sent = await request.post()
    words, answers = _words(request, str(sent.get("m", ""))), _answers(request, sent)
    if "endre" in sent:
        questions = form_questions(words, _navigator(request), answers)
        return _private(_page(words, "form.html", questions=questions))
    return _private(_page(words, "result.html", **_list(request, words, answers, pdf=False)))


async def send_pdf(request: web.Request) -> web.Response:
    """Send the list as PDF; 429 or 503 when too many are being made, 501 where none can be."""
    sent = await request.post()
    words, answers = _words(request, str(sent.get("m", ""))), _answers(request, sent)
    if navigator_pdf.library() is None:
        raise web.HTTPNotImplemented(text=words("rettigheter_opptatt"))
    turns = request.app[_TURNS]
    if turns.locked():
        raise web.HTTPServiceUnavailable(text=words("rettigheter_opptatt"))
    html = _html(words, "result.html", **_list(request, words, answers, pdf=True))
    with request.app[_LIMIT].entry(remote_address(request, request.app[SERVICE].settings)):
        async with turns:
            made = await asyncio.to_thread(navigator_pdf.make_pdf, html)
    name = words("rettigheter_pdf_fil")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return _private(web.Response(body=made, content_type="application/pdf", headers=headers))


def _navigator(request: web.Request) -> Navigator:
    return navigator_for(request.app[SERVICE].knowledge)


def _words(request: web.Request, malform: str) -> Words:
    service = request.app[SERVICE]
    form = "nn" if malform == "nn" else "nb"
    return Words(service.knowledge, form, own_details(service, form))


def _answers(request: web.Request, sent: Mapping[str, Any]) -> dict[str, str]:
    """Return the answers that are ours; anything else in the request is ignored."""
    texts = {name: value for name, value in sent.items() if isinstance(value, str)}
    answers = _navigator(request).valid(texts)
    if answers.get(KOMMUNE) not in request.app[SERVICE].knowledge.kommuner:
        answers.pop(KOMMUNE, None)
    return answers


def _list(request: web.Request, words: Words, answers: Mapping[str, str], *, pdf: bool) -> dict[str, Any]:
    navigator = _navigator(request)
    topics = "" if pdf else _topic_base(request.app)
    return {
        "pdf": pdf,
        "can_pdf": navigator_pdf.library() is not None,
        "answers": answers,
        "told": told_rows(words, navigator, answers),
        "items": items(words, navigator.entitlements(answers), answers, topics),
        "reviewed": day(navigator.reviewed),
    }


def _topic_base(app: web.Application) -> str:
    """Return where topics have pages of their own, empty when the service has none."""
    has_pages = any(resource.canonical.startswith(TOPICS) for resource in app.router.resources())
    return TOPICS if has_pages else ""


def _html(words: Words, template: str, **values: Any) -> str:
    lang = words.malform
    other = "nb" if lang == "nn" else "nn"
    shown = {
        "pdf": False,
        "urgent": urgent_line(words),
        "robots": "index" if template == "form.html" else "noindex",
        **values,
    }
    return _TEMPLATES.get_template(template).render(t=words, lang=lang, other=other, **shown)


def urgent_line(words: Words) -> Markup:
    """Return the line for danger with its numbers to tap."""
    line = escape(words("rettigheter_hastar"))
    for name in URGENT:
        phone = words.knowledge.contacts[name].phone
        if phone:
            link = Markup('<a href="tel:{}">{}</a>').format(phone.dial, phone.display)
            line = Markup(line.replace(escape(phone.display), link))  # noqa: S704 - both parts are escaped
    return line


def _page(words: Words, template: str, **values: Any) -> web.Response:
    return web.Response(text=_html(words, template, **values), content_type="text/html")


def _private(response: web.Response) -> web.Response:
    response.headers["Cache-Control"] = "no-store"
    return response
