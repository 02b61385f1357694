"""One deterministic CBOR item (chapter 1): a strict walk to read it, cbor2 to write its parts.

cbor2 reads much that a conforming writer never writes, so it does not read here; it writes the
heads, and the test of canonicity is twofold: the walk's own rules, and that what was read is written
back to the same bytes.
"""

import unicodedata

import cbor2

from spec import LIMIT, Refusal


class Map:
    """A map as pairs, in the order of the bytes: Python's own takes 1 and true for one key."""

    def __init__(self, pairs):
        self.pairs = pairs

    def get(self, key):
        """The value of a key, and whether it is there."""
        for k, value in self.pairs:
            if type(k) is type(key) and k == key:
                return value, True
        return None, False

    def keys(self):
        return [key for key, _ in self.pairs]


class _Walk:
    def __init__(self, data):
        self.data = data
        self.at = 0
        self.items = 0
        self.canonical = True

    def take(self, count):
        if count > len(self.data) - self.at:
            raise Refusal("MALFORMED", "the bytes end before the item")
        start, self.at = self.at, self.at + count
        return self.data[start : self.at]

    def head(self):
        """Major type, the low five bits, and the argument (None for an indefinite length)."""
        self.items += 1
        if self.items > LIMIT["items"]:
            raise Refusal("MALFORMED", "too many items")
        first = self.take(1)[0]
        major, info = first >> 5, first & 31
        if info < 24:
            return major, info, info
        if info > 27:
            if info < 31 or major in (0, 1, 6):
                raise Refusal("MALFORMED", "a reserved head")
            return major, info, None
        argument = int.from_bytes(self.take(1 << (info - 24)), "big")
        if major != 7 and argument < (24, 1 << 8, 1 << 16, 1 << 32)[info - 24]:
            self.canonical = False
        return major, info, argument

    def item(self, depth=0):
        major, info, argument = self.head()
        while major == 6:
            self.canonical = False
            depth = self.deeper(depth)
            major, info, argument = self.head()
        if major == 0:
            return argument
        if major == 1:
            if argument >= 1 << 63:
                self.canonical = False
            return -1 - argument
        if major in (2, 3):
            return self.string(major, argument)
        if major == 7:
            return self.simple(info, argument)
        depth = self.deeper(depth)
        return self.array(argument, depth) if major == 4 else self.map(argument, depth)

    def deeper(self, depth):
        if depth == LIMIT["nesting"]:
            raise Refusal("MALFORMED", "nested too deep")
        return depth + 1

    def string(self, major, length):
        if length is not None:
            return self.text(self.take(length)) if major == 3 else self.take(length)
        self.canonical = False
        total = 0
        while not self.ends():
            chunk_major, _, chunk_length = self.head()
            if chunk_major != major or chunk_length is None:
                raise Refusal("MALFORMED", "a chunk of another type")
            self.string(major, chunk_length)
            total += chunk_length
            if major == 3 and total > LIMIT["textBytes"]:
                raise Refusal("MALFORMED", "a text too long")
        return b"" if major == 2 else ""

    def text(self, data):
        if len(data) > LIMIT["textBytes"]:
            raise Refusal("MALFORMED", "a text too long")
        try:
            text = data.decode("utf-8", "strict")
        except UnicodeDecodeError:
            raise Refusal("MALFORMED", "text that is not UTF-8") from None
        if not unicodedata.is_normalized("NFC", text):
            self.canonical = False
        return text

    def simple(self, info, argument):
        if argument is None:
            raise Refusal("MALFORMED", "a stray break")
        if info == 24 and argument < 32:
            raise Refusal("MALFORMED", "a simple value in two bytes")
        if info in (20, 21):
            return info == 21
        if info != 22:
            self.canonical = False
        return None

    def ends(self):
        """Whether the next byte is a break, which is then passed over."""
        if self.at < len(self.data) and self.data[self.at] == 0xFF:
            self.at += 1
            return True
        return False

    def array(self, count, depth):
        items = []
        if count is None:
            self.canonical = False
            while not self.ends():
                items.append(self.item(depth))
            return items
        while len(items) < count:
            items.append(self.item(depth))
        return items

    def map(self, count, depth):
        pairs = []
        last = None
        if count is None:
            self.canonical = False
        while not self.ends() if count is None else len(pairs) < count:
            start = self.at
            key = self.item(depth)
            encoded = bytes(self.data[start : self.at])
            if last is not None and encoded <= last:
                self.canonical = False
            last = encoded
            pairs.append((key, self.item(depth)))
        return Map(pairs)


def read(data, bound=LIMIT["messageBytes"]):
    """Reads the one item that the bytes are (TS-ENC-1 to 4), or refuses them."""
    if len(data) > bound:
        raise Refusal("OVERSIZED", f"{len(data)} bytes")
    walk = _Walk(data)
    item = walk.item()
    if walk.at != len(data):
        raise Refusal("TRAILING_BYTES")
    if not walk.canonical:
        raise Refusal("NON_CANONICAL")
    if write(item) != data:
        raise AssertionError("an item that was read is not written back to its bytes")
    return item


def write(item):
    """The deterministic encoding of an item."""
    if isinstance(item, list):
        return _head(4, len(item)) + b"".join(write(part) for part in item)
    if isinstance(item, Map):
        pairs = sorted((write(key), write(value)) for key, value in item.pairs)
        return _head(5, len(pairs)) + b"".join(key + value for key, value in pairs)
    return cbor2.dumps(item)


def _head(major, count):
    """cbor2 writes a number in its shortest form; the major type goes into its first three bits."""
    number = bytearray(cbor2.dumps(count))
    number[0] |= major << 5
    return bytes(number)
