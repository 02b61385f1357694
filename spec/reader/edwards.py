"""Points of Ed25519: which encodings a strict verifier takes (chapter 3).

The library checks the equation and the range of S. It takes keys that are written past the field's
prime and points of small order; those are refused here first.
"""

P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def decode(encoded):
    """The point (x, y) of 32 bytes, or None where they are not its one encoding (RFC 8032 §5.1.3)."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P != 0 or (x == 0 and sign == 1):
        return None
    return (P - x if x & 1 != sign else x), y


def add(a, b):
    (x1, y1), (x2, y2) = a, b
    product = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, P - 2, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - product, P - 2, P) % P
    return x, y


def is_sound(encoded):
    """Whether the bytes are a point's one encoding, and the point is not of small order."""
    point = decode(encoded)
    if point is None:
        return False
    for _ in range(3):
        point = add(point, point)
    return point != (0, 1)
