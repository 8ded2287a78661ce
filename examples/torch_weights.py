"""Weights of qvit in torch and back: a .safetensors file is a dict of tensors by parameter name and a dict of texts.

    import torch_weights
    tensors, about = torch_weights.load("run/best.safetensors")   # tensors["blocks.0.attention.q.theta"], about["model"]
    tensors["head.bias"] += 0.1
    torch_weights.save("changed.safetensors", tensors, about)     # qvit eval --checkpoint changed.safetensors ...

As a program, `python3 torch_weights.py in.safetensors [out.safetensors]`, it lists them, and writes them again.
"""

import json
import struct
import sys

import torch

_types = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64, "U8": torch.uint8}


def load(path):
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = bytearray(file.read())
    about = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        flat = torch.frombuffer(data[first:last], dtype=_types[entry["dtype"]]) if last > first else torch.empty(0)
        tensors[name] = flat.reshape(entry["shape"]).clone()
    return tensors, about


def save(path, tensors, about):
    names = {kind: name for name, kind in _types.items()}
    header, data = {"__metadata__": about}, b""
    for name, tensor in tensors.items():
        part = tensor.detach().cpu().contiguous().numpy().tobytes()
        header[name] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


if __name__ == "__main__":
    loaded, texts = load(sys.argv[1])
    for key, value in loaded.items():
        print(f"{key:40} {tuple(value.shape)}")
    if len(sys.argv) > 2:
        save(sys.argv[2], loaded, texts)
