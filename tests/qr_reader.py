"""Reads a QR code from a picture of a printed page: finds its three corners, reads its modules and undoes its mask, as a telephone does.

Enough for an upright code of versions 1 to 6 at level M without damage, as reports have; so no library for pictures is needed.
"""

from collections.abc import Callable, Iterator
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Modules = NDArray[np.bool_]
BLOCKS = {1: (1, 16), 2: (1, 28), 3: (1, 44), 4: (2, 32), 5: (2, 43), 6: (4, 27)}
"""For each version at level M: how many blocks, and how many bytes of data in each."""
MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, x: y % 2 == 0,
    lambda y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)
FORMAT_MASK = 0b101010000010010
BYTES = 0b0100


def read_qr(picture: Image.Image) -> str:
    """The text of the one code in the picture."""
    modules = _sample_modules(np.asarray(picture.convert("L")) < 128)
    data = _read_data(modules)
    bits = "".join(f"{byte:08b}" for byte in data)
    assert int(bits[:4], 2) == BYTES
    length = int(bits[4:12], 2)
    return bytes(int(bits[12 + 8 * at : 20 + 8 * at], 2) for at in range(length)).decode()


def _corners(line: Modules) -> Iterator[tuple[float, float]]:
    """Where dark, light, dark, light, dark are as wide as 1, 1, 3, 1, 1: the middle, and the width of a module."""
    ends, runs = 0, []
    for dark, group in groupby(line.tolist()):
        ends += len(list(group))
        runs.append((dark, ends))
    for at in range(1, len(runs) - 4):
        widths = [runs[at + k][1] - runs[at + k - 1][1] for k in range(5)]
        module = sum(widths) / 7
        if (
            runs[at][0]
            and module > 2
            and all(abs(w / module - n) < 0.6 for w, n in zip(widths, (1, 1, 3, 1, 1), strict=True))
        ):
            yield (runs[at - 1][1] + runs[at + 4][1]) / 2, module


def _sample_modules(dark: Modules) -> Modules:
    """The modules of the code, true where dark, by the outermost of the corners that are such across and down."""
    found = [
        (x, y, module)
        for row in range(0, dark.shape[0])
        for x, module in _corners(dark[row])
        for y, _ in _corners(dark[:, int(x)])
        if abs(y - row) < module / 2
    ]
    module = float(np.median([each[2] for each in found]))
    left, right = min(each[0] for each in found), max(each[0] for each in found)
    top, bottom = min(each[1] for each in found), max(each[1] for each in found)
    size = round((right - left) / module) + 7
    assert size == round((bottom - top) / module) + 7
    step_x, step_y = (right - left) / (size - 7), (bottom - top) / (size - 7)
    places = np.arange(size) - 3
    sampled: Modules = dark[np.ix_((top + places * step_y).astype(int), (left + places * step_x).astype(int))]
    return sampled


def _read_data(modules: Modules) -> bytes:
    size = len(modules)
    count, each = BLOCKS[(size - 17) // 4]
    format_bits = [*modules[8, :6], modules[8, 7], modules[8, 8]]
    word = int("".join(str(int(bit)) for bit in format_bits), 2) << 7 ^ FORMAT_MASK
    assert word >> 13 == 0, "level M"
    mask = MASKS[word >> 10 & 7]
    bits = "".join(str(int(modules[y, x] ^ mask(y, x))) for y, x in _places(size))
    interleaved = bytes(int(bits[8 * at : 8 * at + 8], 2) for at in range(count * each))
    return b"".join(interleaved[block::count] for block in range(count))


def _places(size: int) -> Iterator[tuple[int, int]]:
    """The modules that hold data, in their order: two columns at a time from the right, up and down in turn."""
    upwards = True
    for right in [*range(size - 1, 6, -2), 5, 3, 1]:
        for y in range(size - 1, -1, -1) if upwards else range(size):
            yield from ((y, x) for x in (right, right - 1) if not _is_fixed(y, x, size))
        upwards = not upwards


def _is_fixed(y: int, x: int, size: int) -> bool:
    """Whether the module belongs to a corner, a timing line, the format, or the one alignment mark."""
    in_corner = (y < 9 and x < 9) or (y < 9 and x >= size - 8) or (y >= size - 8 and x < 9)
    in_mark = size > 21 and abs(y - size + 7) <= 2 and abs(x - size + 7) <= 2
    return in_corner or in_mark or y == 6 or x == 6
