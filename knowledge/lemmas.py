"""Which lemmas of our spaCy pipeline the search uses: those that say something the stemmer does not, and are sure.

The pipeline runs in the engine's environment, so its word is kept as data (lemma_spacy.yaml), made anew by
`hjelpelinje knowledge lemmas`. What stands in lemma.yaml, which people write, comes first.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from knowledge.loader import Knowledge
from knowledge.search import Index, load_lexicon, stems

FEWEST: Final = 3  # times a form is seen
SURE: Final = 0.8  # of the times it has this lemma
LEMMA_SEEN: Final = 2  # times the lemma itself is written: the pipeline makes up some

Counts = Iterable[tuple[str, str, int]]


def texts_of(knowledge: Knowledge) -> Iterator[str]:
    """Yield what the topics say, in both written forms, a line each."""
    for topic in knowledge.topics.values():
        for text in (topic.title, topic.recognise, topic.short, topic.details, *topic.steps):
            for _, value in text.both():
                yield " ".join(value.split())


def choose(counts: Counts, knowledge: Knowledge) -> dict[str, list[str]]:
    """Return forms by lemma, given (form, lemma, how often); both sorted."""
    written = load_lexicon(pipeline_file=None)
    grouped = {form for forms in written.lemma.values() for form in forms}
    passed_over = grouped | written.lemma.keys() | set(written.stopp)
    vocabulary = Index(knowledge, written).vocabulary
    lemmas: dict[str, Counter[str]] = defaultdict(Counter)
    for form, seen_as, count in counts:
        lemmas[form][seen_as] += count
    chosen: dict[str, list[str]] = defaultdict(list)
    for form in sorted(lemmas.keys() - passed_over):
        lemma = _surely(lemmas[form])
        if lemma is None or lemma in grouped or stems(form) == stems(lemma):
            continue
        if lemmas[lemma].total() >= LEMMA_SEEN and vocabulary.issuperset(stems(lemma)):
            chosen[lemma].append(form)
    return {
        lemma: chosen[lemma] for lemma in sorted(chosen) if lemma not in itertools.chain(*chosen.values())
    }


def _surely(found: Counter[str]) -> str | None:
    """Return the lemma that a form has nearly always; None when it is seen too seldom to say."""
    lemma, count = found.most_common(1)[0]
    return lemma if found.total() >= FEWEST and count / found.total() >= SURE else None
