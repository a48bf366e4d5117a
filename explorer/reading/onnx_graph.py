"""The constant tensors of an ONNX model, and which of them a Gather looks rows up in.

The format: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. Parsing protobuf runs in a
child process; tensors kept in another file are only described here and mapped by the parent.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from explorer.errors import InputError
from explorer.reading.child import Result
from explorer.reading.choosing import count
from explorer.reading.files import DAMAGED

# TensorProto.DataType -> our name; the others hold no plain floating-point numbers.
_DTYPES = {
    1: "f32", 2: "u8", 3: "i8", 10: "f16", 11: "f64", 16: "bf16", 17: "f8_e4m3", 19: "f8_e5m2",
}  # fmt: skip
_STORED = {
    "f32": "<f4", "f16": "<f2", "f64": "<f8", "bf16": "<u2", "f8_e4m3": "u1", "f8_e5m2": "u1",
    "u8": "u1", "i8": "i1",
}  # fmt: skip
_EXTERNAL = 1


def described(path: Path) -> Result:
    """facts["tensors"]: for every constant tensor its name, shape, dtype, nbytes, whether a Gather
    takes rows of it, and where another file holds it ({} where this one does)."""
    graph = _graph(path)
    looked_up = {
        _text(node.input[0]) for node in graph.node if node.op_type == "Gather" and node.input
    }
    tensors = []
    for name, tensor in _tensors(graph):
        shape = [int(size) for size in tensor.dims]
        dtype = _DTYPES.get(tensor.data_type, "other")
        nbytes = count(shape) * np.dtype(_STORED.get(dtype, "u1")).itemsize
        outside = {_text(entry.key): _text(entry.value) for entry in tensor.external_data}
        tensors.append(
            {"name": name, "shape": shape, "dtype": dtype, "nbytes": nbytes,
             "looked_up": name in looked_up,
             "outside": outside if tensor.data_location == _EXTERNAL else {}}
        )  # fmt: skip
    return Result(facts={"tensors": tensors})


def array(path: Path, name: str) -> Result:
    """arrays["vectors"]: the numbers, or bits, of the tensor called `name`."""
    tensor = next(tensor for other, tensor in _tensors(_graph(path)) if other == name)
    shape, numbers = tuple(tensor.dims), _numbers(tensor)
    if min(shape, default=0) < 0 or count(shape) != len(numbers):
        sizes = " x ".join(f"{size:,}" for size in shape)
        problem = f"tensor {name!r} claims {sizes} numbers and holds {len(numbers):,}."
        raise InputError(path, problem, DAMAGED)
    return Result({"vectors": numbers.reshape(shape)})


def _graph(path: Path) -> Any:
    import onnx

    try:
        return onnx.load(str(path), load_external_data=False).graph
    except MemoryError:
        raise
    except Exception as error:  # whatever broken protobuf provokes
        raise InputError(path, "is no sound ONNX model: it cannot be parsed.", DAMAGED) from error


def _tensors(graph: Any) -> Iterator[tuple[str, Any]]:
    """Initialisers, and the values of Constant nodes, each name once."""
    seen: set[str] = set()
    for name, tensor in _all_tensors(graph):
        if name not in seen:
            seen.add(name)
            yield name, tensor


def _all_tensors(graph: Any) -> Iterator[tuple[str, Any]]:
    for tensor in graph.initializer:
        yield _text(tensor.name), tensor
    for node in graph.node:
        if node.op_type == "Constant" and node.output:
            for attribute in node.attribute:
                if attribute.name == "value":
                    yield _text(node.output[0]), attribute.t


def _text(value: str | bytes) -> str:
    """protobuf gives the bytes of a text that is not UTF-8."""
    return value.decode(errors="backslashreplace") if isinstance(value, bytes) else value


def _numbers(tensor: Any) -> npt.NDArray[Any]:
    """What the tensor stores, flat; half and brain floats may stand in the integers' field."""
    dtype = np.dtype(_STORED[_DTYPES[tensor.data_type]])
    if tensor.raw_data:
        whole = len(tensor.raw_data) // dtype.itemsize
        return np.frombuffer(tensor.raw_data, dtype, whole)
    if tensor.data_type == 1:
        return np.array(tensor.float_data, dtype)
    if tensor.data_type == 11:
        return np.array(tensor.double_data, dtype)
    bits = np.array(tensor.int32_data, np.int64).astype(f"<u{dtype.itemsize}")
    return bits.view(dtype)
