"""Signed messages: COSE_Sign1 as narrowed by chapter 4, layer by layer (TS-ERR-2)."""

from hashlib import sha256

import cbor
import keys
from cbor import Map
from fields import REF, Algorithm, is_number
from messages import MESSAGES, OF_ISSUING_KEYS, OF_PURSES
from spec import LIMIT, Faults, Refusal

LIST_TYPE = "application/statuslist+cwt"


class Signed:
    """An envelope whose form is sound; `payload` is still bytes."""

    def __init__(self, header, payload, signature, external, typ):
        self.header, self.payload, self.signature = header, payload, signature
        self.external, self.typ = external, typ
        self.alg, self.kid = read_header(header, typ)

    def to_be_signed(self):
        return cbor.write(["Signature1", self.header, self.external, self.payload])

    def id(self):
        return sha256(self.to_be_signed()).digest()

    def bytes(self):
        return cbor.write([self.header, Map([]), self.payload, self.signature])

    def show(self):
        shown = {
            "alg": self.alg,
            "kid": self.kid.hex(),
            "external": self.external.hex(),
            "payload": self.payload.hex(),
            "signature": self.signature.hex(),
        }
        return {**shown, "typ": self.typ} if self.typ else shown


def binding(message):
    """What evidence in an enrolment must be about (TS-ATT-1)."""
    said = MESSAGES["enrolment"].write(message.fields)
    kind, alg, key, measurement, environment, _, challenge = said
    return sha256(cbor.write([alg, key, measurement, environment, challenge])).digest()


def read_header(header, typ=None):
    """Algorithm and reference of a protected header; a status list has a type besides."""
    item = cbor.read(header)
    faults = Faults()
    if not isinstance(item, Map):
        raise Refusal("BAD_FIELD", "header")
    wanted = (1, 4, 16) if typ else (1, 4)
    values = {}
    for label in wanted:
        values[label], there = item.get(label)
        if not there:
            faults.add("MISSING_FIELD", f"header.{label}")
    if any(not is_number(key) or key not in wanted for key in item.keys()):
        faults.add("BAD_FIELD", "header")
    if item.get(4)[1]:
        REF.read(values[4], faults, "header.kid")
    if typ and item.get(16)[1] and values[16] != typ:
        faults.add("WRONG_KIND", "header.typ")
    if item.get(1)[1]:
        Algorithm().read(values[1], faults, "header.alg")
    faults.settle()
    return values[1], values[4]


def read_envelope(item, external=b"", typ=None):
    """Reads an envelope that was read as CBOR, up to the form of its signature."""
    if not isinstance(item, list):
        raise Refusal("WRONG_KIND", "no envelope")
    faults = Faults()
    names = ("protected", "unprotected", "payload", "signature")
    for n, name in enumerate(names):
        if n >= len(item):
            faults.add("MISSING_FIELD", name)
        elif name == "unprotected":
            if not isinstance(item[n], Map) or item[n].pairs:
                faults.add("BAD_FIELD", name)
        elif not isinstance(item[n], bytes):
            faults.add("BAD_FIELD", name)
    if len(item) > len(names):
        faults.add("BAD_FIELD", "envelope")
    faults.settle()
    signed = Signed(item[0], item[2], item[3], external, typ)
    if len(signed.signature) != keys.SIGNATURE_BYTES[signed.alg]:
        raise Refusal("BAD_FIELD", "signature")
    if signed.alg == keys.ES256 and keys.is_high_s(signed.signature):
        raise Refusal("HIGH_S")
    return signed


def read_signed(data, external=b"", typ=None, bound=LIMIT["messageBytes"]):
    return read_envelope(cbor.read(data, bound), external, typ)


class Message:
    """A signed message of a known kind, with its fields."""

    def __init__(self, signed, name, fields):
        self.signed, self.name, self.fields = signed, name, fields

    def show(self):
        message = MESSAGES[self.name].show(self.fields)
        return {"id": self.signed.id().hex(), "signed": self.signed.show(), "message": message}

    def bytes(self):
        """Written again from the fields alone."""
        payload = cbor.write(MESSAGES[self.name].write(self.fields))
        header = cbor.write(Map([(1, self.signed.alg), (4, self.signed.kid)]))
        return cbor.write([header, Map([]), payload, self.signed.signature])


def read_payload(signed, name):
    item = cbor.read(signed.payload)
    faults = Faults()
    fields = MESSAGES[name].read(item, faults, name)
    if name == "status-delta" and not faults.found and fields["base"] > fields["version"]:
        faults.add("BAD_FIELD", "status-delta.base")
    faults.settle()
    return Message(signed, name, fields)


def read_message(data, name, external=b""):
    return read_payload(read_signed(data, external), name)


def check_signature(signed, alg, raw):
    """TS-ALG-2, then TS-SIG-3."""
    if signed.alg != alg:
        raise Refusal("ALGORITHM_MISMATCH")
    if not keys.verifies(alg, raw, signed.signature, signed.to_be_signed()):
        raise Refusal("BAD_SIGNATURE")


def check_under(signed, name, certificate):
    """Under the certificate of its signer: TS-CRT-4, TS-CRT-6, then the signature."""
    if signed.kid != certificate.ref():
        raise Refusal("UNKNOWN_CERTIFICATE")
    issuing = certificate.is_issuing_key()
    if (name in OF_ISSUING_KEYS and not issuing) or (name in OF_PURSES and issuing):
        raise Refusal("WRONG_ROLE")
    check_signature(signed, *certificate.key)


def check_under_root(signed, root):
    """TS-CRT-6: authorities, policies and time resets are the root's alone."""
    if signed.kid != keys.root_ref(root):
        raise Refusal("UNKNOWN_ISSUER")
    check_signature(signed, root["alg"], bytes.fromhex(root["key"]))


def check_publisher(signed, publisher):
    """TS-IMG-2: a manifest is its publisher's alone."""
    alg, raw = publisher["alg"], bytes.fromhex(publisher["key"])
    if signed.kid != keys.key_ref(alg, raw):
        raise Refusal("UNKNOWN_ISSUER")
    check_signature(signed, alg, raw)


def check_itself(message):
    """An enrolment is signed by the key in it (TS-ENR-1)."""
    alg, raw = message.fields["alg"], message.fields["key"]
    if not keys.is_raw_key(alg, raw):
        raise Refusal("BAD_FIELD", "enrolment.key")
    if message.signed.kid != keys.key_ref(alg, raw):
        raise Refusal("UNKNOWN_CERTIFICATE")
    check_signature(message.signed, alg, raw)
