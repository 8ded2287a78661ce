# python3 small_sets.py <folder>: sets of MedMNIST's form that are easy to learn; the standard library only.
#   labels.npz   three labels each, which any image may have or not: label k is a bright bar in rows 4 + 8 k to 8 + 8 k
#   classes.npz  one of three classes: which of these bars an image has
#   logits.npz   what a sure teacher would answer of the training images of classes.npz, in single precision
import random
import struct
import sys
import zipfile

draw = random.Random(2503)


def array(kind, shape, data):
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data


def image(bars):
    pixels = []
    for row in range(28):
        bright = 120 * any(4 + 8 * k <= row < 9 + 8 * k for k in bars)
        pixels += [bright + draw.randrange(60) for _ in range(28)]
    return bytes(pixels)


splits = (("train", 200), ("val", 60), ("test", 60))
with zipfile.ZipFile(sys.argv[1] + "/labels.npz", "w") as file:
    for split, count in splits:
        present = [[k for k in range(3) if draw.random() < 0.4] for _ in range(count)]
        bits = bytes(int(k in bars) for bars in present for k in range(3))
        file.writestr(f"{split}_images.npy", array("|u1", (count, 28, 28), b"".join(map(image, present))))
        file.writestr(f"{split}_labels.npy", array("|u1", (count, 3), bits))
with zipfile.ZipFile(sys.argv[1] + "/classes.npz", "w") as file:
    for split, count in splits:
        classes = [i % 3 for i in range(count)]
        file.writestr(f"{split}_images.npy", array("|u1", (count, 28, 28), b"".join(image([k]) for k in classes)))
        file.writestr(f"{split}_labels.npy", array("|u1", (count, 1), bytes(classes)))
with zipfile.ZipFile(sys.argv[1] + "/logits.npz", "w") as file:
    answers = [4.0 if k == i % 3 else 0.0 for i in range(200) for k in range(3)]
    file.writestr("logits.npy", array("<f4", (200, 3), struct.pack("<600f", *answers)))
