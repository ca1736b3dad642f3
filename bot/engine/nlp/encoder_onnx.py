"""Write the encoder as an ONNX file that onnxruntime runs in a few milliseconds on one core, and read one back.

All products are computed in eight bits; weights and the table of pieces are stored in eight. onnxruntime's own
operators (com.microsoft) do what several of the standard ones would: those took longer than the products.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET, MICROSOFT_OPSET = 17, 1
MICROSOFT = "com.microsoft"
IR_VERSION = 8
MATRICES = ("qkv", "out", "up", "down")
NORMS = ("norm1", "norm2")
LEAST_GELU = 0.1701  # how far below zero the activation goes, rounded up
# The whole numbers that stand for zero. Little of what the activation gives is below it.
MIDDLE, BENT_MIDDLE = 128, 16

Layer = Dict[str, Any]
Norm = Tuple[np.ndarray, np.ndarray]


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

    def own(self, kind: str, inputs: List[str], output: str, **attributes: Any) -> str:
        """Add a node of onnxruntime's own kinds."""
        return self.node(kind, inputs, output, domain=MICROSOFT, **attributes)

    def product(self, x: str, weights: np.ndarray, name: str, bent: bool = False) -> str:
        """Return x @ weights, computed in eight bits; `bent` says that x comes from the activation.

        Each row of x has its own scale: one for all rows, as onnxruntime's own quantisation has it, costs a
        point and a half of accuracy, because a few rows hold values far above the rest.
        """
        row = self._bent_scales(x, name) if bent else self._scales(x, name)
        kind = "bent" if bent else "plain"
        rounded = self.node("QuantizeLinear", [x, row, f"{kind}_middles"], name + "_x8", axis=0)
        scales = (np.abs(weights).max(axis=0).clip(1e-8) / 127).astype(np.float32)
        matrix = self.constant(name + "_w", np.rint(weights / scales).astype(np.int8))
        column = self.constant(name + "_scales", scales)
        inputs = [rounded, matrix, "unit", column, f"{kind}_middle"]
        whole = self.own("MatMulIntegerToFloat", inputs, name + "_p")
        return self.node("Mul", [whole, self.node("Unsqueeze", [row, "last"], name + "_row")], name)

    def _scales(self, x: str, name: str) -> str:
        """Return the scale of each row of whole numbers from -127 to 127."""
        size = self.node("Abs", [x], name + "_abs")
        largest = self.node("ReduceMax", [size], name + "_max", axes=[-1], keepdims=0)
        return self.node("Mul", [largest, "per_127"], name + "_row1")

    def _bent_scales(self, x: str, name: str) -> str:
        """Return the scale of each row of whole numbers from -BENT_MIDDLE up."""
        largest = self.node("ReduceMax", [x], name + "_max", axes=[-1], keepdims=0)
        scales = self.node("Mul", [largest, "per_bent"], name + "_row1")
        return self.node("Max", [scales, "least_bent"], name + "_row2")

    def norm(self, x: str, parameters: Norm, name: str, epsilon: float) -> str:
        """Return x normalised over its last axis."""
        inputs = [x, self.constant(name + "_g", parameters[0]), self.constant(name + "_h", parameters[1])]
        return self.node("LayerNormalization", inputs, name, axis=-1, epsilon=epsilon)

    def sum_norm(self, x: str, added: str, bias: str, parameters: Norm, name: str, epsilon: float) -> str:
        """Return x + added + bias, normalised over its last axis."""
        scale, shift = self.constant(name + "_g", parameters[0]), self.constant(name + "_h", parameters[1])
        batches = [self.node("Unsqueeze", [part, "first"], f"{name}_{part}") for part in (x, added)]
        summed = self.own(
            "SkipLayerNormalization", [*batches, scale, shift, bias], name + "_1", epsilon=epsilon
        )
        return self.node("Squeeze", [summed, "first"], name)


def write_network(
    path: Path,
    words: np.ndarray,
    positions: np.ndarray,
    norm: Tuple[np.ndarray, np.ndarray],
    layers: List[Layer],
    head: Tuple[np.ndarray, np.ndarray],
    heads: int,
    epsilon: float,
) -> None:
    """Write the network: input `ids` [n], output `scores` [intents]."""
    graph = _Graph()
    width = words.shape[1]
    graph.constant("split", np.array([-1, 3, heads, width // heads], np.int64))
    graph.constant("join", np.array([-1, width], np.int64))
    graph.constant("scale", np.array((width // heads) ** -0.5, np.float32))
    graph.constant("unit", np.array(1, np.float32))
    graph.constant("per_127", np.array(1 / 127, np.float32))
    graph.constant("per_bent", np.array(1 / (255 - BENT_MIDDLE), np.float32))
    graph.constant("least_bent", np.array([LEAST_GELU / BENT_MIDDLE], np.float32))
    graph.constant("first", np.array([0], np.int64))
    graph.constant("last", np.array([-1], np.int64))
    for index in range(3):
        graph.constant(f"part{index}", np.array(index, np.int64))
    graph.node("Shape", ["ids"], "length")
    for kind, middle in (("plain", MIDDLE), ("bent", BENT_MIDDLE)):
        graph.constant(f"{kind}_middle", np.array(middle, np.uint8))
        value = helper.make_tensor(kind, TensorProto.UINT8, [1], [middle])
        graph.node("ConstantOfShape", ["length"], f"{kind}_middles", value=value)
    x = graph.norm(_embedding(graph, words, positions), norm, "embedded", epsilon)
    for number, layer in enumerate(layers):
        x = _layer(graph, x, layer, f"l{number}", epsilon)
    mean = graph.node("ReduceMean", [x], "mean", axes=[0], keepdims=1)
    product = graph.node("MatMul", [mean, graph.constant("head_w", head[0])], "head")
    total = graph.node("Add", [product, graph.constant("head_b", head[1])], "total")
    graph.node("Squeeze", [total, "first"], "scores")
    _save(graph, path, len(head[1]))


def read_layers(path: Path) -> Tuple[List[Layer], Tuple[np.ndarray, np.ndarray]]:
    """Return the layers and the head of a network that `write_network` wrote, as nearly as they were kept."""
    constants = {item.name: numpy_helper.to_array(item) for item in onnx.load(str(path)).graph.initializer}
    layers: List[Layer] = []
    while (name := f"l{len(layers)}") + "_qkv_w" in constants:
        layer: Layer = {}
        for part in MATRICES:
            stem = f"{name}_{part}"
            layer[part] = constants[stem + "_w"].astype(np.float32) * constants[stem + "_scales"]
            layer[part + "_bias"] = constants[stem + "_b"]
        for part in NORMS:
            layer[part] = constants[f"{name}_{part}_g"], constants[f"{name}_{part}_h"]
        layers.append(layer)
    return layers, (constants["head_w"], constants["head_b"])


def _embedding(graph: _Graph, words: np.ndarray, positions: np.ndarray) -> str:
    """Return the rows of the pieces plus their positions."""
    scales = np.abs(words).max(axis=1, keepdims=True).clip(1e-8) / 127
    graph.constant("words", np.rint(words / scales).astype(np.int8))
    graph.constant("word_scales", scales.astype(np.float32))
    graph.constant("positions", positions)
    graph.constant("zero", np.array([0], np.int64))
    row = graph.node("Cast", [graph.node("Gather", ["words", "ids"], "row8")], "row", to=TensorProto.FLOAT)
    scaled = graph.node("Mul", [row, graph.node("Gather", ["word_scales", "ids"], "row_scale")], "scaled")
    place = graph.node("Slice", ["positions", "zero", "length"], "place")
    return graph.node("Add", [scaled, place], "placed")


def _layer(graph: _Graph, x: str, layer: Layer, name: str, epsilon: float) -> str:
    """Return the output of one transformer layer."""
    bias = {part: graph.constant(f"{name}_{part}_b", layer[f"{part}_bias"]) for part in MATRICES}
    seen = _attention(graph, graph.product(x, layer["qkv"], name + "_qkv"), bias["qkv"], name)
    out = graph.product(seen, layer["out"], name + "_out")
    x = graph.sum_norm(x, out, bias["out"], layer["norm1"], name + "_norm1", epsilon)
    up = graph.product(x, layer["up"], name + "_up")
    bent = graph.own("FastGelu", [up, bias["up"]], name + "_bent")
    down = graph.product(bent, layer["down"], name + "_down", bent=True)
    return graph.sum_norm(x, down, bias["down"], layer["norm2"], name + "_norm2", epsilon)


def _attention(graph: _Graph, product: str, bias: str, name: str) -> str:
    """Return what each place sees of the others, the heads side by side."""
    qkv = graph.node("Add", [product, bias], name + "_qkvb")
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
    return graph.node("Reshape", [seen, "join"], name + "_c")


def _save(graph: _Graph, path: Path, intents: int) -> None:
    made = helper.make_graph(
        graph.nodes,
        "encoder",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["pieces"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [intents])],
        graph.constants,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, MICROSOFT_OPSET)]
    onnx.save(helper.make_model(made, opset_imports=opsets, ir_version=IR_VERSION), str(path))
