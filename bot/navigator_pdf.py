"""The rights navigator's list as a tagged PDF (PDF/UA). The library needs Pango; without it there is no PDF."""

import importlib
import logging
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

log = logging.getLogger(__name__)

STYLE: Final = Path(__file__).parent / "templates" / "navigator" / "pdf.css"


@lru_cache(maxsize=1)
def library() -> Any | None:
    """Return the library, loaded when first asked for; None where the machine lacks what it needs."""
    try:
        return importlib.import_module("weasyprint")
    except OSError as error:
        log.warning("no PDF of the rights navigator: %s", str(error).split("\n", 1)[0][:120])
        return None


def make_pdf(html: str) -> bytes:
    """Return a page as PDF. Nothing is fetched while it is made. Raise RuntimeError without the library."""
    weasyprint = library()
    if weasyprint is None:
        raise RuntimeError("the PDF library cannot be loaded")
    closed = weasyprint.urls.URLFetcher(allowed_protocols=())
    document = weasyprint.HTML(string=html, base_url=None, url_fetcher=closed)
    style = weasyprint.CSS(string=STYLE.read_text(encoding="utf-8"), url_fetcher=closed)
    made: bytes = document.write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1", pdf_tags=True)
    return made
