"""What search engines read: schema.org data about a topic, and the sitemap."""

import json
from collections.abc import Iterable
from xml.sax.saxutils import escape

from markupsafe import Markup

from knowledge import Knowledge, Topic


def faq(knowledge: Knowledge, topic: Topic, malform: str, url: str) -> Markup:
    """Return a topic as schema.org FAQPage (JSON-LD): the answer, what to do, and what many get wrong."""
    steps = " ".join(step.in_(malform) for step in topic.steps)
    rows = [(topic.title.in_(malform), f"{topic.short.in_(malform)} {steps}")]
    rows += [(m.claim.in_(malform), m.truth.in_(malform)) for m in topic.misunderstandings]
    data = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "url": url,
        "inLanguage": malform,
        "name": knowledge.intent_title(topic.id, malform),
        "dateModified": topic.reviewed.isoformat(),
        "mainEntity": [
            {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}}
            for question, answer in rows
        ],
    }
    text = json.dumps(data, ensure_ascii=False)
    # The block ends at the first "</": no text may hold one.
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


def sitemap(addresses: Iterable[tuple[str, str]]) -> str:
    """Return a sitemap of addresses, each with the day it was changed or an empty text."""
    rows = "".join(
        f"<url><loc>{escape(address)}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>\n"
        for address, changed in addresses
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
