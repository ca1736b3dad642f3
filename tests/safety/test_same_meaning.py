"""No edit that keeps the meaning takes a direct statement below `high`."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.safety import Level, screen

# Statements, each with the key words that a slip of the thumb may spoil.
STATEMENTS = {
    "Jeg har selvmordstanker": ["selvmordstanker"],
    "Jeg vil ta livet mitt": ["livet"],
    "Jeg vil ikke leve lenger": ["lenger"],
    "Jeg har bestemt meg for å dø": ["bestemt"],
    "Jeg skal ta mitt eget liv i kveld": ["kveld"],
    "Eg har tenkt å ta livet av meg": ["livet", "tenkt"],
    "Broren min har selvmordstanker": ["selvmordstanker", "broren"],
    "Mannen min sier at han vil ta livet sitt": ["livet"],
    "Datteren min kutter seg på armene": ["kutter", "armene"],
    "Sønnen min har tatt overdose": ["overdose"],
    "Mamma er bevisstløs": ["bevisstløs"],
    "Pappa har sterke brystsmerter": ["brystsmerter"],
    "Han puster ikke": ["puster"],
    "Mannen min slår meg hver dag": ["mannen"],
    "Eksen truer med å drepe meg": ["drepe"],
    "Sønnen min er psykotisk nå": ["psykotisk"],
    "Broren min hører stemmer": ["stemmer"],
    "Pappa med demens er forsvunnet": ["forsvunnet"],
    "Stefaren slår ungene": ["stefaren"],
}
LOST = [
    str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"}),
    str.maketrans("æøåÆØÅ", "aoaAOA"),
    str.maketrans("æøåÆØÅ", "äöåÄÖÅ"),
]
EMOJIS = ["😭", "💔", "🙏", "😢", "❤️", "🥺"]
BEFORE = [
    "",
    "Hei. ",
    "Hei, jeg lurte egentlig på avlastning. ",
    "Unnskyld at jeg plager dere. ",
    "Vet ikke hvor jeg skal begynne. ",
]
AFTER = ["", ".", "!!!", " Hva er åpningstiden på torsdag?", " ...", " Hilsen Kari"]
LETTERS = "abcdefghijklmnoprstuvyæøå"

statements = st.sampled_from(sorted(STATEMENTS))


def assert_seen(text: str) -> None:
    assert screen(text).level >= Level.HIGH, text


@settings(deadline=None)
@given(statements, st.lists(st.booleans(), min_size=60, max_size=60))
def test_upper_and_lower_case(text: str, upper: list[bool]) -> None:
    assert_seen("".join(c.upper() if up else c.lower() for c, up in zip(text, upper, strict=False)))


@settings(deadline=None)
@given(statements, st.lists(st.sampled_from([" ", "  ", "   ", "\t", "\u00a0"]), min_size=12, max_size=12))
def test_the_spaces_between_words(text: str, spaces: list[str]) -> None:
    words = text.split()
    assert_seen("".join(word + space for word, space in zip(words, spaces, strict=False)))


@settings(deadline=None)
@given(statements, st.data())
def test_a_key_word_spelled_out_with_spaces_dots_or_asterisks(text: str, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(STATEMENTS[text]))
    between = data.draw(st.sampled_from([" ", ".", "-", "_"]))
    whole = next(part for part in text.split() if part.lower() == word)
    if len(word) > 5:
        assert_seen(text.replace(whole, between.join(whole)))


@settings(deadline=None)
@given(statements, st.sampled_from(LOST))
def test_lost_norwegian_letters(text: str, table: dict[int, str]) -> None:
    assert_seen(text.translate(table))


@settings(deadline=None)
@given(statements, st.lists(st.sampled_from(EMOJIS), min_size=1, max_size=12))
def test_emojis_anywhere(text: str, emojis: list[str]) -> None:
    words = text.split()
    mixed = [part for pair in zip(words, emojis * 12, strict=False) for part in pair]
    assert_seen(" ".join(mixed))
    assert_seen(text + "".join(emojis))


@settings(deadline=None)
@given(statements, st.sampled_from(BEFORE), st.sampled_from(AFTER))
def test_other_words_around_it(text: str, before: str, after: str) -> None:
    assert_seen(before + text + after)


@settings(deadline=None)
@given(statements, st.data())
def test_a_letter_held_down(text: str, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from([i for i, c in enumerate(text) if c.isalpha()]))
    assert_seen(text[:at] + text[at] * data.draw(st.integers(3, 6)) + text[at + 1 :])


@settings(max_examples=600, deadline=None)
@given(statements, st.data())
def test_a_slip_of_the_thumb_in_a_long_key_word(text: str, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(STATEMENTS[text]))
    if len(word) < 8:
        return
    slip = data.draw(slips(word))
    whole = next(part for part in text.split() if part.lower() == word)
    assert_seen(text.replace(whole, slip))


def slips(word: str) -> st.SearchStrategy[str]:
    """Give the word with one letter left out, doubled, added, changed or swapped with its neighbour."""
    places = st.integers(1, len(word) - 2)
    letters = st.sampled_from(LETTERS)
    return st.one_of(
        places.map(lambda i: word[:i] + word[i + 1 :]),
        places.map(lambda i: word[:i] + word[i] + word[i:]),
        places.map(lambda i: word[:i] + word[i + 1] + word[i] + word[i + 2 :]),
        st.tuples(places, letters).map(lambda p: word[: p[0]] + p[1] + word[p[0] :]),
        st.tuples(places, letters).map(lambda p: word[: p[0]] + p[1] + word[p[0] + 1 :]),
    )
