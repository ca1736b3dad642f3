"""Near copies are found, all of them, and only them."""

from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.near import LIMIT, grams, near_copies

TEXTS = st.lists(st.text(alphabet="ab ", max_size=12), max_size=12)


def pairs(texts: list[str]) -> set[tuple[int, int]]:
    return {(pair.first, pair.second) for pair in near_copies(texts)}


def test_a_changed_letter_in_a_long_text_is_a_near_copy() -> None:
    one = "Mannen min har demens og går ut om natta, og jeg vet ikke hva jeg skal gjøre"
    assert pairs([one, "noe helt annet", one.replace("natta", "natten")]) == {(0, 2)}


def test_case_and_spaces_do_not_make_another_text() -> None:
    assert pairs(["Hvem  kan hjelpe?", "hvem kan hjelpe?"]) == {(0, 1)}


def test_other_words_for_the_same_are_not_a_copy() -> None:
    assert pairs(["Jeg er helt utslitt av å passe på mor", "Å passe på mor har slitt meg helt ut"]) == set()


def test_short_texts_are_copies_only_when_they_are_equal() -> None:
    assert pairs(["ja", "Ja", "nei", "jo"]) == {(0, 1)}


@given(TEXTS)
def test_nothing_is_overlooked(texts: list[str]) -> None:
    sets = [grams(text) for text in texts]
    every = {
        (first, second)
        for second in range(len(texts))
        for first in range(second)
        if len(sets[first] & sets[second]) / len(sets[first] | sets[second]) > LIMIT
    }
    assert pairs(texts) == every
