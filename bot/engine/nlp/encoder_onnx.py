"""Write the encoder as an ONNX file that onnxruntime runs in a few milliseconds on one core.

All products are computed in eight bits. Layers that kept their four-bit weights are stored in four, and
unpacked by nodes of the graph that onnxruntime folds away when it loads the file; trained layers and the table
of pieces are stored in eight.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from nlp.base_encoder import BLOCK

OPSET = 17
IR_VERSION = 8


class _Graph:
    """Nodes and constants under construction."""

    def __init__(self) -> None:
        self.nodes: List[onnx.NodeProto] = []
        self.constants: List[onnx.TensorProto] = []

    def constant(self, name: str, value: Any) -> str:
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def node(self, kind: str, inputs: List[str], *outputs: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, list(outputs), name=outputs[0], **attributes))
        return outputs[0]

    def linear(self, x: str, weights: np.ndarray, bias: np.ndarray, name: str, trained: bool) -> str:
        """Return x @ weights + bias, the product in eight bits."""
        scales = (np.abs(weights).max(axis=0).clip(1e-8) / 127).astype(np.float32)
        column = self.constant(name + "_scales", scales)
        if trained:
            matrix = self.constant(name + "_w", np.rint(weights / scales).astype(np.int8))
        else:
            matrix = self.unpacked(weights, column, name + "_w")
        self.node("DynamicQuantizeLinear", [x], name + "_x8", name + "_xs", name + "_xz")
        product = self.node("MatMulInteger", [name + "_x8", matrix, name + "_xz"], name + "_i")
        floating = self.node("Cast", [product], name + "_f", to=TensorProto.FLOAT)
        scale = self.node("Mul", [name + "_xs", column], name + "_s")
        return self.node(
            "Add", [self.node("Mul", [floating, scale], name + "_p"), self.constant(name + "_b", bias)], name
        )

    def unpacked(self, weights: np.ndarray, column: str, name: str) -> str:
        """Return an eight-bit matrix that is stored in four-bit blocks."""
        packed, scales = four_bits(weights)
        stored = self.constant(name + "_4", packed)
        high = self.node("BitShift", [stored, "four"], name + "_high", direction="RIGHT")
        left = self.node("BitShift", [stored, "four"], name + "_left", direction="LEFT")
        low = self.node("BitShift", [left, "four"], name + "_low", direction="RIGHT")
        numbers = self.node(
            "Cast",
            [self.node("Concat", [low, high], name + "_n", axis=1)],
            name + "_nf",
            to=TensorProto.FLOAT,
        )
        block = self.node(
            "Cast",
            [self.constant(name + "_bs", scales.astype(np.float16))],
            name + "_bf",
            to=TensorProto.FLOAT,
        )
        whole = self.node("Mul", [self.node("Sub", [numbers, "eight"], name + "_c"), block], name + "_m")
        shape = self.constant(name + "_shape", np.array(weights.shape, np.int64))
        flat = self.node("Reshape", [whole, shape], name + "_flat")
        rounded = self.node("Round", [self.node("Div", [flat, column], name + "_d")], name + "_r")
        return self.node("Cast", [rounded], name, to=TensorProto.INT8)

    def norm(self, x: str, parameters: Tuple[np.ndarray, np.ndarray], name: str, epsilon: float) -> str:
        """Return x normalised over its last axis."""
        inputs = [x, self.constant(name + "_g", parameters[0]), self.constant(name + "_h", parameters[1])]
        return self.node("LayerNormalization", inputs, name, axis=-1, epsilon=epsilon)


def four_bits(weights: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Return (packed, scales) of an input x output matrix; exact for weights that were four-bit blocks before.

    A block is 32 inputs of one output; its first half is in the low four bits, its second in the high.
    """
    inputs, outputs = weights.shape
    blocks = weights.reshape(inputs // BLOCK, BLOCK, outputs)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=1)[:, None, :], axis=1)
    scales = np.where(largest == 0, 1.0, -largest / 8)
    numbers = np.clip(np.rint(blocks / scales) + 8, 0, 15).astype(np.uint8)
    return numbers[:, : BLOCK // 2] | (numbers[:, BLOCK // 2 :] << 4), scales


def write_network(
    path: Path,
    words: np.ndarray,
    positions: np.ndarray,
    norm: Tuple[np.ndarray, np.ndarray],
    layers: List[Dict[str, Any]],
    trained_from: int,
    head: Tuple[np.ndarray, np.ndarray],
    heads: int,
    epsilon: float,
) -> None:
    """Write the network: input `ids` [n], output `scores` [intents]; layers from `trained_from` on are trained."""
    graph = _Graph()
    width = words.shape[1]
    graph.constant("split", np.array([-1, 3, heads, width // heads], np.int64))
    graph.constant("join", np.array([-1, width], np.int64))
    graph.constant("scale", np.array((width // heads) ** -0.5, np.float32))
    graph.constant("root_half", np.array(0.5**0.5, np.float32))
    graph.constant("half", np.array(0.5, np.float32))
    graph.constant("one", np.array(1, np.float32))
    graph.constant("four", np.array(4, np.uint8))
    graph.constant("eight", np.array(8, np.float32))
    for index in range(3):
        graph.constant(f"part{index}", np.array(index, np.int64))
    x = graph.norm(_embedding(graph, words, positions), norm, "embedded", epsilon)
    for number, layer in enumerate(layers):
        x = _layer(graph, x, layer, f"l{number}", number >= trained_from, epsilon)
    mean = graph.node("ReduceMean", [x], "mean", axes=[0], keepdims=1)
    product = graph.node("MatMul", [mean, graph.constant("head_w", head[0])], "head")
    total = graph.node("Add", [product, graph.constant("head_b", head[1])], "total")
    graph.node("Squeeze", [total, graph.constant("first", np.array([0], np.int64))], "scores")
    _save(graph, path, len(head[1]))


def _embedding(graph: _Graph, words: np.ndarray, positions: np.ndarray) -> str:
    """Return the rows of the pieces plus their positions."""
    scales = np.abs(words).max(axis=1, keepdims=True).clip(1e-8) / 127
    graph.constant("words", np.rint(words / scales).astype(np.int8))
    graph.constant("word_scales", scales.astype(np.float32))
    graph.constant("positions", positions)
    graph.constant("zero", np.array([0], np.int64))
    row = graph.node("Cast", [graph.node("Gather", ["words", "ids"], "row8")], "row", to=TensorProto.FLOAT)
    scaled = graph.node("Mul", [row, graph.node("Gather", ["word_scales", "ids"], "row_scale")], "scaled")
    length = graph.node("Shape", ["ids"], "length")
    place = graph.node("Slice", ["positions", "zero", length], "place")
    return graph.node("Add", [scaled, place], "placed")


def _layer(graph: _Graph, x: str, layer: Dict[str, Any], name: str, trained: bool, epsilon: float) -> str:
    """Return the output of one transformer layer."""
    qkv = graph.linear(x, layer["qkv"], layer["qkv_bias"], name + "_qkv", trained)
    parts = graph.node(
        "Transpose", [graph.node("Reshape", [qkv, "split"], name + "_r")], name + "_t", perm=[1, 2, 0, 3]
    )
    query, key, value = (
        graph.node("Gather", [parts, f"part{index}"], f"{name}_{index}", axis=0) for index in range(3)
    )
    turned = graph.node("Transpose", [key], name + "_kt", perm=[0, 2, 1])
    likeness = graph.node("Mul", [graph.node("MatMul", [query, turned], name + "_qk"), "scale"], name + "_l")
    attention = graph.node("Softmax", [likeness], name + "_a", axis=-1)
    seen = graph.node(
        "Transpose", [graph.node("MatMul", [attention, value], name + "_av")], name + "_s", perm=[1, 0, 2]
    )
    context = graph.node("Reshape", [seen, "join"], name + "_c")
    out = graph.linear(context, layer["out"], layer["out_bias"], name + "_out", trained)
    x = graph.norm(graph.node("Add", [x, out], name + "_x1"), layer["norm1"], name + "_n1", epsilon)
    up = graph.linear(x, layer["up"], layer["up_bias"], name + "_up", trained)
    erf = graph.node("Erf", [graph.node("Mul", [up, "root_half"], name + "_g1")], name + "_g2")
    gate = graph.node("Mul", [graph.node("Add", [erf, "one"], name + "_g3"), "half"], name + "_g4")
    bent = graph.node("Mul", [up, gate], name + "_g5")
    down = graph.linear(bent, layer["down"], layer["down_bias"], name + "_down", trained)
    return graph.norm(graph.node("Add", [x, down], name + "_x2"), layer["norm2"], name + "_n2", epsilon)


def _save(graph: _Graph, path: Path, intents: int) -> None:
    made = helper.make_graph(
        graph.nodes,
        "encoder",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["pieces"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [intents])],
        graph.constants,
    )
    opsets = [helper.make_opsetid("", OPSET)]
    onnx.save(helper.make_model(made, opset_imports=opsets, ir_version=IR_VERSION), str(path))
