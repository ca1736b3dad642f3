"""Train the sentence encoder that the engine ships, from multilingual-e5-small and our own messages.

    cd bot/engine && uv sync --group encoder
    .venv/bin/python -m nlp.train_encoder ../../data/nlu PATH_TO_norwegian.txt.gz

The corpus only decides which pieces of the vocabulary are kept. Of the base's twelve layers the lower eight are
used. Four of them keep their weights, so their output is computed once, for each message and for a noisy copy of it;
the four above learn the intents. One message in ten, chosen by its text, is never shown
(`components.encoder.is_held_out`): `rasa train` weighs and calibrates with those. It takes about a quarter of an
hour on one core for each 10,000 messages. Train anew after the messages have changed a lot; between times
`rasa train` alone is enough. With --resume it goes on from the network that is shipped, or from another: a third of
the epochs are then enough for new messages.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
import tensorflow as tf
import yaml
from components.danger_model import is_danger
from components.encoder import CARD, FOLDER, NETWORK, VOCABULARY, shortened, split_held_out
from components.subwords import END, SPECIAL, START, UNKNOWN, Subwords

from nlp.base_encoder import BaseEncoder, read_base
from nlp.encoder_network import (
    FROZEN_LAYERS,
    HEAD_SCALE,
    LONGEST_INPUT,
    Trainable,
    batches,
    lower_outputs,
    padded,
)
from nlp.encoder_onnx import read_layers, write_network
from nlp.noise import noisy

VOCABULARY_SIZE = 17_000
RAREST_WORD = 5  # in the corpus
OWN_WORD = 20  # what a word in one of our messages counts, beside the corpus
EPOCHS = 6.0
LEARNING_RATE = 2.5e-4
WARM_UP = 0.06  # share of the steps
NOISY = 0.5  # share of the messages that are seen noisy
SMOOTHING = 0.1  # of the labels: the classes overlap, and confidence should not run away
DANGER_WEIGHT = 1.0  # of the loss on danger, beside the loss on intents
HARD_WEIGHT = (
    3.0  # of a message of danger or a near miss in the loss on danger, beside one of an ordinary message
)
NEAR_MISSES = "nesten_krise.yml"  # the file of messages that look like danger and are none
ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


def read_messages(folder: Path) -> List[Tuple[str, str, bool]]:
    """Return (text, intent, is near miss) of all examples in Rasa's NLU files, without annotated entities."""
    rows = []
    for path in sorted(folder.rglob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []):
            if "intent" not in block:
                continue
            lines = [line.strip() for line in block["examples"].splitlines()]
            rows += [
                (ANNOTATION.sub(r"\1", line[1:].strip()), block["intent"], path.name == NEAR_MISSES)
                for line in lines
                if line.startswith("-")
            ]
    return rows


def choose_pieces(base: BaseEncoder, corpus: Path, texts: Sequence[str]) -> List[int]:
    """Return the numbers of the pieces to keep: those that Norwegian needs most, and all single letters."""
    words: Counter[str] = Counter()
    with gzip.open(corpus, "rt", encoding="utf-8") if corpus.suffix == ".gz" else corpus.open() as lines:
        for line in lines:
            words.update(line.split())
    needed = {word: count for word, count in words.items() if count >= RAREST_WORD}
    for text in texts:
        for word in text.split():
            needed[word] = needed.get(word, 0) + OWN_WORD
    candidates = [number for number, piece in enumerate(base.pieces) if number > base.unknown and piece]
    whole = Subwords([base.pieces[n] for n in candidates], [float(base.scores[n]) for n in candidates])
    used: Counter[str] = Counter()
    for word, count in needed.items():
        for piece in whole.pieces(word):
            used[piece] += count
    numbers = {base.pieces[number]: number for number in candidates}
    latin = [piece for piece in numbers if len(piece.strip("▁")) <= 1 and ord(piece[-1]) < 0x250]
    best = [piece for piece, _ in used.most_common() if piece in numbers]
    kept = list(dict.fromkeys(latin + best))[:VOCABULARY_SIZE]
    return sorted(numbers[piece] for piece in kept)


def fit(
    model: Trainable,
    hidden: List[np.ndarray],
    noise: List[np.ndarray],
    answers: np.ndarray,
    danger: np.ndarray,
    weights: np.ndarray,
    seen: np.ndarray,
    unseen: np.ndarray,
    epochs: float,
) -> float:
    """Train; return the accuracy on the messages held out. `noise` are the outputs for the noisy copies.

    `danger` is 1 for a message of danger, `weights` what each message counts in the loss on it.
    """
    lengths = [len(row) for row in hidden]
    rng = np.random.default_rng(1)
    optimizer = tf.keras.optimizers.legacy.Adam(LEARNING_RATE)
    width = hidden[0].shape[1]
    arrays = [tf.TensorSpec((None, None, width), tf.float32), tf.TensorSpec((None, None), tf.float32)]

    row = tf.TensorSpec((None,), tf.float32)

    @tf.function(input_signature=[*arrays, tf.TensorSpec((None,), tf.int32), row, row])
    def step(
        x: tf.Tensor, mask: tf.Tensor, right: tf.Tensor, alarm: tf.Tensor, weight: tf.Tensor
    ) -> tf.Tensor:
        with tf.GradientTape() as tape:
            everything = model.scores(x, mask, True)
            scores, of_danger = everything[:, :-1], everything[:, -1]
            intents = scores.shape[1]
            wanted = tf.one_hot(right, intents) * (1 - SMOOTHING) + SMOOTHING / intents
            missed = tf.nn.sigmoid_cross_entropy_with_logits(alarm, of_danger) * weight
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(wanted, scores))
            loss += DANGER_WEIGHT * tf.reduce_mean(missed)
        gradients, _ = tf.clip_by_global_norm(tape.gradient(loss, model.variables), 1.0)
        optimizer.apply_gradients(zip(gradients, model.variables))
        return loss

    @tf.function(input_signature=arrays)
    def predict(x: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        return model.scores(x, mask, False)

    total = int(len(list(batches(lengths, seen, rng))) * epochs)
    done, accuracy, began = 0, 0.0, time.time()
    while done < total:
        losses = []
        for batch in batches(lengths, seen, rng):
            done += 1
            optimizer.learning_rate.assign(
                LEARNING_RATE * min(1.0, done / (WARM_UP * total)) * max(0.01, 1 - done / total)
            )
            shown = {i: (noise if rng.random() < NOISY else hidden)[i] for i in batch}
            rows = answers[batch].astype(np.int32), danger[batch], weights[batch]
            losses.append(float(step(*padded(shown, batch), *rows)))
            if done >= total:
                break
        scores = np.zeros((len(hidden), model.head.shape[1]), np.float32)
        for batch in batches(lengths, unseen, None):
            scores[batch] = predict(*padded(hidden, batch)).numpy()
        accuracy = float((scores[unseen, :-1].argmax(axis=1) == answers[unseen]).mean())
        told = float(((scores[unseen, -1] > 0) == (danger[unseen] > 0)).mean())
        print(
            f"step {done}/{total}: loss {np.mean(losses):.3f}, held out {accuracy:.3f}, danger {told:.3f}, "
            f"{time.time() - began:.0f} s",
            flush=True,
        )
    return accuracy


def write(
    folder: Path,
    base: BaseEncoder,
    words: np.ndarray,
    kept: List[int],
    model: Trainable,
    card: Dict[str, Any],
) -> None:
    """Write network, vocabulary and card."""
    folder.mkdir(parents=True, exist_ok=True)
    trained = [
        {
            k: tuple(v.numpy() for v in value) if isinstance(value, tuple) else value.numpy()
            for k, value in layer.items()
        }
        for layer in model.layers
    ]
    head = (model.head.numpy() * np.float32(HEAD_SCALE), model.bias.numpy())
    layers = base.layers[:FROZEN_LAYERS] + trained
    write_network(
        folder / NETWORK,
        words,
        base.positions[:LONGEST_INPUT],
        base.norm,
        layers,
        head,
        base.heads,
        base.epsilon,
    )
    vocabulary = {
        "pieces": [base.pieces[n] for n in kept],
        "scores": [round(float(base.scores[n]), 4) for n in kept],
    }
    (folder / VOCABULARY).write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    card["sha256"] = hashlib.sha256((folder / NETWORK).read_bytes()).hexdigest()
    (folder / CARD).write_text(json.dumps(card, ensure_ascii=False, indent=1), encoding="utf-8")


def go_on(model: Trainable, folder: Path, intents: np.ndarray) -> None:
    """Let the model start from the network of a folder; end the program if that one knows other intents."""
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    if card["intents"] != [str(intent) for intent in intents]:
        raise SystemExit(f"{folder} knows other intents: train without --resume.")
    model.go_on_from(*read_layers(folder / NETWORK))


def main() -> None:
    """Train and write pipeline/encoder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("messages", type=Path, help="folder of Rasa's NLU files")
    parser.add_argument("corpus", type=Path, help="Norwegian text, a paragraph a line, plain or gzip")
    parser.add_argument("--output", type=Path, default=FOLDER)
    parser.add_argument("--epochs", type=float, default=EPOCHS)
    parser.add_argument(
        "--resume",
        type=Path,
        nargs="?",
        const=FOLDER,
        help="go on from the network in a folder (the shipped one)",
    )
    options = parser.parse_args()
    base = read_base()
    texts, labels, near = zip(*read_messages(options.messages))
    intents, answers = np.unique(np.array(labels), return_inverse=True)
    danger = is_danger(labels)
    weights = np.where(danger | np.array(near), HARD_WEIGHT, 1.0).astype(np.float32)
    seen, unseen = split_held_out(texts)
    kept = choose_pieces(base, options.corpus, [texts[index] for index in seen])
    subwords = Subwords([base.pieces[n] for n in kept], [float(base.scores[n]) for n in kept])
    words = base.words[[base.start, base.end, base.unknown, *kept]]
    assert (START, END, UNKNOWN, SPECIAL) == (0, 1, 2, 3)
    rng = np.random.default_rng(3)
    hidden, noise = (
        lower_outputs(base, words, [[START, *shortened(subwords.numbers(text)), END] for text in copies])
        for copies in (texts, [noisy(text, rng) for text in texts])
    )
    model = Trainable(base, len(intents) + 1)  # and danger
    if options.resume:
        go_on(model, options.resume, intents)
    accuracy = fit(
        model, hidden, noise, answers, danger.astype(np.float32), weights, seen, unseen, options.epochs
    )
    card = {
        "base": "multilingual-e5-small (MIT)",
        "intents": [str(intent) for intent in intents],
        "messages": len(seen),
        "held_out": len(unseen),
        "held_out_accuracy": round(accuracy, 4),
    }
    write(options.output, base, words, kept, model, card)


if __name__ == "__main__":
    main()
