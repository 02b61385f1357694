"""Status lists (chapter 11)."""

import zlib

import cbor
import envelope
from cbor import Map
from fields import LABEL, SECONDS, VERSION, Bytes, is_kind, read_claims
from spec import LIMIT, LIST_MESSAGE_BYTES, Faults, Refusal

URI, ISSUED_AT, LIST, NUMBER = 2, 6, 65533, -65539
COMPRESSED = Bytes(8, LIMIT["listBytes"])


class StatusList:
    def __init__(self, data, signed, uri, issued_at, version, revoked):
        self.data, self.signed, self.uri = data, signed, uri
        self.issued_at, self.version, self.revoked = issued_at, version, revoked

    def show(self):
        message = {
            "uri": self.uri,
            "issuedAt": self.issued_at,
            "version": self.version,
            "revoked": self.revoked,
        }
        return {"id": self.signed.id().hex(), "signed": self.signed.show(), "message": message}

    def bytes(self):
        """TS-LST-2: a list is its signed bytes, since compressed bits have many forms."""
        return self.signed.bytes()


def read_status_list(data):
    signed = envelope.read_signed(data, typ=envelope.LIST_TYPE, bound=LIST_MESSAGE_BYTES)
    faults = Faults()
    payload = cbor.read(signed.payload, LIST_MESSAGE_BYTES)
    claims = read_claims(payload, (URI, ISSUED_AT, LIST, NUMBER), faults, "list")
    for label, kind in ((URI, LABEL), (ISSUED_AT, SECONDS), (NUMBER, VERSION)):
        if label in claims:
            kind.read(claims[label], faults, f"list.{label}")
        else:
            faults.add("MISSING_FIELD", f"list.{label}")
    packed = b""
    if LIST in claims:
        packed = read_packed(claims[LIST], faults)
    else:
        faults.add("MISSING_FIELD", f"list.{LIST}")
    faults.settle()
    revoked = indices(unpack(packed))
    return StatusList(data, signed, claims[URI], claims[ISSUED_AT], claims[NUMBER], revoked)


def read_packed(item, faults):
    where = "list.bits"
    if not isinstance(item, Map) or len(item.pairs) != 2 or not is_kind(item.get("bits")[0], 1):
        faults.add("BAD_FIELD", where)
        return b""
    return COMPRESSED.read(item.get("lst")[0], faults, f"{where}.lst")


def unpack(packed):
    """zlib, never more than the bound: one byte past it is already too much. It refuses all that
    TS-LST-2 lets a reader overlook."""
    bound = LIMIT["listEntries"] // 8
    stream = zlib.decompressobj()
    try:
        bits = stream.decompress(packed, bound + 1)
        if len(bits) > bound:
            raise Refusal("OVERSIZED", "list")
        bits += stream.flush()
    except zlib.error:
        raise Refusal("BAD_FIELD", "list") from None
    if not stream.eof or stream.unused_data:
        raise Refusal("BAD_FIELD", "list")
    return bits


def indices(bits):
    """Least significant bit first (TS-LST-1)."""
    return [8 * n + bit for n, byte in enumerate(bits) if byte for bit in range(8) if byte >> bit & 1]
