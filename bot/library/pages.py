"""The pages for people: topics, contacts, offers, search and the question whether a page was of use.

Everything can be read without JavaScript. A search says something about somebody's life: it comes in the body of a
POST, and is neither stored nor logged. An answer to "Var dette nyttig?" is counted by topic and day.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.channels.guard import SERVICE, same_origin
from bot.conversation.lookup import look_up
from bot.conversation.words import own_details
from bot.library import places, structured, view
from bot.navigator_page import urgent_line
from bot.navigator_view import Words, day
from bot.store import votes
from knowledge import OSLO, Kommune, Topic
from knowledge.conditions import conditions_for
from knowledge.groups import groups_for

HERE: Final = Path(__file__).parent.parent
BASE: Final = "/kunnskap/"
NYNORSK: Final = "/kunnskap/nn/"
HITS: Final = 10
_TOPIC: Final = "{topic:[a-z0-9_]+}"
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(HERE / "templates" / "library"), autoescape=True, undefined=StrictUndefined
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def setup(app: web.Application) -> None:
    """Add the pages to an application."""
    add = app.router
    add.add_get("/kunnskap", _moved(BASE))
    add.add_get("/kunnskap/nn", _moved(NYNORSK))
    for base in (NYNORSK, BASE):
        add.add_get(base, index)
        add.add_post(f"{base}sok", find)
        add.add_get(f"{base}sok", _moved(base))
        add.add_get(f"{base}kontakter", contacts)
        add.add_get(f"{base}tilbud", choose_place)
        add.add_get(f"{base}tilbud/{{place}}", offers)
        add.add_get(f"{base}{_TOPIC}", topic)
        add.add_post(f"{base}{_TOPIC}/nyttig", vote)
    add.add_get("/sitemap.xml", site_map)
    add.add_get("/robots.txt", robots)
    add.add_static("/library/", HERE / "web" / "library")


def _moved(to: str) -> Handler:
    async def redirect(_request: web.Request) -> web.Response:
        raise web.HTTPMovedPermanently(to)

    return redirect


async def index(request: web.Request) -> web.Response:
    """Show all topics in their groups."""
    return _index(request, hits=None, query="")


async def find(request: web.Request) -> web.Response:
    """Show what a search found, above all topics."""
    sent = (await request.post()).get("q", "")
    query = sent if isinstance(sent, str) else ""
    base, words = _base(request), _words(request)
    found = await look_up(request.app[SERVICE], query, HITS)
    hits = [view.topic_link(words, hit.topic, base) for hit in found]
    response = _index(request, hits=hits, query=query)
    response.headers["Cache-Control"] = "no-store"
    return response


async def topic(request: web.Request) -> web.Response:
    """Show everything about a topic."""
    words, base, found = _words(request), _base(request), _topic(request)
    now = request.app[SERVICE].now()
    known = words.knowledge.contacts
    return _page(
        request,
        "topic.html",
        path=found.id,
        topic=found,
        title=found.title.in_(words.malform),
        variants=view.variants(found, conditions_for(words.knowledge), words.malform),
        reservations=view.reservations(words, found, now),
        contacts=[view.contact_view(words, known[name], now) for name in found.contacts if name in known],
        related=view.related(words, found, base),
        faq=structured.faq(
            words.knowledge, found, words.malform, f"{_origin(request)}{_base(request)}{found.id}"
        ),
        thanks="takk" in request.query,
    )


async def vote(request: web.Request) -> web.Response:
    """Count whether a topic's page was of use, and go back to it."""
    found, service = _topic(request), request.app[SERVICE]
    answer = (await request.post()).get("nyttig")
    if answer not in ("ja", "nei") or not _is_own_form(request):
        raise web.HTTPBadRequest
    today = service.now().astimezone(OSLO).date()
    async with service.database.write() as connection:
        await votes.add(connection, found.id, today, helpful=answer == "ja")
    raise web.HTTPSeeOther(f"{_base(request)}{found.id}?takk=1#nyttig")


async def contacts(request: web.Request) -> web.Response:
    """Show all helplines, with what is open now."""
    words = _words(request)
    sections = view.contact_sections(words, request.app[SERVICE].now())
    title = words("kunnskap_kontakter")
    return _page(request, "contacts.html", path="kontakter", title=title, sections=sections)


async def choose_place(request: web.Request) -> web.Response:
    """Show all municipalities, or go to the one that was chosen in the form."""
    place = request.query.get("kommune", "").strip()
    if place:
        named = places.find(request.app[SERVICE].knowledge, place)
        if len(named) == 1:
            raise web.HTTPSeeOther(f"{_base(request)}tilbud/{named[0].number}")
        return _choice(request, named)
    return _choice(request, [])


async def offers(request: web.Request) -> web.Response:
    """Show the offers of a municipality, by number or by name."""
    words, base = _words(request), _base(request)
    named = places.find(words.knowledge, request.match_info["place"])
    if not named:
        raise _not_found(request)
    if len(named) > 1:
        return _choice(request, named)
    kommune = named[0]
    if request.match_info["place"] != kommune.number:
        raise web.HTTPMovedPermanently(f"{base}tilbud/{kommune.number}")
    sections = view.offer_sections(words, kommune, request.app[SERVICE].now())
    return _page(
        request,
        "offers.html",
        path=f"tilbud/{kommune.number}",
        title=words("kunnskap_tilbud_i", navn=kommune.name),
        kommune=kommune,
        has_own=bool(sections) and sections[0][0] == words("kunnskap_i_kommunen"),
        sections=sections,
    )


async def site_map(request: web.Request) -> web.Response:
    """List every page in both written forms."""
    knowledge, origin = request.app[SERVICE].knowledge, _origin(request)
    rows = [(f"{origin}/", ""), (f"{origin}/rettigheter", "")]
    for base in (BASE, NYNORSK):
        start = f"{origin}{base}"
        rows += [(start, ""), (f"{start}kontakter", ""), (f"{start}tilbud", "")]
        rows += [(f"{start}{name}", found.reviewed.isoformat()) for name, found in knowledge.topics.items()]
        rows += [(f"{start}tilbud/{number}", "") for number in knowledge.kommuner]
    return web.Response(text=structured.sitemap(rows), content_type="application/xml")


async def robots(request: web.Request) -> web.Response:
    """Tell search engines where the pages are, and what is none of theirs."""
    text = f"User-agent: *\nDisallow: /console\nSitemap: {_origin(request)}/sitemap.xml\n"
    return web.Response(text=text)


def _is_own_form(request: web.Request) -> bool:
    """Return whether a page of ours sent the form. Ours send no referrer, and so browsers make their origin "null"."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    return request.headers.get("Origin") == "null" or same_origin(request, request.app[SERVICE].settings)


def _index(request: web.Request, *, hits: list[view.Link] | None, query: str) -> web.Response:
    words, base = _words(request), _base(request)
    sections = view.sections(words, groups_for(words.knowledge), base)
    title = words("kunnskap_tittel")
    return _page(request, "index.html", path="", title=title, sections=sections, hits=hits, query=query)


def _choice(request: web.Request, named: list[Kommune]) -> web.Response:
    words, base = _words(request), _base(request)
    several = [view.Link(f"{k.name} ({k.fylke_name})", f"{base}tilbud/{k.number}") for k in named]
    return _page(
        request,
        "places.html",
        path="tilbud",
        title=words("kunnskap_tilbud"),
        several=several,
        counties=view.counties(words.knowledge, base),
    )


def _topic(request: web.Request) -> Topic:
    found = request.app[SERVICE].knowledge.topics.get(request.match_info["topic"])
    if found is None:
        raise _not_found(request)
    return found


def _not_found(request: web.Request) -> web.HTTPNotFound:
    title = _words(request)("kunnskap_finnes_ikke")
    html = _html(request, "missing.html", path="", title=title)
    return web.HTTPNotFound(text=html, content_type="text/html")


def _is_nynorsk(request: web.Request) -> bool:
    return request.path.startswith(NYNORSK) or request.query.get("malform") == "nn"


def _base(request: web.Request) -> str:
    return NYNORSK if _is_nynorsk(request) else BASE


def _words(request: web.Request) -> Words:
    service, malform = request.app[SERVICE], "nn" if _is_nynorsk(request) else "nb"
    return Words(service.knowledge, malform, own_details(service, malform))


def _origin(request: web.Request) -> str:
    public = request.app[SERVICE].settings.public_url
    return public.rstrip("/") if public else f"{request.scheme}://{request.host}"


def _page(request: web.Request, template: str, **values: Any) -> web.Response:
    return web.Response(text=_html(request, template, **values), content_type="text/html")


def _html(request: web.Request, template: str, path: str, **values: Any) -> str:
    words, origin = _words(request), _origin(request)
    lang = words.malform
    return _TEMPLATES.get_template(template).render(
        t=words,
        lang=lang,
        base=_base(request),
        path=path,
        canonical=f"{origin}{_base(request)}{path}",
        alternates=[("nb", f"{origin}{BASE}{path}"), ("nn", f"{origin}{NYNORSK}{path}")],
        other=("nb", f"{BASE}{path}") if lang == "nn" else ("nn", f"{NYNORSK}{path}"),
        urgent=urgent_line(words),
        i=lambda text: text.in_(lang),
        day=day,
        **values,
    )
