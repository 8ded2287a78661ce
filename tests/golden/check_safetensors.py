# SPDX-License-Identifier: Apache-2.0
"""Checkpoints across languages: reads what the library wrote, and the library reads what numpy and torch wrote.

usage: check_safetensors.py <folder that sample_files wrote> <sample_files program>

The reader and the writer below follow the published format and share no code with the library. With `load` and `save`
a state_dict goes to and from a file:  model.load_state_dict({k: torch.from_numpy(v) for k, v in load(path)[0].items()})
"""
import json
import pathlib
import struct
import subprocess
import sys

from skip import need

np = need("numpy")
DTYPES = {"F32": np.dtype("<f4"), "F64": np.dtype("<f8"), "I64": np.dtype("<i8"), "U8": np.dtype("u1")}


def load(path):
    """Tensors by name, and the metadata."""
    content = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8:8 + length])
    metadata = header.pop("__metadata__", {})
    data = content[8 + length:]
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        dtype = DTYPES[entry["dtype"]]
        assert (8 + length + begin) % dtype.itemsize == 0, f"{name} is not aligned"
        tensors[name] = np.frombuffer(data[begin:end], dtype).reshape(entry["shape"])
    covered = sorted(entry["data_offsets"] for entry in header.values())
    assert [0] + [end for _, end in covered] == [begin for begin, _ in covered] + [len(data)], "gaps or overlaps"
    return tensors, metadata


def save(path, tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, array in tensors.items():
        dtype = next(name for name, dtype in DTYPES.items() if dtype == array.dtype)
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [len(data), len(data) + array.nbytes]}
        data += np.ascontiguousarray(array).tobytes()
    text = json.dumps(header, indent=1).encode()
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(text)) + text + data)


def check_ours(folder):
    content = (folder / "checkpoint.safetensors").read_bytes()
    assert struct.unpack("<Q", content[:8])[0] % 8 == 0, "the header is not a multiple of 8 bytes"
    tensors, metadata = load(folder / "checkpoint.safetensors")
    assert list(tensors) == ["blocks.0.attention.q.theta", "order", "optimizer.m", 'random "state"', "scalar"]
    expected = {"blocks.0.attention.q.theta": (np.arange(15, dtype="f4") * np.float32(.25) - 1).reshape(3, 5),
                "order": np.array([0, 128, 255], "u1"),
                "optimizer.m": (1 / (np.arange(6) + 1.)).reshape(2, 1, 3),
                'random "state"': np.array([-9007199254740993, 7]), "scalar": np.float32(.1)}
    for name, array in tensors.items():
        assert array.dtype == expected[name].dtype and array.shape == expected[name].shape, name
        assert np.array_equal(array, expected[name]), name
    assert metadata["format_version"] == "1" and metadata["model"] == "qvit4", metadata
    assert metadata["note"] == "\u00e9\n\"quoted\"", metadata


def check_theirs(program, folder, tensors):
    metadata = {"written_by": "numpy \u00e9"}
    save(folder / "theirs.safetensors", tensors, metadata)
    run = subprocess.run([program, "read", folder / "theirs.safetensors"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    lines = iter(run.stdout.splitlines())
    for name, array in tensors.items():
        assert next(lines) == name
        dtype, shape = next(lines).split(" ", 1)
        assert DTYPES[dtype] == array.dtype, name
        assert shape == "(" + ", ".join(str(n) for n in array.shape) + ")", (name, shape)
        found = np.array(next(lines).split(), array.dtype)
        assert np.array_equal(found, array.ravel()), (name, found, array)
    assert next(lines) == "written_by=numpy \u00e9"
    # A file that is cut off must fail here too, or this test could not fail.
    content = (folder / "theirs.safetensors").read_bytes()
    (folder / "cut.safetensors").write_bytes(content[:-1])
    run = subprocess.run([program, "read", folder / "cut.safetensors"], capture_output=True, text=True)
    assert run.returncode == 1 and "is cut off" in run.stderr, run


def main():
    folder, program = pathlib.Path(sys.argv[1]), sys.argv[2]
    check_ours(folder)
    random = np.random.default_rng(3)
    check_theirs(program, folder, {"z.f32": random.normal(size=(4, 3)).astype("f4"), "a.f64": random.normal(size=(2, 2, 2)),
                                   "n": np.array([2**63 - 1, -2**63]), "u": np.arange(5, dtype="u1"),
                                   "\u00e9 \"\\": np.zeros((0, 2), "f4"), "s": np.array(-1.5)})
    try:
        import torch
    except ImportError as error:
        print("without torch:", error)
        return
    model = torch.nn.TransformerEncoderLayer(d_model=8, nhead=2, dim_feedforward=16)
    check_theirs(program, folder, {name: tensor.numpy() for name, tensor in model.state_dict().items()})
    tensors, _ = load(folder / "theirs.safetensors")
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    model.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in tensors.items()})
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())


main()
