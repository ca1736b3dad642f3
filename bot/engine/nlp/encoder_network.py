"""The encoder's network in TensorFlow: layers that keep their weights, layers that learn, and the head."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Sequence, Tuple

import numpy as np
import tensorflow as tf

from nlp.base_encoder import BaseEncoder

LAYERS, FROZEN_LAYERS = 8, 4
TOKENS_A_BATCH = 1000
DROPOUT = 0.1
HEAD_SCALE = 10.0  # so that the head's small weights learn as fast as the layers
LONGEST_INPUT = 64

# Half the time on processors with bfloat16, the same losses.
tf.config.optimizer.set_experimental_options({"auto_mixed_precision_onednn_bfloat16": True})


class Trainable:
    """The upper layers and the head as TensorFlow variables."""

    def __init__(self, base: BaseEncoder, columns: int) -> None:
        """Start from the base's layers and a small random head."""
        self.heads, self.width, self.epsilon = base.heads, base.width, base.epsilon
        self.layers = [_variables(layer) for layer in base.layers[FROZEN_LAYERS:LAYERS]]
        start = np.random.default_rng(0).normal(0, 0.02, (base.width, columns))
        self.head = tf.Variable(start.astype(np.float32))
        self.bias = tf.Variable(np.zeros(columns, np.float32))
        self.variables = [v for layer in self.layers for value in layer.values() for v in _flat(value)]
        self.variables += [self.head, self.bias]

    def go_on_from(self, layers: Sequence[Dict[str, Any]], head: Tuple[np.ndarray, np.ndarray]) -> None:
        """Take the layers (all LAYERS of them) and the head of an earlier network."""
        for mine, earlier in zip(self.layers, layers[FROZEN_LAYERS:LAYERS]):
            for name, variables in mine.items():
                for variable, value in zip(_flat(variables), _flat(earlier[name])):
                    variable.assign(value)
        self.head.assign(head[0] / HEAD_SCALE)
        self.bias.assign(head[1])

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
    # The approximation is what the shipped network computes: it is faster there.
    inner = tf.nn.gelu(tf.tensordot(x, layer["up"], 1) + layer["up_bias"], approximate=True)
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


def padded(
    hidden: List[np.ndarray] | Dict[int, np.ndarray], batch: List[int]
) -> Tuple[np.ndarray, np.ndarray]:
    """Return the frozen outputs of a batch as one array, and its mask."""
    longest = (max(len(hidden[index]) for index in batch) + 3) // 4 * 4
    array = np.zeros((len(batch), longest, hidden[batch[0]].shape[1]), np.float32)
    mask = np.zeros((len(batch), longest), np.float32)
    for row, index in enumerate(batch):
        array[row, : len(hidden[index])] = hidden[index]
        mask[row, : len(hidden[index])] = 1
    return array, mask
