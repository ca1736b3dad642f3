"""Write the encoder as an ONNX file that onnxruntime runs in a few milliseconds on one core.

All products are computed in eight bits; weights and the table of pieces are stored in eight.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8
LOWEST_GELU = -0.1701  # a little below its least value


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

    def linear(
        self,
        x: str,
        weights: np.ndarray,
        bias: np.ndarray,
        name: str,
        lowest: float | None = None,
    ) -> str:
        """Return x @ weights + bias, the product in eight bits; `lowest` is the least that x can hold, if known.

        Each row of x has its own scale: one for all rows, as onnxruntime's own quantisation has it, costs a
        point and a half of accuracy, because a few rows hold values far above the rest.
        """
        scales = (np.abs(weights).max(axis=0).clip(1e-8) / 127).astype(np.float32)
        column = self.constant(name + "_scales", scales)
        whole = np.rint(weights / scales).astype(np.int8)
        matrix = self.constant(name + "_w", whole)
        if lowest is None:
            inputs, row = self._symmetric(x, name)
            product = self.node("MatMulInteger", [inputs, matrix, "middle"], name + "_i")
        else:
            inputs, row = self._from_lowest(x, name, lowest)
            product = self.node("MatMulInteger", [inputs, matrix], name + "_i")
            bias = (bias + lowest * (whole.astype(np.float32) * scales).sum(axis=0)).astype(np.float32)
        floating = self.node("Cast", [product], name + "_f", to=TensorProto.FLOAT)
        scaled = self.node("Mul", [self.node("Mul", [floating, row], name + "_pr"), column], name + "_p")
        return self.node("Add", [scaled, self.constant(name + "_b", bias)], name)

    def _symmetric(self, x: str, name: str) -> Tuple[str, str]:
        """Return x in whole numbers around 128, and the scale of each row."""
        largest = self.node(
            "ReduceMax", [self.node("Abs", [x], name + "_abs")], name + "_max", axes=[-1], keepdims=1
        )
        row = self.node("Mul", [largest, "per_127"], name + "_row")
        rounded = self.node("Round", [self.node("Div", [x, row], name + "_xd")], name + "_xr")
        moved = self.node("Add", [rounded, "half_range"], name + "_xm")
        return self.node("Cast", [moved], name + "_x8", to=TensorProto.UINT8), row

    def _from_lowest(self, x: str, name: str, lowest: float) -> Tuple[str, str]:
        """Return what x is above `lowest` in whole numbers from 0 to 255, and the scale of each row."""
        least = self.constant(name + "_least", np.array(lowest, np.float32))
        largest = self.node("ReduceMax", [x], name + "_max", axes=[-1], keepdims=1)
        row = self.node(
            "Mul", [self.node("Sub", [largest, least], name + "_range"), "per_255"], name + "_row"
        )
        above = self.node("Sub", [x, least], name + "_above")
        rounded = self.node("Round", [self.node("Div", [above, row], name + "_xd")], name + "_xr")
        return self.node("Cast", [rounded], name + "_x8", to=TensorProto.UINT8), row

    def norm(self, x: str, parameters: Tuple[np.ndarray, np.ndarray], name: str, epsilon: float) -> str:
        """Return x normalised over its last axis."""
        inputs = [x, self.constant(name + "_g", parameters[0]), self.constant(name + "_h", parameters[1])]
        return self.node("LayerNormalization", inputs, name, axis=-1, epsilon=epsilon)


def write_network(
    path: Path,
    words: np.ndarray,
    positions: np.ndarray,
    norm: Tuple[np.ndarray, np.ndarray],
    layers: List[Dict[str, Any]],
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
    graph.constant("root_half", np.array(0.5**0.5, np.float32))
    graph.constant("half", np.array(0.5, np.float32))
    graph.constant("one", np.array(1, np.float32))
    graph.constant("per_127", np.array(1 / 127, np.float32))
    graph.constant("per_255", np.array(1 / 255, np.float32))
    graph.constant("half_range", np.array(128, np.float32))
    graph.constant("middle", np.array(128, np.uint8))
    for index in range(3):
        graph.constant(f"part{index}", np.array(index, np.int64))
    x = graph.norm(_embedding(graph, words, positions), norm, "embedded", epsilon)
    for number, layer in enumerate(layers):
        x = _layer(graph, x, layer, f"l{number}", epsilon)
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


def _layer(graph: _Graph, x: str, layer: Dict[str, Any], name: str, epsilon: float) -> str:
    """Return the output of one transformer layer."""
    qkv = graph.linear(x, layer["qkv"], layer["qkv_bias"], name + "_qkv")
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
    out = graph.linear(context, layer["out"], layer["out_bias"], name + "_out")
    x = graph.norm(graph.node("Add", [x, out], name + "_x1"), layer["norm1"], name + "_n1", epsilon)
    up = graph.linear(x, layer["up"], layer["up_bias"], name + "_up")
    erf = graph.node("Erf", [graph.node("Mul", [up, "root_half"], name + "_g1")], name + "_g2")
    gate = graph.node("Mul", [graph.node("Add", [erf, "one"], name + "_g3"), "half"], name + "_g4")
    bent = graph.node("Mul", [up, gate], name + "_g5")
    down = graph.linear(bent, layer["down"], layer["down_bias"], name + "_down", LOWEST_GELU)
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
