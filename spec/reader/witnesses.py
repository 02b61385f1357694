"""Witnesses (chapter 27): digests under the salt of a contact, and sets of them."""

from hashlib import sha256

from fields import Bytes
from spec import LIMIT

PLACE_BYTES = 16
TOLD_PLACE_BYTES = 4
TOLD_CONTENT_BYTES = 2
WITNESS_BYTES = TOLD_PLACE_BYTES + TOLD_CONTENT_BYTES


class WitnessSet(Bytes):
    """Whole witnesses in ascending order, none twice (TS-WIT-3)."""

    def __init__(self):
        super().__init__(0, LIMIT["witnessSetBytes"])

    def read(self, item, faults, where):
        item = super().read(item, faults, where)
        if isinstance(item, bytes):
            parts = [item[at : at + WITNESS_BYTES] for at in range(0, len(item), WITNESS_BYTES)]
            if len(item) % WITNESS_BYTES != 0 or parts != sorted(set(parts)):
                faults.add("BAD_FIELD", where)
        return item


def read_witness(data):
    """Two nonces, a reference, a position and a record id, as they are told in a contact."""
    nonces, ref, position, record_id = sorted((data[:16], data[16:32])), data[32:40], data[40:44], data[44:]
    salt = sha256(b"".join(nonces)).digest()
    place = sha256(salt + b"\0" + ref + position).digest()[:PLACE_BYTES]
    content = sha256(salt + b"\1" + record_id).digest()
    told = place[:TOLD_PLACE_BYTES] + content[:TOLD_CONTENT_BYTES]
    return {"salt": salt.hex(), "place": place.hex(), "witness": told.hex()}
