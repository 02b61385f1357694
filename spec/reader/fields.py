"""The types of fields, as CDDL names them: each reads an item, writes a value, and shows it.

Reading never stops at the first fault of a layer: all are collected, since the first by precedence
is what counts (TS-ERR-1, TS-ENC-6).
"""

import unicodedata

from cbor import Map
from spec import LIMIT

UNPRINTABLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
ALGORITHMS = (-7, -19, -48)


def is_number(item):
    return type(item) is int


class Type:
    def read(self, item, faults, where):
        raise NotImplementedError

    def write(self, value):
        return value

    def show(self, value):
        return value


class Number(Type):
    def __init__(self, least, most):
        self.least, self.most = least, most

    def read(self, item, faults, where):
        if not is_number(item) or not self.least <= item <= self.most:
            faults.add("BAD_FIELD", where)
        return item


class Money(Type):
    """TS-AMT-2, TS-AMT-3; `least` is 1 for an amount that moves and 0 for a total."""

    def __init__(self, least):
        self.least = least

    def read(self, item, faults, where):
        if not is_number(item):
            faults.add("BAD_FIELD", where)
        elif item < self.least:
            faults.add("BAD_AMOUNT", where)
        elif item > LIMIT["amountMinorUnits"]:
            faults.add("AMOUNT_OVERFLOW", where)
        return item

    def show(self, value):
        return str(value)


class Bytes(Type):
    def __init__(self, least, most=None):
        self.least, self.most = least, least if most is None else most

    def read(self, item, faults, where):
        if not isinstance(item, bytes) or not self.least <= len(item) <= self.most:
            faults.add("BAD_FIELD", where)
        return item

    def show(self, value):
        return value.hex()


class Text(Type):
    """Printable text of so many bytes (TS-ENC-7)."""

    def __init__(self, least, most):
        self.least, self.most = least, most

    def read(self, item, faults, where):
        if not isinstance(item, str) or not self.least <= len(item.encode()) <= self.most:
            faults.add("BAD_FIELD", where)
        elif any(unicodedata.category(c) in UNPRINTABLE for c in item):
            faults.add("BAD_FIELD", where)
        return item


class Bool(Type):
    def read(self, item, faults, where):
        if not isinstance(item, bool):
            faults.add("BAD_FIELD", where)
        return item


class Algorithm(Type):
    """TS-ALG-1: whatever else stands there names no algorithm of ours."""

    def read(self, item, faults, where):
        if not is_number(item) or item not in ALGORITHMS:
            faults.add("UNKNOWN_ALGORITHM", where)
        return item


class Nullable(Type):
    def __init__(self, inner):
        self.inner = inner

    def read(self, item, faults, where):
        return None if item is None else self.inner.read(item, faults, where)

    def write(self, value):
        return None if value is None else self.inner.write(value)

    def show(self, value):
        return None if value is None else self.inner.show(value)


class Many(Type):
    """An array of one type, of at most so many; `unique` names the field that tells them apart."""

    def __init__(self, inner, most, unique=None):
        self.inner, self.most, self.unique = inner, most, unique

    def read(self, item, faults, where):
        if not isinstance(item, list) or len(item) > self.most:
            faults.add("BAD_FIELD", where)
            return []
        values = [self.inner.read(part, faults, f"{where}.{n}") for n, part in enumerate(item)]
        if self.unique is not None:
            seen = [row.get(self.unique) for row in values]
            if any(seen.index(key) != n for n, key in enumerate(seen)):
                faults.add("BAD_FIELD", where)
        return values

    def write(self, value):
        return [self.inner.write(part) for part in value]

    def show(self, value):
        return [self.inner.show(part) for part in value]


class Row(Type):
    """An array by position: `fields` are pairs of name and type."""

    def __init__(self, *fields):
        self.fields = fields

    def read(self, item, faults, where):
        if not isinstance(item, list):
            faults.add("BAD_FIELD", where)
            return {}
        return self.read_parts(item, faults, where)

    def read_parts(self, parts, faults, where):
        values = {}
        for n, (name, kind) in enumerate(self.fields):
            if n < len(parts):
                values[name] = kind.read(parts[n], faults, f"{where}.{name}")
            else:
                faults.add("MISSING_FIELD", f"{where}.{name}")
        if len(parts) > len(self.fields):
            faults.add("BAD_FIELD", where)
        return values

    def write(self, value):
        return [kind.write(value[name]) for name, kind in self.fields]

    def show(self, value):
        return {name: kind.show(value[name]) for name, kind in self.fields}


class Kinded(Row):
    """A row that opens with the number of its kind (TS-ENC-5); without it, it is of no kind."""

    def __init__(self, number, *fields, show_kind=False):
        super().__init__(*fields)
        self.number, self.show_kind = number, show_kind

    def read(self, item, faults, where):
        if not isinstance(item, list) or not item or not is_kind(item[0], self.number):
            faults.add("WRONG_KIND", where)
            return {}
        return self.read_parts(item[1:], faults, where)

    def write(self, value):
        return [self.number, *super().write(value)]

    def show(self, value):
        shown = super().show(value)
        return {"kind": self.number, **shown} if self.show_kind else shown


def is_kind(item, number):
    return is_number(item) and item == number


SECONDS = Number(0, 2**32 - 1)
REF = Bytes(8)
DIGEST = Bytes(32)
POSITION = Number(1, LIMIT["position"])
VERSION = Number(0, 2**32 - 1)
CURRENCY = Number(1, 999)
AMOUNT = Money(1)
TOTAL = Money(0)
LABEL = Text(1, LIMIT["nameBytes"])
MESSAGE = Bytes(0, LIMIT["messageBytes"])


def read_claims(item, known, faults, where):
    """A map with known labels; what is not among them is `BAD_FIELD`, no map `WRONG_KIND`."""
    if not isinstance(item, Map):
        faults.add("WRONG_KIND", where)
        return {}
    claims = {}
    for key, value in item.pairs:
        if is_number(key) and key in known:
            claims[key] = value
        else:
            faults.add("BAD_FIELD", f"{where}.{key}")
    return claims
