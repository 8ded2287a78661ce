#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the golden files of this folder: whole models with every gradient, and single circuits.

    /usr/bin/python3 tests/golden/make_model_goldens.py [--out FOLDER] [--only CASE ...]

Needs numpy and torch (Debian: python3-numpy, python3-torch). Everything is float64, one thread, fixed seeds;
two runs on one machine write the same bytes, another machine may differ in the last bits.

Models, <case>.npz: a vision transformer written from its definition, with gradients by torch's autograd.
    images  uint8 [N, 28, 28, 3] or [N, 28, 28]     labels  uint8 [N]
    logits  [N, K]                                  loss    [1], mean cross entropy over the N images
    param/<name>, grad/<name>                       the shapes a torch module of that name would have
N is 19, so that blocks of 4, 8 or 16 images all leave a partial last block.
The gradient of a linear k.bias is zero by identity (a constant added to a row of scores leaves its softmax as it
was), so it is checked to be rounding noise and written as exact zeros: compare it on the scale of k.weight.

Circuits, circuits.npz: an independent dense complex simulator (Kronecker products), gradients by parameter shift.
    <key>/x [5, n]   <key>/theta [parameters]   <key>/z [5, n] = <Z_i>   <key>/g [5, n], the upstream gradient
    <key>/grad_x [5, n]   <key>/grad_theta [parameters], summed over the samples
    ry_ring_n{n}_L{L}   RY(x_i) on all; L x [RY(theta[l n + i]) on all; CNOT ring]
    rx_chain_n{n}_L{L}  RX(x_i) on all; L x [RX(theta[l n + i]) on all; CNOT chain]
    mixed_n{n}          H, RY(x_i), RZ(theta[i]) on all; CZ ring; RX(theta[n + i]) on all; CNOT chain
Ring: i -> i+1 mod n for i = 0..n-1 in order (n = 2: only 0 -> 1; n = 1: nothing). Chain: the same without the wrap.
The last sample of each x holds the special angles 0, pi, pi/2, -pi.

Conventions: wire 0 is the least significant bit of the amplitude index; RX, RY, RZ(t) = exp(-i t P / 2).
"""
import argparse
import functools
import math
import pathlib
import zlib

import numpy as np
import torch

IMAGES = 19
SIDE = 28
PATCH = 7
SMALLEST_USEFUL_GRADIENT = 1e-4

LARGEST_FLOAT_ERROR = 5e-6  # of one tensor, relative to its largest entry; tests compare floats at 2e-5

# `draw` picks random weights and images where no gradient nearly vanishes (products of many cosines often do) and
# where float32 resolves every tensor, so that a comparison in float measures the code and not the conditioning.
CASES = {
    "qvit4": dict(draw=1),
    "qvit4_L2": dict(draw=0, layers=2),
    "qvit8": dict(draw=3, width=8, mlp=16),
    "vit4": dict(draw=3, quantum=False),
    "qvit4_mean": dict(draw=0, cls=False),
    "qvit4_h2": dict(draw=6, heads=2),
    "qvit4_grey": dict(draw=5, colours=1, classes=2),
    # Options of vit_config and attention_options, several to a model; grey images, patches of 7, 3 classes.
    "options_shifted": dict(draw=34, depth=1, colours=1, classes=3, heads=2, cls=False, tokens="shifted", post_norm=True,
                            positions="sinusoidal", gain=True, mask=True),
    "options_overlap": dict(draw=2, colours=1, classes=3, heads=2, quantum=False, patch=10, stride=6, padding=2,
                            cls=False, positions="none", layer_scale=True),
    "options_distil": dict(draw=0, colours=1, classes=3, heads=2, quantum=False, stride=5, dist=True, mask=True,
                           positions="sinusoidal", depth=1),
    "options_stem": dict(draw=0, colours=1, classes=3, tokens="stem", cls=False, pool="attention", depth=1, stem=3),
    "options_gaussian": dict(draw=0, colours=1, classes=3, heads=2, quantum=False, depth=1, gaussian=True),
    "options_orthogonal": dict(draw=0, colours=1, classes=3, depth=1, orthogonal=True, cls=False),
}
DEFAULTS = dict(colours=3, classes=5, width=4, mlp=8, depth=2, heads=1, layers=1, quantum=True, cls=True,
                patch=PATCH, stride=None, padding=0, tokens="patches", positions="learned", post_norm=False,
                layer_scale=False, dist=False, gain=False, mask=False, pool="mean", stem=2,
                stem_channels=2, gaussian=False, orthogonal=False)
EXPECTED_PARAMETERS = {"qvit4": 913, "vit4": 1041, "qvit4_mean": 905, "qvit4_L2": 945, "qvit8": 2077}


def seed_of(case):
    """A seed that depends on the name only, so that adding a case changes no other."""
    return zlib.crc32(case.encode())


def ring(n):
    """The (control, target) pairs of the entangling ring."""
    if n == 1:
        return []
    if n == 2:
        return [(0, 1)]
    return [(i, (i + 1) % n) for i in range(n)]


def chain(n):
    return [(i, i + 1) for i in range(n - 1)]


# ---- the quantum layer in torch: one gate after the other on a real state ------------------------------------------


def axis_of(wire, n):
    """Amplitudes have shape [samples, 2, ..., 2]; the last axis is the least significant bit, wire 0."""
    return n - wire


def apply_ry(state, wire, angle):
    """angle: [samples] or a scalar."""
    axis = axis_of(wire, state.dim() - 1)
    zero, one = state.select(axis, 0), state.select(axis, 1)
    shape = (-1,) + (1,) * (zero.dim() - 1)
    c, s = torch.cos(angle / 2).reshape(shape), torch.sin(angle / 2).reshape(shape)
    return torch.stack([c * zero - s * one, s * zero + c * one], axis)


def apply_cnot(state, control, target):
    n = state.dim() - 1
    axis = axis_of(control, n)
    zero, one = state.select(axis, 0), state.select(axis, 1)
    # `one` has lost the control's axis: axes behind it have moved up by one.
    target_axis = axis_of(target, n) - (1 if axis_of(target, n) > axis else 0)
    return torch.stack([zero, one.flip(target_axis)], axis)


def qnn(x, theta):
    """x [..., n], theta [L, n] -> <Z_i>, [..., n]."""
    n = x.shape[-1]
    angles = x.reshape(-1, n)
    state = torch.zeros([angles.shape[0]] + [2] * n, dtype=x.dtype)
    state[(slice(None),) + (0,) * n] = 1
    for wire in range(n):
        state = apply_ry(state, wire, angles[:, wire])
    for layer in theta:
        for wire in range(n):
            state = apply_ry(state, wire, layer[wire])
        for control, target in ring(n):
            state = apply_cnot(state, control, target)
    probability = state * state
    outputs = []
    for wire in range(n):
        axis = axis_of(wire, n)
        difference = probability.select(axis, 0) - probability.select(axis, 1)
        outputs.append(difference.reshape(len(angles), -1).sum(1))
    return torch.stack(outputs, 1).reshape(x.shape)


# ---- the vision transformer: a dictionary of tensors and functions of it -------------------------------------------


def side_of(o):
    """Patches, or points of the last convolution, along a side."""
    if o["tokens"] == "stem":
        return math.ceil(SIDE / 2 ** o["stem"])
    return (SIDE + 2 * o["padding"] - o["patch"]) // (o["stride"] or o["patch"]) + 1


def parameter_shapes(o):
    """Names and shapes in the order of the model."""
    c, tokens = o["width"], side_of(o) ** 2 + o["cls"] + o["dist"]
    features = o["colours"] * o["patch"] ** 2
    if o["tokens"] == "shifted":
        features *= 5
        shapes = {"embed.norm.weight": (features,), "embed.norm.bias": (features,),
                  "embed.proj.weight": (c, features), "embed.proj.bias": (c,)}
    elif o["tokens"] == "stem":
        shapes, channels = {}, o["colours"]
        for i in range(o["stem"]):
            before, channels = channels, o["stem_channels"] << i
            shapes[f"embed.conv{i + 1}.weight"] = (channels, before, 3, 3)
            shapes[f"embed.conv{i + 1}.bias"] = (channels,)
        shapes["embed.proj.weight"], shapes["embed.proj.bias"] = (c, channels), (c,)
    else:
        shapes = {"embed.weight": (c, features), "embed.bias": (c,)}
    if o["cls"]:
        shapes["cls"] = (1, c)
    if o["dist"]:
        shapes["dist"] = (1, c)
    if o["positions"] == "learned":
        shapes["pos"] = (tokens, c)
    for b in range(o["depth"]):
        at = f"blocks.{b}."
        shapes[at + "norm1.weight"] = shapes[at + "norm1.bias"] = (c,)
        for role in "wv" if o["orthogonal"] else "qkvo":
            if o["orthogonal"]:
                shapes[at + f"attention.{role}.theta"] = (len(butterfly(c)),)
            elif o["quantum"]:
                shapes[at + f"attention.{role}.theta"] = (o["layers"], c)
            else:
                out = o["heads"] if o["gaussian"] and role in "qk" else c
                shapes[at + f"attention.{role}.weight"] = (out, c)
                shapes[at + f"attention.{role}.bias"] = (out,)
        if o["gain"]:
            shapes[at + "attention.gain"] = (o["heads"],)
        if o["layer_scale"]:
            shapes[at + "gamma1"] = shapes[at + "gamma2"] = (c,)
        shapes[at + "norm2.weight"] = shapes[at + "norm2.bias"] = (c,)
        shapes[at + "mlp.fc1.weight"], shapes[at + "mlp.fc1.bias"] = (o["mlp"], c), (o["mlp"],)
        shapes[at + "mlp.fc2.weight"], shapes[at + "mlp.fc2.bias"] = (c, o["mlp"]), (c,)
    if not o["post_norm"]:
        shapes["norm.weight"] = shapes["norm.bias"] = (c,)
    if o["pool"] == "attention":
        shapes["query"] = (1, c)
    for head in ("head", "head_dist") if o["dist"] else ("head",):
        shapes[head + ".weight"], shapes[head + ".bias"] = (o["classes"], c), (o["classes"],)
    return shapes


def draw_parameters(shapes, rng):
    """Generous sizes: every gradient is to be well away from zero."""
    values = {}
    for name, shape in shapes.items():
        if name.endswith("theta"):
            value = rng.uniform(-math.pi / 2, math.pi / 2, shape)
        elif "norm" in name:
            value = (1.0 if name.endswith("weight") else 0.0) + 0.2 * rng.standard_normal(shape)
        elif name.endswith(("gain", "gamma1", "gamma2")):
            value = 1 + 0.3 * rng.standard_normal(shape)
        elif name in ("cls", "dist", "pos", "query"):
            value = 0.5 * rng.standard_normal(shape)
        elif name.endswith("bias"):
            value = 0.3 * rng.standard_normal(shape)
        else:
            value = 1.5 * rng.standard_normal(shape) / math.sqrt(math.prod(shape[1:]))
        values[name] = value
    return values


def linear(x, p, name):
    return x @ p[name + ".weight"].T + p[name + ".bias"]


def norm(x, p, name):
    mean = x.mean(-1, keepdim=True)
    variance = ((x - mean) ** 2).mean(-1, keepdim=True)
    return (x - mean) / torch.sqrt(variance + 1e-5) * p[name + ".weight"] + p[name + ".bias"]


def gelu(x):
    return 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))


def butterfly(n):
    """Pairs of channels, stage after stage (arXiv:2209.08167)."""
    return [(i, i + half) for half in (1 << s for s in range(n.bit_length() - 1)) for i in range(n) if not i & half]


def orthogonal(x, theta):
    """One RBS gate (a, b) after another on the channels of x."""
    columns = list(x.unbind(-1))
    for angle, (a, b) in zip(theta, butterfly(x.shape[-1])):
        c, s = torch.cos(angle), torch.sin(angle)
        columns[a], columns[b] = c * columns[a] - s * columns[b], s * columns[a] + c * columns[b]
    return torch.stack(columns, -1)


def attention(x, p, at, o):
    if o["orthogonal"]:
        key, value = (orthogonal(x, p[f"{at}attention.{role}.theta"]) for role in "wv")
        return torch.softmax((x @ key.transpose(1, 2) / x.shape[-1]) ** 2, -1) @ value

    def project(value, role):
        name = f"{at}attention.{role}"
        return qnn(value, p[name + ".theta"]) if o["quantum"] else linear(value, p, name)

    q, k, v = (project(x, role) for role in "qkv")
    head_width = o["width"] // o["heads"]
    heads = []
    for h in range(o["heads"]):
        part = slice(h * head_width, (h + 1) * head_width)
        if o["gaussian"]:
            scores = -(q[..., h, None] - k[..., None, :, h]) ** 2 / math.sqrt(head_width)
            heads.append(torch.softmax(scores, -1) @ v[..., part])
            continue
        scores = q[..., part] @ k[..., part].transpose(1, 2) / math.sqrt(head_width)
        if o["gain"]:
            scores = scores * p[at + "attention.gain"][h]
        if o["mask"]:
            scores = scores.masked_fill(torch.eye(scores.shape[-1], dtype=torch.bool), -math.inf)
        heads.append(torch.softmax(scores, -1) @ v[..., part])
    return project(torch.cat(heads, -1), "o")


def patches(images, o):
    """[N, colour, row, column] -> [N, patches, colour * row * column], patches row by row."""
    x = torch.nn.functional.unfold(images, o["patch"], padding=o["padding"], stride=o["stride"] or o["patch"])
    return x.transpose(1, 2).contiguous()


def shifted_images(images, o):
    """The image and its four diagonal shifts by half a patch, as channels (arXiv:2112.13492)."""
    s = o["patch"] // 2
    x = torch.nn.functional.pad(images, (s, s, s, s))
    parts = [images, x[:, :, :-2 * s, :-2 * s], x[:, :, :-2 * s, 2 * s:], x[:, :, 2 * s:, :-2 * s],
             x[:, :, 2 * s:, 2 * s:]]
    return torch.cat(parts, 1)


def embed(images, p, o):
    if o["tokens"] == "shifted":
        return linear(norm(patches(shifted_images(images, o), o), p, "embed.norm"), p, "embed.proj")
    if o["tokens"] == "stem":
        for i in range(o["stem"]):
            at = f"embed.conv{i + 1}"
            images = gelu(torch.nn.functional.conv2d(images, p[at + ".weight"], p[at + ".bias"], stride=2, padding=1))
        return linear(images.flatten(2).transpose(1, 2), p, "embed.proj")
    return linear(patches(images, o), p, "embed")


def sinusoidal(o, dtype):
    """Position embedding of the patches as in MoCo v3's code (arXiv:2104.02057); zero for the tokens before them."""
    side, quarter = side_of(o), o["width"] // 4
    rows, columns = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    omega = 1 / 10000 ** (torch.arange(quarter, dtype=torch.float64) / quarter)
    x, y = (at.flatten()[:, None] * omega for at in (columns, rows))
    table = torch.cat([torch.sin(x), torch.cos(x), torch.sin(y), torch.cos(y)], 1)
    return torch.cat([torch.zeros(o["cls"] + o["dist"], o["width"]), table]).to(dtype)


def encode(images, p, o):
    x = embed(images, p, o)
    extra = [p[token].expand(len(images), 1, -1) for token in ("cls", "dist") if token in p]
    x = torch.cat([*extra, x], 1)
    if o["positions"] == "learned":
        x = x + p["pos"]
    elif o["positions"] == "sinusoidal":
        x = x + sinusoidal(o, x.dtype)
    for b in range(o["depth"]):
        at = f"blocks.{b}."
        mix = lambda t: attention(t, p, at, o) * p.get(at + "gamma1", 1)
        feed = lambda t: linear(gelu(linear(t, p, at + "mlp.fc1")), p, at + "mlp.fc2") * p.get(at + "gamma2", 1)
        if o["post_norm"]:
            x = norm(x + mix(x), p, at + "norm1")
            x = norm(x + feed(x), p, at + "norm2")
        else:
            x = x + mix(norm(x, p, at + "norm1"))
            x = x + feed(norm(x, p, at + "norm2"))
    return x if o["post_norm"] else norm(x, p, "norm")


def forward(images, p, o):
    x = encode(images, p, o)
    if o["pool"] == "attention":
        pooled = (torch.softmax(x @ p["query"][0] / math.sqrt(o["width"]), 1)[:, None] @ x)[:, 0]
    else:
        pooled = x[:, 0] if o["cls"] else x.mean(1)
    logits = linear(pooled, p, "head")
    return (logits + linear(x[:, 1], p, "head_dist")) / 2 if o["dist"] else logits


def cross_entropy(logits, labels):
    return (torch.logsumexp(logits, 1) - logits[torch.arange(len(labels)), labels]).mean()


def normalised(images):
    """uint8 [N, 28, 28(, 3)] -> float64 [N, colours, 28, 28] in [-1, 1]."""
    x = torch.tensor(images.astype(np.float64))
    x = x[:, None] if x.dim() == 3 else x.permute(0, 3, 1, 2)
    return (x / 255 - 0.5) / 0.5


def smooth_images(rng, colours):
    """Random low-frequency fields of strong contrast, the colours of one image related but not equal."""
    frequency = np.arange(4)
    basis = np.cos(math.pi * frequency[:, None] * (np.arange(SIDE) + 0.5) / SIDE)
    weight = 1 / (1 + frequency[:, None] + frequency[None, :])
    shared = rng.standard_normal((IMAGES, 1, 4, 4))
    own = rng.standard_normal((IMAGES, colours, 4, 4))
    field = np.einsum("nkab,ai,bj->nijk", (shared + 0.7 * own) * weight, basis, basis)
    # 52 grey levels, 0 and 255 among them: they compress better.
    images = np.clip(5 * np.rint((127.5 + 70 * field) / 5), 0, 255).astype(np.uint8)
    return images[..., 0].copy() if colours == 1 else images


def check_derivative(images, labels, values, grads, o, rng):
    """The directional derivative by central differences: autograd and the forward pass belong together."""
    direction = {k: rng.standard_normal(v.shape) for k, v in values.items()}
    length = math.sqrt(sum((d ** 2).sum() for d in direction.values()))
    direction = {k: d / length for k, d in direction.items()}

    def loss_at(step):
        p = {k: torch.tensor(v + step * direction[k]) for k, v in values.items()}
        return cross_entropy(forward(images, p, o), labels).item()

    h = 1e-5
    numeric = (loss_at(h) - loss_at(-h)) / (2 * h)
    exact = sum((grads[k] * direction[k]).sum() for k in values)
    # Unit direction: the cut-off of the difference is of the order h^2 = 1e-10, its rounding 1e-11.
    assert abs(numeric - exact) < 2e-9, (numeric, exact)


def logits_loss_and_grads(images, labels, values, o, dtype):
    p = {k: torch.tensor(v, dtype=dtype, requires_grad=True) for k, v in values.items()}
    logits = forward(images.to(dtype), p, o)
    loss = cross_entropy(logits, labels)
    loss.backward()
    return logits.detach().numpy(), loss.item(), {k: t.grad.numpy() for k, t in p.items()}


def make_model(case, folder):
    o = {**DEFAULTS, **CASES[case]}
    rng = np.random.default_rng(seed_of(case) + o["draw"])
    values = draw_parameters(parameter_shapes(o), rng)
    count = sum(v.size for v in values.values())
    assert count == EXPECTED_PARAMETERS.get(case, count), f"{case} has {count} parameters"
    images = smooth_images(rng, o["colours"])
    labels = rng.integers(0, o["classes"], IMAGES).astype(np.uint8)

    x, y = normalised(images), torch.tensor(labels.astype(np.int64))
    logits, loss, grads = logits_loss_and_grads(x, y, values, o, torch.float64)
    check_derivative(x, y, values, grads, o, rng)

    k_bias = "none" if o["gaussian"] else "attention.k.bias"  # a Gaussian score depends on it
    for name in grads:
        if name.endswith(k_bias):
            assert np.abs(grads[name]).max() < 1e-14, name
            grads[name] = np.zeros_like(grads[name])
    sizes = {k: np.abs(g).max() for k, g in grads.items() if not k.endswith(k_bias)}
    weakest = min(sizes, key=sizes.get)
    assert sizes[weakest] >= SMALLEST_USEFUL_GRADIENT, f"{case}: {weakest} has max|grad| {sizes[weakest]:.2e}"

    _, _, single = logits_loss_and_grads(x, y, values, o, torch.float32)
    float_error = max(np.abs(single[k] - grads[k]).max() / sizes[k] for k in sizes)
    assert float_error <= LARGEST_FLOAT_ERROR, f"{case}: float32 differs by {float_error:.2e}"

    content = {"images": images, "labels": labels, "logits": logits, "loss": np.array([loss])}
    content.update({"param/" + k: v for k, v in values.items()})
    content.update({"grad/" + k: v for k, v in grads.items()})
    path = folder / f"{case}.npz"
    np.savez_compressed(path, **content)
    print(f"{case:11s} {count:5d} parameters  loss {loss:.4f}  spread of logits {logits.std(0).mean():.3f}  "
          f"smallest max|grad| {sizes[weakest]:.2e} ({weakest})  float32 error {float_error:.1e}  "
          f"{path.stat().st_size / 1000:.1f} kB")


# ---- circuits: dense complex matrices ------------------------------------------------------------------------------

PAULI_X = np.array([[0, 1], [1, 0]], complex)
PAULI_Y = np.array([[0, -1j], [1j, 0]])
PAULI_Z = np.array([[1, 0], [0, -1]], complex)
HADAMARD = (PAULI_X + PAULI_Z) / math.sqrt(2)
ROTATION_AXIS = {"rx": PAULI_X, "ry": PAULI_Y, "rz": PAULI_Z}


def on_wires(n, factors):
    """The Kronecker product with factors[wire] on its wire and identities elsewhere; wire n-1 is leftmost."""
    return functools.reduce(np.kron, [factors.get(wire, np.eye(2)) for wire in reversed(range(n))], np.eye(1))


@functools.lru_cache(maxsize=None)
def controlled(n, control, target, name):
    zero, one = np.diag([1.0, 0.0]), np.diag([0.0, 1.0])
    return on_wires(n, {control: zero}) + on_wires(n, {control: one, target: {"cnot": PAULI_X, "cz": PAULI_Z}[name]})


def rotation(name, angle):
    return math.cos(angle / 2) * np.eye(2) - 1j * math.sin(angle / 2) * ROTATION_AXIS[name]


def on_all(n, name, source=None, first=0):
    """One gate per wire; its angle is entry first + wire of `source`."""
    return [(name, (wire,), source, first + wire) for wire in range(n)]


def between(name, pairs):
    return [(name, pair, None, 0) for pair in pairs]


def ry_ring(n, layers):
    gates = on_all(n, "ry", "x")
    for l in range(layers):
        gates += on_all(n, "ry", "theta", l * n) + between("cnot", ring(n))
    return gates


def rx_chain(n, layers):
    gates = on_all(n, "rx", "x")
    for l in range(layers):
        gates += on_all(n, "rx", "theta", l * n) + between("cnot", chain(n))
    return gates


def mixed(n):
    return (on_all(n, "h") + on_all(n, "ry", "x") + on_all(n, "rz", "theta") + between("cz", ring(n))
            + on_all(n, "rx", "theta", n) + between("cnot", chain(n)))


def expectations(n, gates, angles):
    """angles: {"x": [n], "theta": [parameters]} -> <Z_i>, [n]."""
    state = np.zeros(2 ** n, complex)
    state[0] = 1
    for name, wires, source, index in gates:
        if name in ROTATION_AXIS:
            matrix = on_wires(n, {wires[0]: rotation(name, angles[source][index])})
        elif name == "h":
            matrix = on_wires(n, {wires[0]: HADAMARD})
        else:
            matrix = controlled(n, *wires, name)
        state = matrix @ state
    assert abs(np.vdot(state, state) - 1) < 1e-12
    bits = np.arange(2 ** n)
    return np.array([np.sum(np.abs(state) ** 2 * (1 - 2.0 * (bits >> wire & 1))) for wire in range(n)])


def shifted(n, gates, angles, source, index):
    """d<Z_i>/d angles[source][index], exact because every angle turns one gate: [f(+pi/2) - f(-pi/2)] / 2."""
    def at(step):
        moved = {k: v.copy() for k, v in angles.items()}
        moved[source][index] += step
        return expectations(n, gates, moved)

    return (at(math.pi / 2) - at(-math.pi / 2)) / 2


def all_circuits():
    for n in (1, 2, 3, 4, 5, 8):
        for layers in (1, 2, 3):
            yield f"ry_ring_n{n}_L{layers}", n, ry_ring(n, layers), layers * n
    for n in (3, 4):
        for layers in (1, 2):
            yield f"rx_chain_n{n}_L{layers}", n, rx_chain(n, layers), layers * n
    for n in (3, 4):
        yield f"mixed_n{n}", n, mixed(n), 2 * n


def check_against_torch(key, r, n):
    """The two simulators of this file share no code: they must agree on the circuit of the models."""
    x = torch.tensor(r["x"], requires_grad=True)
    theta = torch.tensor(r["theta"].reshape(-1, n), requires_grad=True)
    z = qnn(x, theta)
    (z * torch.tensor(r["g"])).sum().backward()
    for name, value in (("z", z.detach()), ("grad_x", x.grad), ("grad_theta", theta.grad.reshape(-1))):
        assert np.abs(value.numpy() - r[name]).max() < 1e-12, (key, name)


def make_circuits(folder):
    content, weakest = {}, (math.inf, "")
    for key, n, gates, parameters in all_circuits():
        rng = np.random.default_rng(seed_of(key))
        x = rng.uniform(-math.pi, math.pi, (5, n))
        x[4] = [(0, math.pi, math.pi / 2, -math.pi)[wire % 4] for wire in range(n)]
        theta = rng.uniform(-math.pi, math.pi, parameters)
        g = rng.standard_normal((5, n))
        z, grad_x, grad_theta = np.zeros((5, n)), np.zeros((5, n)), np.zeros(parameters)
        for s in range(5):
            angles = {"x": x[s], "theta": theta}
            z[s] = expectations(n, gates, angles)
            grad_x[s] = [g[s] @ shifted(n, gates, angles, "x", i) for i in range(n)]
            grad_theta += [g[s] @ shifted(n, gates, angles, "theta", i) for i in range(parameters)]
        r = dict(x=x, theta=theta, z=z, g=g, grad_x=grad_x, grad_theta=grad_theta)
        if key.startswith("ry_ring"):
            check_against_torch(key, r, n)
        for name in ("z", "grad_x", "grad_theta"):
            weakest = min(weakest, (np.abs(r[name]).max(), f"{key}/{name}"))
        content.update({f"{key}/{name}": value for name, value in r.items()})
    assert weakest[0] >= SMALLEST_USEFUL_GRADIENT, weakest
    path = folder / "circuits.npz"
    np.savez_compressed(path, **content)
    print(f"circuits: {len(content)} arrays, smallest max|value| {weakest[0]:.2e} ({weakest[1]}), "
          f"{path.stat().st_size / 1000:.1f} kB")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent,
                        help="folder for the .npz files (default: this script's)")
    parser.add_argument("--only", nargs="+", metavar="CASE", choices=[*CASES, "circuits"], help="make only these")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    for case in arguments.only or [*CASES, "circuits"]:
        if case == "circuits":
            make_circuits(arguments.out)
        else:
            make_model(case, arguments.out)


if __name__ == "__main__":
    main()
