"""What the search takes over from the spaCy pipeline's lemmas."""

from knowledge import Knowledge
from knowledge.lemmas import choose, texts_of
from knowledge.search import load_lexicon

SEEN = [("søke", "søke", 5), ("bruke", "bruke", 5)]


def test_a_form_that_the_stemmer_leaves_apart_is_taken(knowledge: Knowledge) -> None:
    assert choose([*SEEN, ("brukte", "bruke", 3)], knowledge) == {"bruke": ["brukte"]}


def test_what_is_seldom_unsure_made_up_or_of_no_topic_is_not(knowledge: Knowledge) -> None:
    seldom = [("brukte", "bruke", 2)]
    unsure = [("brukte", "bruke", 3), ("brukte", "brukt", 2)]
    made_up = [("søstrane", "søstr", 9)]
    no_topic = [("kvantene", "kvantum", 9), ("kvantum", "kvantum", 9)]
    for counts in (seldom, unsure, made_up, no_topic):
        assert choose([*SEEN, *counts], knowledge) == {}


def test_what_people_have_written_down_comes_first(knowledge: Knowledge) -> None:
    written = load_lexicon(pipeline_file=None).lemma
    form = written["mor"][0]
    assert choose([*SEEN, (form, "søke", 9), ("søkte", "mamma", 9), ("mamma", "mamma", 9)], knowledge) == {}


def test_the_shipped_file_adds_forms_and_hides_none(knowledge: Knowledge) -> None:
    with_pipeline, written = load_lexicon(), load_lexicon(pipeline_file=None)
    assert with_pipeline.stems("brukte") == with_pipeline.stems("bruke") != written.stems("brukte")
    for lemma, forms in written.lemma.items():
        assert set(forms) <= set(with_pipeline.lemma[lemma])


def test_the_texts_are_lines(knowledge: Knowledge) -> None:
    texts = list(texts_of(knowledge))
    assert len(texts) > 500
    assert not any("\n" in text or not text for text in texts)
