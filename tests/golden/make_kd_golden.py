#!/usr/bin/python3
"""Writes tests/golden/kd_golden.hpp: losses between features of a student and a teacher, by torch (python3-torch).

Usage: tests/golden/make_kd_golden.py > tests/golden/kd_golden.hpp

Three images, 4 tokens, student of 4 channels (q, k and features), teacher of 6. Every loss is a mean over the images."""
import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)
IMAGES, TOKENS, CHANNELS, WIDE, HEADS = 3, 4, 4, 6, 2
X, Q, K = (torch.randn(IMAGES, TOKENS, CHANNELS) for _ in range(3))
TEACHER, TEACHER_Q, TEACHER_K = (1.5 * torch.randn(IMAGES, TOKENS, WIDE) for _ in range(3))
W, B = torch.randn(WIDE, CHANNELS), torch.randn(WIDE)
Z, Z_DIST, Z_TEACHER = (torch.randn(IMAGES, 5) for _ in range(3))
LABELS = torch.tensor([2, 0, 4])


def activation_map(x):  # arXiv:1612.03928: at() of its authors' code, over the channels of each token
    return F.normalize(x.pow(2).sum(-1), dim=-1)


def relations(a, b):  # [images, heads, tokens, tokens]
    split = lambda t: t.view(IMAGES, TOKENS, HEADS, -1).transpose(1, 2)
    a, b = split(a), split(b)
    return F.log_softmax(a @ b.transpose(2, 3) / math.sqrt(a.shape[-1]), -1)


def relation_loss(a, b, c, d):
    kl = F.kl_div(relations(a, b), relations(c, d), log_target=True, reduction="sum")
    return kl / (IMAGES * HEADS * TOKENS)


def similarities(x):
    return F.normalize(x @ x.transpose(1, 2), p=2, dim=-1)


def distances(x):  # arXiv:1904.05068, pdist of its authors' code; the diagonal is zero
    d = ((x[:, :, None] - x[:, None]).pow(2).sum(-1)).clamp(min=1e-12).sqrt() * (1 - torch.eye(TOKENS))
    return d / (d.sum((1, 2), keepdim=True) / (TOKENS * (TOKENS - 1)))


def token_loss(z, z_dist, distance, share):  # DeiT
    return (1 - share) * F.cross_entropy(z, LABELS) + share * distance(z_dist)


def soft(z, t=3.0):
    return F.kl_div(F.log_softmax(z / t, -1), F.log_softmax(Z_TEACHER / t, -1), log_target=True,
                    reduction="sum") * t * t / z.numel()


CASES = [
    ("hint", lambda x, w, b: F.mse_loss(x @ w.T + b, TEACHER), [X, W, B]),
    ("fixed_hint", lambda x: F.mse_loss(x @ W.T, TEACHER), [X]),
    ("attention_transfer", lambda x: F.mse_loss(activation_map(x), activation_map(TEACHER)), [X]),
    ("attention_relation", lambda q, k: relation_loss(q, k, TEACHER_Q, TEACHER_K), [Q, K]),
    ("value_relation", lambda x: relation_loss(x, x, TEACHER, TEACHER), [X]),
    ("similarity", lambda x: F.mse_loss(similarities(x), similarities(TEACHER)), [X]),
    ("distance", lambda x: F.smooth_l1_loss(distances(x), distances(TEACHER)), [X]),
    ("sum", lambda x: 0.5 * F.mse_loss(activation_map(x), activation_map(TEACHER))
     + 2.0 * F.mse_loss(similarities(x), similarities(TEACHER)), [X]),
    ("token_hard", lambda z, d: token_loss(z, d, lambda s: F.cross_entropy(s, Z_TEACHER.argmax(-1)), 0.5), [Z, Z_DIST]),
    ("token_soft", lambda z, d: token_loss(z, d, soft, 0.7), [Z, Z_DIST]),
]
SIGNALS = [
    ("teacher_tokens", TEACHER), ("teacher_map", activation_map(TEACHER)),
    ("teacher_attention", relations(TEACHER_Q, TEACHER_K).exp()),
    ("teacher_values", relations(TEACHER, TEACHER).exp()), ("teacher_similarities", similarities(TEACHER)),
    ("teacher_distances", distances(TEACHER)), ("teacher_q", TEACHER_Q), ("teacher_k", TEACHER_K),
    ("teacher_logits", Z_TEACHER),
]


def row(values):
    return "{" + ", ".join(f"{v:.17g}" for v in values.flatten().tolist()) + "}"


print("// SPDX-License-Identifier: Apache-2.0")
print("// Written by make_kd_golden.py with torch", torch.__version__)
print("// clang-format off")
print("#pragma once\n\n#include <vector>\n\nnamespace kd_golden {\n")
print(f"inline constexpr std::size_t images = {IMAGES}, tokens = {TOKENS}, channels = {CHANNELS}, wide = {WIDE}, "
      f"heads = {HEADS}, classes = {Z.shape[1]};")
print("inline const std::vector<int> labels =", "{" + ", ".join(map(str, LABELS.tolist())) + "};")
print("/// Signals of the teacher, image after image.")
for name, value in SIGNALS:
    print(f"inline const std::vector<double> {name} =", row(value) + ";")
print("/// The student's variables, image after image (the projection's weight and bias: once), the loss and its "
      "gradients.")
print("struct golden_case {\n    std::vector<std::vector<double>> inputs;\n    double loss;\n"
      "    std::vector<std::vector<double>> gradients;\n};")
for name, loss, inputs in CASES:
    leaves = [v.clone().requires_grad_() for v in inputs]
    value = loss(*leaves)
    value.backward()
    print(f"inline const golden_case {name}_case = {{{{{', '.join(row(v.detach()) for v in leaves)}}}, "
          f"{value.item():.17g},\n    {{{', '.join(row(v.grad) for v in leaves)}}}}};")
print("\n}  // namespace kd_golden")
