"""Train on NorSID sentences and tag others. In: JSON {"train", "test"} on standard input; out: {"intents", "slots"}.

Intents by the model that the engine uses. The engine finds its own entities by lexicons and rules, which know
nothing of playlists; slots are tagged by a CRF on the words, their endings, what our spaCy pipeline says of them, and
the intent of the sentence: the labelled one in training, the found one in the test.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any, Dict, List, Sequence

import sklearn_crfsuite
import spacy
from components.intent_model import IntentModel
from components.norwegian_spacy import SHIPPED

Row = Dict[str, Any]
WINDOW = 2
VOWELS, DOUBLE = re.compile("[aeiouy]"), re.compile(r"(.)\1")
AFFIXES = (1, 2, 3, 4, 5)
NEIGHBOUR = ("word", "pos", "suffix3", "shape", "consonants")  # of what is around a word
# Spellings that sound alike, or differ from dialect to dialect.
ALIKE = (
    *(("hv", "v"), ("kv", "v"), ("gj", "j"), ("hj", "j"), ("kj", "sj")),
    *(("æ", "e"), ("ø", "o"), ("å", "o"), ("dt", "t"), ("nd", "n"), ("ld", "l"), ("ng", "n")),
)


def intents(train: Sequence[Row], test: Sequence[Row]) -> List[str]:
    """Return the best intent of each test sentence."""
    model = IntentModel().fit([row["text"] for row in train], [row["intent"] for row in train])
    return [model.read(row["text"]).ranking[0][0] for row in test]


def slots(train: Sequence[Row], test: Sequence[Row], found: Sequence[str]) -> List[List[str]]:
    """Return the tags of each test sentence, whose intents have been `found`."""
    nlp = spacy.load(SHIPPED, disable=["ner", "senter"])
    tagger = sklearn_crfsuite.CRF(
        algorithm="lbfgs", c1=0.05, c2=0.02, max_iterations=120, all_possible_transitions=False
    )
    tagger.fit([features(row, row["intent"], nlp) for row in train], [row["slots"] for row in train])
    return [
        list(tags)
        for tags in tagger.predict([features(row, intent, nlp) for row, intent in zip(test, found)])
    ]


def features(row: Row, intent: str, nlp: Any) -> List[Dict[str, Any]]:
    """Return the features of each word: its own, its neighbours', and those together with the intent."""
    words = [word or "_" for word in row["words"]]  # NorSID has a few words without letters
    tagged = nlp(spacy.tokens.Doc(nlp.vocab, words=words))
    own = [word_features(word, token.pos_, token.lemma_) for word, token in zip(words, tagged)]
    return [{**in_context(own, place), **with_intent(own, place, intent)} for place in range(len(own))]


def in_context(own: Sequence[Dict[str, Any]], place: int) -> Dict[str, Any]:
    """Return the features of a word and of those around it."""
    found: Dict[str, Any] = {"bias": 1.0}
    for step in range(-WINDOW, WINDOW + 1):
        if 0 <= place + step < len(own):
            near = own[place + step]
            names = near if step == 0 else NEIGHBOUR
            found.update({f"{step}:{name}": near[name] for name in names})
        else:
            found[f"{step}:outside"] = True
    if place:
        found["pair before"] = f"{own[place - 1]['word']} {own[place]['word']}"
    if place + 1 < len(own):
        found["pair after"] = f"{own[place]['word']} {own[place + 1]['word']}"
    return found


def with_intent(own: Sequence[Dict[str, Any]], place: int, intent: str) -> Dict[str, Any]:
    """Return what a word means under an intent: "ti" is another thing in an alarm than in a song."""
    before = own[place - 1]["word"] if place else ""
    return {
        "intent": intent,
        "intent and word": f"{intent} {own[place]['word']}",
        "intent and pos": f"{intent} {own[place]['pos']}",
        "intent and word before": f"{intent} {before}",
    }


def word_features(word: str, part: str, lemma: str) -> Dict[str, Any]:
    """Return what is said of a word by itself."""
    lower = word.lower()
    heard = sound(lower)
    found: Dict[str, Any] = {
        "word": lower,
        "lemma": lemma.lower(),
        "pos": part,
        "shape": shape(word),
        "sound": heard,
        "consonants": heard[:1] + VOWELS.sub("", heard[1:]),
        "number": any(char.isdigit() for char in word),
    }
    for size in AFFIXES:
        found[f"prefix{size}"] = lower[:size]
        found[f"suffix{size}"] = lower[-size:]
    return found


def sound(lower: str) -> str:
    """Return a word as it would sound, near enough that dialects meet."""
    for spelling, plain in ALIKE:
        lower = lower.replace(spelling, plain)
    return DOUBLE.sub(r"\1", lower)


def shape(word: str) -> str:
    """Return the word with capitals as X, small letters as x and digits as d, runs shortened."""
    signs = [
        "d" if char.isdigit() else "X" if char.isupper() else "x" if char.isalpha() else char for char in word
    ]
    return "".join(sign for place, sign in enumerate(signs) if signs[place - 2 : place] != [sign, sign])


if __name__ == "__main__":
    given = json.load(sys.stdin)
    found = intents(given["train"], given["test"])
    json.dump({"intents": found, "slots": slots(given["train"], given["test"], found)}, sys.stdout)
