# SPDX-License-Identifier: Apache-2.0
"""Reads the logs that the library wrote with decoders of its own: metrics.csv, metrics.jsonl, TensorBoard event files.

usage: check_logs.py <folder that sample_files wrote>
"""
import csv
import json
import math
import pathlib
import struct
import sys
import time


def crc32c(data):
    """Bit by bit, from the polynomial."""
    rest = 0xFFFFFFFF
    for byte in data:
        rest ^= byte
        for _ in range(8):
            rest = rest >> 1 ^ (0x82F63B78 if rest & 1 else 0)
    return rest ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(content):
    while content:
        (length,) = struct.unpack("<Q", content[:8])
        assert struct.unpack("<I", content[8:12])[0] == masked(content[:8]), "the length's checksum"
        record, content = content[12:12 + length], content[12 + length:]
        assert struct.unpack("<I", content[:4])[0] == masked(record), "the record's checksum"
        content = content[4:]
        yield record


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128:
            return value, at


def fields(data):
    """A protocol buffer as {field number: value}; each number once."""
    found, at = {}, 0
    while at < len(data):
        key, at = varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = varint(data, at)
        else:
            length, at = {1: (8, at), 5: (4, at)}.get(kind) or varint(data, at)
            assert at + length <= len(data), "a field is longer than its message"
            value, at = data[at:at + length], at + length
        assert number not in found, number
        found[number] = value
    return found


def events(path):
    """(step, tag, value) of each scalar; checks all else."""
    all_events = [fields(record) for record in records(path.read_bytes())]
    assert all_events[0][3] == b"brain.Event:2"
    for event in all_events:
        (when,) = struct.unpack("<d", event[1])
        assert abs(when - time.time()) < 3600, "the time of an event"
    scalars, restart = [], None
    for event in all_events[1:]:
        if 7 in event:
            assert fields(event[7]) == {1: 1} and not scalars, "SessionLog.START before any scalar"
            restart = event[2]
            continue
        value = fields(fields(event[5])[1])
        scalars.append((event[2], value[1].decode(), struct.unpack("<f", value[2])[0]))
    return restart, scalars


def main():
    folder = pathlib.Path(sys.argv[1])
    assert crc32c(b"123456789") == 0xE3069283
    first, second = sorted(folder.glob("events.out.tfevents.*"))
    restart, scalars = events(first)
    assert restart is None
    expected = [(epoch, "train/loss", struct.unpack("<f", struct.pack("<f", 1 / epoch))[0]) for epoch in range(1, 201)]
    assert scalars == expected, scalars[:3]
    assert events(second) == (101, [(101, "train/loss", .5)])

    with open(folder / "metrics.csv", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["epoch", "loss", 'validation, "AUC"'], rows[0]
    assert rows[3] == ["3", repr(1 / 3), ""], rows[3]
    with open(folder / "metrics.jsonl") as file:
        objects = [json.loads(line) for line in file]
    assert len(rows) == 201 and len(objects) == 200
    for epoch, (row, line) in enumerate(zip(rows[1:], objects), 1):
        assert line == {"epoch": epoch, "loss": 1 / epoch, 'validation, "AUC"': None if epoch == 3 else .1 * epoch}, line
        assert int(row[0]) == epoch and float(row[1]) == 1 / epoch
        assert epoch == 3 or math.isclose(float(row[2]), .1 * epoch, rel_tol=0)


main()
