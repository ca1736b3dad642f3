"""Train the sentence encoder that the engine ships, from multilingual-e5-small and our own messages.

    cd bot/engine && uv sync --group encoder
    .venv/bin/python -m nlp.train_encoder ../../data/nlu PATH_TO_norwegian.txt.gz

The corpus only decides which pieces of the vocabulary are kept. The lower layers keep their weights, so their
output is computed once; the upper ones learn the intents. One message in ten, chosen by its text, is never shown
(`components.encoder.is_held_out`): `rasa train` weighs and calibrates with those. It takes some twenty minutes on
one core for each 10,000 messages. Train anew after the messages have changed a lot; between times `rasa train`
alone is enough.
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
from typing import Any, Dict, Iterator, List, Sequence, Tuple

import numpy as np
import tensorflow as tf
import yaml
from components.encoder import CARD, FOLDER, NETWORK, VOCABULARY, shortened, split_held_out
from components.subwords import END, SPECIAL, START, UNKNOWN, Subwords

from nlp.base_encoder import BaseEncoder, read_base
from nlp.encoder_onnx import write_network

VOCABULARY_SIZE = 18_000
RAREST_WORD = 5
FROZEN_LAYERS = 6
EPOCHS = 6.0
LEARNING_RATE = 1.5e-4
WARM_UP = 0.1  # share of the steps
TOKENS_A_BATCH = 800
DROPOUT = 0.1
SMOOTHING = 0.1  # of the labels: the classes overlap, and confidence should not run away
HEAD_SCALE = 10.0  # so that the head's small weights learn as fast as the layers
LONGEST_INPUT = 128
ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")

# Half the time on processors with bfloat16, the same losses.
tf.config.optimizer.set_experimental_options({"auto_mixed_precision_onednn_bfloat16": True})


def read_messages(folder: Path) -> List[Tuple[str, str]]:
    """Return (text, intent) of all examples in Rasa's NLU files, without the annotation of entities."""
    pairs = []
    for path in sorted(folder.rglob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []):
            if "intent" not in block:
                continue
            lines = [line.strip() for line in block["examples"].splitlines()]
            pairs += [
                (ANNOTATION.sub(r"\1", line[1:].strip()), block["intent"])
                for line in lines
                if line.startswith("-")
            ]
    return pairs


def choose_pieces(base: BaseEncoder, corpus: Path, texts: Sequence[str]) -> List[int]:
    """Return the numbers of the pieces to keep: those that Norwegian needs most, and all single letters."""
    words: Counter[str] = Counter()
    with gzip.open(corpus, "rt", encoding="utf-8") if corpus.suffix == ".gz" else corpus.open() as lines:
        for line in lines:
            words.update(line.split())
    needed = {word: count for word, count in words.items() if count >= RAREST_WORD}
    for text in texts:
        for word in text.split():
            needed[word] = needed.get(word, 0) + RAREST_WORD
    candidates = [number for number, piece in enumerate(base.pieces) if number > base.unknown and piece]
    whole = Subwords([base.pieces[n] for n in candidates], [float(base.scores[n]) for n in candidates])
    used: Counter[str] = Counter()
    for word, count in needed.items():
        for piece in whole.pieces(word):
            used[piece] += count
    numbers = {base.pieces[number]: number for number in candidates}
    latin = [piece for piece in numbers if len(piece.strip("▁")) <= 1 and ord(piece[-1]) < 0x2600]
    best = [piece for piece, _ in used.most_common() if piece in numbers]
    kept = list(dict.fromkeys(latin + best))[:VOCABULARY_SIZE]
    return sorted(numbers[piece] for piece in kept)


class Trainable:
    """The upper layers and the head as TensorFlow variables."""

    def __init__(self, base: BaseEncoder, intents: int) -> None:
        """Start from the base's layers and a small random head."""
        self.heads, self.width, self.epsilon = base.heads, base.width, base.epsilon
        self.layers = [_variables(layer) for layer in base.layers[FROZEN_LAYERS:]]
        start = np.random.default_rng(0).normal(0, 0.02, (base.width, intents))
        self.head = tf.Variable(start.astype(np.float32))
        self.bias = tf.Variable(np.zeros(intents, np.float32))
        self.variables = [v for layer in self.layers for value in layer.values() for v in _flat(value)]
        self.variables += [self.head, self.bias]

    def scores(self, hidden: tf.Tensor, mask: tf.Tensor, training: bool) -> tf.Tensor:
        """Return a row of scores a message."""
        for layer in self.layers:
            hidden = apply_layer(hidden, mask, layer, self.heads, self.epsilon, training)
        mean = tf.reduce_sum(hidden * mask[:, :, None], 1) / tf.reduce_sum(mask, 1)[:, None]
        mean = tf.nn.dropout(mean, DROPOUT) if training else mean
        return tf.matmul(mean, self.head) * HEAD_SCALE + self.bias


def _variables(layer: Dict[str, Any]) -> Dict[str, Any]:
    return {
        name: tuple(map(tf.Variable, value)) if isinstance(value, tuple) else tf.Variable(value)
        for name, value in layer.items()
    }


def _flat(value: Any) -> Tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _norm(x: tf.Tensor, parameters: Tuple[Any, Any], epsilon: float) -> tf.Tensor:
    centred = x - tf.reduce_mean(x, -1, keepdims=True)
    spread = tf.reduce_mean(tf.square(centred), -1, keepdims=True)
    return centred * tf.math.rsqrt(spread + epsilon) * parameters[0] + parameters[1]


def apply_layer(
    x: tf.Tensor, mask: tf.Tensor, layer: Dict[str, Any], heads: int, epsilon: float, training: bool
) -> tf.Tensor:
    """Return the output of one transformer layer; `mask` is 1 where there is a piece."""

    def drop(value: tf.Tensor) -> tf.Tensor:
        return tf.nn.dropout(value, DROPOUT) if training else value

    batch, length, width = tf.shape(x)[0], tf.shape(x)[1], x.shape[2]
    qkv = tf.reshape(
        tf.tensordot(x, layer["qkv"], 1) + layer["qkv_bias"], (batch, length, 3, heads, width // heads)
    )
    query, key, value = tf.unstack(tf.transpose(qkv, (2, 0, 3, 1, 4)))
    likeness = tf.matmul(query, key, transpose_b=True) * (width // heads) ** -0.5
    attention = drop(tf.nn.softmax(likeness + (1 - mask)[:, None, None, :] * -1e9))
    seen = tf.reshape(tf.transpose(tf.matmul(attention, value), (0, 2, 1, 3)), (batch, length, width))
    x = _norm(x + drop(tf.tensordot(seen, layer["out"], 1) + layer["out_bias"]), layer["norm1"], epsilon)
    inner = tf.nn.gelu(tf.tensordot(x, layer["up"], 1) + layer["up_bias"])
    return _norm(
        x + drop(tf.tensordot(inner, layer["down"], 1) + layer["down_bias"]), layer["norm2"], epsilon
    )


def lower_outputs(base: BaseEncoder, words: np.ndarray, inputs: List[List[int]]) -> List[np.ndarray]:
    """Return what the frozen layers make of each message, in half precision."""
    table, positions = tf.constant(words), tf.constant(base.positions[:LONGEST_INPUT])
    frozen = [
        {k: tuple(map(tf.constant, v)) if isinstance(v, tuple) else tf.constant(v) for k, v in layer.items()}
        for layer in base.layers[:FROZEN_LAYERS]
    ]

    @tf.function(
        input_signature=[tf.TensorSpec((None, None), tf.int32), tf.TensorSpec((None, None), tf.float32)]
    )
    def run(numbers: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        x = _norm(
            tf.gather(table, numbers) + positions[: tf.shape(numbers)[1]][None], base.norm, base.epsilon
        )
        for layer in frozen:
            x = apply_layer(x, mask, layer, base.heads, base.epsilon, False)
        return x

    outputs: List[np.ndarray] = [np.empty(0)] * len(inputs)
    for batch in batches([len(row) for row in inputs], np.arange(len(inputs)), None):
        longest = max(len(inputs[index]) for index in batch)
        numbers = np.zeros((len(batch), longest), np.int32)
        mask = np.zeros((len(batch), longest), np.float32)
        for row, index in enumerate(batch):
            numbers[row, : len(inputs[index])] = inputs[index]
            mask[row, : len(inputs[index])] = 1
        hidden = run(numbers, mask).numpy()
        for row, index in enumerate(batch):
            outputs[index] = hidden[row, : len(inputs[index])].astype(np.float16)
    return outputs


def batches(
    lengths: Sequence[int], chosen: np.ndarray, rng: "np.random.Generator | None"
) -> Iterator[List[int]]:
    """Yield batches of messages of like length; with `rng` shuffled."""
    noise = rng.integers(0, 6, len(chosen)) if rng else np.zeros(len(chosen), int)
    if rng:
        chosen = rng.permutation(chosen)
    order = chosen[np.argsort(np.array(lengths)[chosen] + noise, kind="stable")]
    made: List[List[int]] = [[]]
    longest = 0
    for index in order:
        longest = max(longest, lengths[index])
        if made[-1] and longest * (len(made[-1]) + 1) > TOKENS_A_BATCH:
            made.append([])
            longest = lengths[index]
        made[-1].append(int(index))
    if rng:
        rng.shuffle(made)
    return iter(made)


def padded(hidden: List[np.ndarray], batch: List[int]) -> Tuple[np.ndarray, np.ndarray]:
    """Return the frozen outputs of a batch as one array, and its mask."""
    longest = (max(len(hidden[index]) for index in batch) + 3) // 4 * 4
    array = np.zeros((len(batch), longest, hidden[batch[0]].shape[1]), np.float32)
    mask = np.zeros((len(batch), longest), np.float32)
    for row, index in enumerate(batch):
        array[row, : len(hidden[index])] = hidden[index]
        mask[row, : len(hidden[index])] = 1
    return array, mask


def fit(
    model: Trainable, hidden: List[np.ndarray], answers: np.ndarray, seen: np.ndarray, unseen: np.ndarray
) -> float:
    """Train; return the accuracy on the messages held out."""
    lengths = [len(row) for row in hidden]
    rng = np.random.default_rng(1)
    optimizer = tf.keras.optimizers.legacy.Adam(LEARNING_RATE)
    width = hidden[0].shape[1]
    arrays = [tf.TensorSpec((None, None, width), tf.float32), tf.TensorSpec((None, None), tf.float32)]

    @tf.function(input_signature=[*arrays, tf.TensorSpec((None,), tf.int32)])
    def step(x: tf.Tensor, mask: tf.Tensor, right: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            scores = model.scores(x, mask, True)
            intents = scores.shape[1]
            wanted = tf.one_hot(right, intents) * (1 - SMOOTHING) + SMOOTHING / intents
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(wanted, scores))
        gradients, _ = tf.clip_by_global_norm(tape.gradient(loss, model.variables), 1.0)
        optimizer.apply_gradients(zip(gradients, model.variables))
        return loss

    @tf.function(input_signature=arrays)
    def predict(x: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        return model.scores(x, mask, False)

    total = int(len(list(batches(lengths, seen, rng))) * EPOCHS)
    done, accuracy, began = 0, 0.0, time.time()
    while done < total:
        losses = []
        for batch in batches(lengths, seen, rng):
            done += 1
            optimizer.learning_rate.assign(
                LEARNING_RATE * min(1.0, done / (WARM_UP * total)) * max(0.01, 1 - done / total)
            )
            losses.append(float(step(*padded(hidden, batch), answers[batch].astype(np.int32))))
            if done >= total:
                break
        right = sum(
            int((predict(*padded(hidden, batch)).numpy().argmax(axis=1) == answers[batch]).sum())
            for batch in batches(lengths, unseen, None)
        )
        accuracy = right / max(1, len(unseen))
        print(
            f"step {done}/{total}: loss {np.mean(losses):.3f}, held out {accuracy:.3f}, {time.time() - began:.0f} s",
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
        FROZEN_LAYERS,
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


def main() -> None:
    """Train and write pipeline/encoder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("messages", type=Path, help="folder of Rasa's NLU files")
    parser.add_argument("corpus", type=Path, help="Norwegian text, a paragraph a line, plain or gzip")
    parser.add_argument("--output", type=Path, default=FOLDER)
    options = parser.parse_args()
    base = read_base()
    texts, labels = zip(*read_messages(options.messages))
    intents, answers = np.unique(np.array(labels), return_inverse=True)
    seen, unseen = split_held_out(texts)
    kept = choose_pieces(base, options.corpus, [texts[index] for index in seen])
    subwords = Subwords([base.pieces[n] for n in kept], [float(base.scores[n]) for n in kept])
    words = base.words[[base.start, base.end, base.unknown, *kept]]
    assert (START, END, UNKNOWN, SPECIAL) == (0, 1, 2, 3)
    inputs = [[START, *shortened(subwords.numbers(text)), END] for text in texts]
    hidden = lower_outputs(base, words, inputs)
    model = Trainable(base, len(intents))
    accuracy = fit(model, hidden, answers, seen, unseen)
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
