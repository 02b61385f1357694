"""Sets of status indices in a Golomb-Rice code (TS-LST-7)."""

from fields import Bytes, Number, Row, Type
from spec import LIMIT

PACKED = Row(
    ("count", Number(0, LIMIT["deltaEntries"])),
    ("parameter", Number(0, 32)),
    ("bits", Bytes(0, 16_384)),
)


class IndexSet(Type):
    def read(self, item, faults, where):
        before = len(faults.found)
        packed = PACKED.read(item, faults, where)
        if len(faults.found) > before:
            return []
        indices = unpack(**packed)
        if indices is None:
            faults.add("BAD_FIELD", f"{where}.bits")
        return indices

    def write(self, value):
        return list(pack(value))


def parameter_of(indices):
    if not indices:
        return 0
    parameter = 0
    while len(indices) << (parameter + 1) <= indices[-1] + 1:
        parameter += 1
    return parameter


def pack(indices):
    """Count, parameter and bits of ascending indices."""
    parameter = parameter_of(indices)
    bits = ""
    after = 0
    for index in indices:
        gap = index - after
        bits += "1" * (gap >> parameter) + "0"
        if parameter:
            bits += format(gap & ((1 << parameter) - 1), f"0{parameter}b")
        after = index + 1
    bits += "0" * (-len(bits) % 8)
    return len(indices), parameter, bytes(int(bits[n : n + 8], 2) for n in range(0, len(bits), 8))


def unpack(count, parameter, bits):
    """The indices, or None where the bits are not the one encoding of a set."""
    text = "".join(format(byte, "08b") for byte in bits)
    at = after = 0
    indices = []
    for _ in range(count):
        end = text.find("0", at)
        if end < 0 or end + 1 + parameter > len(text):
            return None
        low = text[end + 1 : end + 1 + parameter]
        index = after + ((end - at) << parameter) + (int(low, 2) if low else 0)
        if index >= LIMIT["listEntries"]:
            return None
        indices.append(index)
        at, after = end + 1 + parameter, index + 1
    return indices if pack(indices) == (count, parameter, bits) else None
