"""Public keys as COSE_Key and raw (chapter 3), and the verification of signatures (chapter 4)."""

from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

import edwards
from cbor import Map, write
from fields import is_kind

ES256, ED25519, ML_DSA_44 = -7, -19, -48
RAW_BYTES = {ES256: 33, ED25519: 32, ML_DSA_44: 1_312}
SIGNATURE_BYTES = {ES256: 64, ED25519: 64, ML_DSA_44: 2_420}
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def read_cose_key(item, faults, where):
    """A COSE_Key of one of the three shapes (TS-ALG-3), as (algorithm, raw bytes)."""
    if not isinstance(item, Map):
        faults.add("BAD_FIELD", where)
        return None
    labels = {key for key in item.keys() if type(key) is int}
    kty, crv, alg = item.get(1)[0], item.get(-1)[0], item.get(3)[0]
    exactly = len(labels) == len(item.pairs)
    if exactly and labels == {1, -1, -2, -3} and is_kind(kty, 2) and is_kind(crv, 1):
        x, odd = item.get(-2)[0], item.get(-3)[0]
        if isinstance(x, bytes) and len(x) == 32 and isinstance(odd, bool):
            return ES256, bytes([3 if odd else 2]) + x
    elif exactly and labels == {1, -1, -2} and is_kind(kty, 1) and is_kind(crv, 6):
        x = item.get(-2)[0]
        if isinstance(x, bytes) and len(x) == 32:
            return ED25519, x
    elif exactly and labels == {1, 3, -1} and is_kind(kty, 7) and is_kind(alg, -48):
        if isinstance(crv, bytes) and len(crv) == 1_312:
            return ML_DSA_44, crv
    else:
        faults.add("UNKNOWN_ALGORITHM", where)
        return None
    faults.add("BAD_FIELD", where)
    return None


def write_cose_key(alg, raw):
    if alg == ES256:
        return Map([(1, 2), (-1, 1), (-2, raw[1:]), (-3, raw[0] == 3)])
    if alg == ED25519:
        return Map([(1, 1), (-1, 6), (-2, raw)])
    return Map([(1, 7), (3, -48), (-1, raw)])


def is_raw_key(alg, raw):
    return len(raw) == RAW_BYTES[alg] and (alg != ES256 or raw[0] in (2, 3))


def key_ref(alg, raw):
    """What an enrolment names as its signer (TS-ENR-1)."""
    return sha256(write(write_cose_key(alg, raw))).digest()[:8]


def root_ref(root):
    """The reference of a scheme's root (TS-CRT-3)."""
    key = write_cose_key(root["alg"], bytes.fromhex(root["key"]))
    return sha256(write([root["scheme"], key])).digest()[:8]


def is_high_s(signature):
    return int.from_bytes(signature[32:], "big") > P256_ORDER // 2


class Tally:
    """How many signatures were looked at, and how many could not be."""

    checked = 0
    unchecked = 0


def verifies(alg, raw, signature, data):
    """Whether a signature is valid; one of ML-DSA-44 is not looked at here, and is counted."""
    if alg == ML_DSA_44:
        Tally.unchecked += 1
        return True
    Tally.checked += 1
    try:
        if alg == ES256:
            key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
            r, s = (int.from_bytes(part, "big") for part in (signature[:32], signature[32:]))
            key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
        else:
            if not edwards.is_sound(raw) or not edwards.is_sound(signature[:32]):
                return False
            Ed25519PublicKey.from_public_bytes(raw).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True
