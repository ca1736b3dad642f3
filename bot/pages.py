"""What a browser loads: the demo page, the widget, the console; with the headers that keep them safe."""

from pathlib import Path

from aiohttp import web

from bot.channels.guard import SERVICE

WEB = Path(__file__).parent / "web"

# Only our own scripts, styles and sockets; nobody frames the console.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def setup(app: web.Application) -> None:
    """Add the pages to an application."""
    app.on_response_prepare.append(_add_headers)
    app.router.add_get("/", _file(WEB / "demo" / "index.html"))
    app.router.add_get("/console", _file(WEB / "console" / "index.html"))
    app.router.add_static("/demo/", WEB / "demo")
    app.router.add_static("/widget/", WEB / "widget")
    app.router.add_static("/console/", WEB / "console")


def _file(path: Path):  # type: ignore[no-untyped-def]
    async def serve(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(path)

    return serve


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    if request.path.startswith("/widget/"):
        # Other sites embed the widget.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.path.startswith("/console"):
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
    public = request.app[SERVICE].settings.public_url
    if public and public.startswith("https://"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
