"""The model file of firstline-encoder: writing it, and the two ways in which numbers are stored.

    offset  size  content
    0       8     magic "FLENCODE"
    8       4     version (1), little-endian like every number here
    12      4     architecture: 1 = USE multilingual (DAN over n-grams), 2 = MiniLM (BERT encoder),
                  3 = the same with umlauts spelt out
    16      32    SHA-256 of everything from offset 48 on
    48      4     number of sections n
    52      4     0
    56      64*n  sections: name (32 bytes, UTF-8, padded with 0), kind u32, rows u32, columns u32, 0 u32, offset u64,
                  length in bytes u64; offsets count from the start of the file and are multiples of 16

Kinds: 0 bytes, 1 f32, 2 i8 with one f32 scale per row (all scales first, then the rows), 3 six-bit codes (four codes
in three bytes, lowest bits first), 4 u32.
"""

import hashlib
import pathlib
import struct

import numpy as np

MAGIC = b"FLENCODE"
VERSION = 1
BYTES, F32, I8, SIX_BIT, U32 = range(5)


def quantise_rows(matrix):
    """Symmetric 8 bits per row: value = code * scale, scale = largest absolute value / 127."""
    matrix = np.asarray(matrix, dtype=np.float32)
    scale = np.maximum(np.abs(matrix).max(axis=1), 1e-12).astype(np.float32) / np.float32(127)
    codes = np.clip(np.rint(matrix / scale[:, None]), -127, 127).astype(np.int8)
    return codes, scale.astype(np.float32)


def dequantise_rows(codes, scale):
    return codes.astype(np.float32) * scale[:, None]


def pack_six_bit(codes):
    """Four codes below 64 in three bytes; the code's number grows with the bit's number."""
    codes = np.asarray(codes, dtype=np.uint32)
    assert codes.max() < 64 and codes.shape[1] % 4 == 0
    a, b, c, d = (codes[:, i::4] for i in range(4))
    word = a | b << 6 | c << 12 | d << 18
    packed = np.stack([word & 255, word >> 8 & 255, word >> 16 & 255], axis=2)
    return packed.reshape(codes.shape[0], -1).astype(np.uint8)


class ModelFile:
    """Collects sections in the order in which they are added and writes them."""

    def __init__(self, architecture):
        self.architecture = architecture
        self.sections = []

    def _add(self, name, kind, rows, columns, data):
        self.sections.append((name.encode(), kind, rows, columns, data))

    def add_bytes(self, name, data):
        self._add(name, BYTES, 1, len(data), bytes(data))

    def add_f32(self, name, values):
        values = np.atleast_2d(np.asarray(values, dtype="<f4"))
        self._add(name, F32, *values.shape, values.tobytes())

    def add_u32(self, name, values):
        values = np.atleast_2d(np.asarray(values, dtype="<u4"))
        self._add(name, U32, *values.shape, values.tobytes())

    def add_i8(self, name, matrix):
        """Stores the matrix at 8 bits and returns what a reader gets back from it."""
        codes, scale = quantise_rows(matrix)
        self._add(name, I8, *codes.shape, scale.astype("<f4").tobytes() + codes.tobytes())
        return dequantise_rows(codes, scale)

    def add_six_bit(self, name, codes):
        self._add(name, SIX_BIT, *codes.shape, pack_six_bit(codes).tobytes())

    def add_pieces(self, name, pieces):
        """Strings sorted by their UTF-8 bytes: `name.ends` holds where each ends in `name.text`."""
        encoded = [piece.encode() for piece in pieces]
        assert encoded == sorted(set(encoded))
        self.add_u32(name + ".ends", np.cumsum([len(piece) for piece in encoded]))
        self.add_bytes(name + ".text", b"".join(encoded))

    def write(self, path):
        position = 56 + 64 * len(self.sections)
        table, body = b"", b""
        for name, kind, rows, columns, data in self.sections:
            padding = -position % 16
            body += b"\0" * padding + data
            position += padding
            table += struct.pack("<32sIIIIQQ", name, kind, rows, columns, 0, position, len(data))
            position += len(data)
        content = struct.pack("<II", len(self.sections), 0) + table + body
        digest = hashlib.sha256(content).digest()
        with open(path, "wb") as file:
            file.write(MAGIC + struct.pack("<II", VERSION, self.architecture) + digest + content)
        return digest.hex()


def read(path):
    """The sections of a model file by name: 8-bit matrices as f32, u32 and f32 as arrays, bytes as they are."""
    content = pathlib.Path(path).read_bytes()
    assert content[:8] == MAGIC and hashlib.sha256(content[48:]).digest() == content[16:48]
    sections = {}
    for at in range(56, 56 + 64 * struct.unpack_from("<I", content, 48)[0], 64):
        name, kind, rows, columns, _, offset, length = struct.unpack_from("<32sIIIIQQ", content, at)
        data = content[offset : offset + length]
        if kind == I8:
            scale = np.frombuffer(data, "<f4", rows)
            data = dequantise_rows(np.frombuffer(data, np.int8, offset=4 * rows).reshape(rows, columns), scale)
        elif kind in (F32, U32):
            data = np.frombuffer(data, "<f4" if kind == F32 else "<u4").reshape(rows, columns).copy()
        sections[name.rstrip(b"\0").decode()] = data
    return sections
