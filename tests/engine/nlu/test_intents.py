"""The intent model learns what it is shown, and its confidences mean something."""

from __future__ import annotations

import numpy as np
import pytest
from components.calibration import Blend, TopConfidence
from components.intent_model import Features, IntentModel
from scipy.sparse import hstack

EXAMPLES = {
    "avlastning": [
        "vi trenger avlastning",
        "kan noen passe mamma en helg",
        "treng fri frå omsorga",
        "avlasting?",
        "får vi avlastning i helgene",
        "noen som kan ta han en kveld",
    ],
    "klage": [
        "vil klage på vedtaket",
        "hvor sender jeg klagen",
        "klage",
        "vi vil klaga på avslaget",
        "hva er klagefristen",
        "klage på behandlingen",
    ],
    "takk": ["takk", "tusen takk", "takk skal du ha", "takker", "mange takk for hjelpa", "takk for svaret"],
}


@pytest.fixture(scope="module")
def model():
    pairs = [(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    return IntentModel().fit([text for text, _ in pairs], [intent for _, intent in pairs])


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("vi treng avlasting", "avlastning"),
        ("korleis klagar vi", "klage"),
        ("tusen takk for hjelpen", "takk"),
    ],
)
def test_unseen_wording_finds_its_intent(model, text, intent):
    assert model.read(text).ranking[0][0] == intent


@pytest.mark.parametrize("text", ["vi vil klage på vedtaket, takk takk", "æ", "", "???", "Zzz qqq"])
def test_the_features_of_a_text_are_those_of_scikit_learn(text):
    features = Features()
    features.fit([text for texts in EXAMPLES.values() for text in texts])
    parts = [features._chars.transform([text]), features._words.transform([text])]
    assert features.of(text).toarray() == pytest.approx(hstack(parts).toarray(), abs=1e-6)


def test_every_intent_is_ranked_and_confidences_sum_to_one(model):
    ranking = model.read("klage").ranking
    assert {name for name, _ in ranking} == set(EXAMPLES)
    assert [value for _, value in ranking] == sorted((value for _, value in ranking), reverse=True)
    assert sum(value for _, value in ranking) == pytest.approx(1.0, abs=1e-4)


def test_saved_model_answers_as_before(model, tmp_path):
    model.save(tmp_path / "intents.joblib")
    again = IntentModel.load(tmp_path / "intents.joblib")
    assert again.read("vil klage").ranking == model.read("vil klage").ranking


def test_confidence_of_the_first_is_how_often_it_is_right():
    rng = np.random.default_rng(0)
    answers = rng.integers(0, 5, 3000)
    scores = 20 * (rng.normal(size=(3000, 5)) + np.eye(5)[answers])
    rows = Blend.fit(scores, None, answers).probabilities(scores, None)
    confident = TopConfidence.fit(rows, answers).apply(rows)
    right = confident.argmax(axis=1) == answers
    assert confident.sum(axis=1) == pytest.approx(np.ones(3000))
    assert (confident.argmax(axis=1) == rows.argmax(axis=1)).all()
    for low, high in ((0.2, 0.5), (0.5, 0.8), (0.8, 1.0)):
        inside = (confident.max(axis=1) >= low) & (confident.max(axis=1) < high)
        assert confident.max(axis=1)[inside].mean() == pytest.approx(right[inside].mean(), abs=0.06)


def test_encoder_is_weighed_by_messages_it_has_not_seen():
    rng = np.random.default_rng(0)
    answers = rng.integers(0, 5, 2000)
    useless = rng.normal(size=(2000, 5))
    good = rng.normal(size=(2000, 5)) + 3 * np.eye(5)[answers]
    assert Blend.fit(useless, good, answers).linear < 0.2 < Blend.fit(useless, good, answers).encoder
