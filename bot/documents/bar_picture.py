"""A bar as a picture, drawn without any library: what a Word table shows beside a figure."""

from __future__ import annotations

import struct
import zlib

_WIDTH, _HEIGHT = 300, 12  # pixels; at the size of the table's column sharp enough for paper
_COLOURS = ((0x0D, 0x55, 0x67), (0x7A, 0x3B, 0x69), (0x2F, 0x5D, 0x34), (0x8A, 0x4A, 0x12))
_TRACK = (0xD5, 0xDF, 0xE1)
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def bar(percent: float, kind: int) -> bytes:
    """A PNG of a bar that fills so much of its width; `kind` chooses the colour."""
    filled = round(_WIDTH * percent / 100)
    row = b"\0" + bytes(_COLOURS[kind % len(_COLOURS)]) * filled + bytes(_TRACK) * (_WIDTH - filled)
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)  # 8 bits for each of red, green and blue
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(row * _HEIGHT)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
