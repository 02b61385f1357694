"""What carries messages: log entries, evidence, bodies of the device API, and frames."""

import cbor
from cbor import Map
from envelope import read_header
from fields import DIGEST, LABEL, MESSAGE, VERSION, Algorithm, Bool, Bytes, Kinded, Many, Nullable
from fields import Number, Row, Text, Type
from messages import KEY
from witnesses import WitnessSet
from spec import BODY_BYTES, LIMIT, LIST_MESSAGE_BYTES, PROOF_BYTES, REPLY_BYTES, Faults, Refusal

LIST = Bytes(0, LIST_MESSAGE_BYTES)
PROOF = Bytes(0, LIMIT["frameBytes"])
ENTRY_BYTES = 2 * LIMIT["messageBytes"]
CODE = Text(1, 40)
CERTIFICATES_MAX = 64
PROOFS_MAX = 16

ENTRY = Row(
    ("header", Bytes(0, 64)),
    ("external", Bytes(0, 32)),
    ("payload", MESSAGE),
    ("salt", Bytes(16)),
    ("evidence", Nullable(MESSAGE)),
)

TPM_STRUCTURE = Bytes(1, LIMIT["tpmStructureBytes"])
TPM_STATEMENT = Row(("attest", TPM_STRUCTURE), ("signature", Bytes(64)))
EVIDENCE = Bytes(1, LIMIT["evidenceBytes"])

REFUSED = Row(("index", Number(0, LIMIT["logEntries"])), ("code", CODE))

# Bodies, each with its bound.
BODIES = {
    "evidence": (Row(("payment", MESSAGE), ("requestDigest", DIGEST)), LIMIT["messageBytes"]),
    "upload": (
        Row(
            ("statement", MESSAGE),
            ("entries", Many(Bytes(0, ENTRY_BYTES), LIMIT["logEntries"])),
            ("proofs", Many(PROOF, PROOFS_MAX)),
        ),
        LIMIT["uploadBytes"],
    ),
    "reply": (
        Row(
            ("answer", MESSAGE),
            ("certificates", Many(MESSAGE, CERTIFICATES_MAX)),
            ("policy", Nullable(MESSAGE)),
            ("list", Nullable(LIST)),
            ("closures", Many(MESSAGE, LIMIT["closuresPerAnswer"])),
            ("refused", Many(REFUSED, LIMIT["logEntries"])),
        ),
        REPLY_BYTES,
    ),
    "enrolment-request": (
        Row(("enrolment", MESSAGE), ("participant", Text(1, 11)), ("account", Text(1, 34))),
        BODY_BYTES,
    ),
    "enrolment-reply": (
        Row(
            ("scheme", LABEL),
            ("rootAlgorithm", Algorithm()),
            ("rootKey", KEY),
            ("authorities", Many(MESSAGE, CERTIFICATES_MAX)),
            ("certificate", MESSAGE),
            ("operator", MESSAGE),
            ("issuer", MESSAGE),
            ("policy", MESSAGE),
            ("list", LIST),
            ("unloadCode", MESSAGE),
        ),
        BODY_BYTES,
    ),
    "signed-image": (
        Row(("manifest", MESSAGE), ("code", Bytes(1, LIMIT["imageBytes"]))),
        LIMIT["messageBytes"] + LIMIT["imageBytes"] + 16,
    ),
    "load-reply": (Row(("payment", MESSAGE), ("issuer", MESSAGE)), BODY_BYTES),
    "renewal-request": (Row(("renewal", MESSAGE), ("enrolment", MESSAGE)), BODY_BYTES),
    "introduction": (
        Kinded(
            1,
            ("attestationKey", TPM_STRUCTURE),
            (
                "chain",
                Many(Bytes(1, LIMIT["chainCertificateBytes"]), LIMIT["chainCertificates"]),
            ),
        ),
        BODY_BYTES,
    ),
    "credential": (Kinded(1, ("object", TPM_STRUCTURE), ("secret", TPM_STRUCTURE)), BODY_BYTES),
}

ATTESTATIONS = {
    each.number: each
    for each in (
        Kinded(
            1,
            ("attestationKey", TPM_STRUCTURE),
            ("key", TPM_STRUCTURE),
            ("certified", TPM_STATEMENT),
            ("quote", TPM_STATEMENT),
            ("counter", Nullable(Row(("handle", Number(0, 2**32 - 1)), ("certified", TPM_STATEMENT)))),
            show_kind=True,
        ),
        Kinded(
            2,
            ("attestationObject", EVIDENCE),
            ("clientData", Bytes(1, 2048)),
            show_kind=True,
        ),
        Kinded(3, ("statement", EVIDENCE), show_kind=True),
        Kinded(4, ("statement", EVIDENCE), show_kind=True),
    )
}


class Inline(Type):
    """A signed message that stands as the CBOR it is (TS-SES-3); its value is its bytes."""

    def read(self, item, faults, where):
        data = cbor.write(item)
        if not isinstance(item, list) or len(data) > LIMIT["messageBytes"]:
            faults.add("BAD_FIELD", where)
        return data

    def write(self, value):
        return cbor.read(value)

    def show(self, value):
        return value.hex()


EXHIBIT = Row(("external", Bytes(0, 32)), ("record", MESSAGE))


FRAMES = {
    frame.number: frame
    for frame in (
        Kinded(1, ("request", MESSAGE), ("certificate", MESSAGE), ("listVersion", VERSION), show_kind=True),
        Kinded(2, ("payment", Inline()), ("certificate", Nullable(Inline())), show_kind=True),
        Kinded(3, ("receipt", MESSAGE), show_kind=True),
        Kinded(
            4,
            ("payment", MESSAGE),
            ("certificate", MESSAGE),
            ("request", MESSAGE),
            ("voidIt", Bool()),
            show_kind=True,
        ),
        Kinded(5, ("void", MESSAGE), show_kind=True),
        Kinded(6, ("list", LIST), ("certificate", MESSAGE), show_kind=True),
        Kinded(7, ("proof", PROOF), show_kind=True),
        Kinded(8, ("code", CODE), ("listVersion", VERSION), show_kind=True),
        Kinded(9, ("delta", MESSAGE), ("certificate", Nullable(MESSAGE)), show_kind=True),
        Kinded(10, ("nonce", Bytes(16)), ("set", WitnessSet()), show_kind=True),
        Kinded(11, ("place", Bytes(16)), show_kind=True),
        Kinded(12, ("exhibit", EXHIBIT), show_kind=True),
    )
}


class Parts:
    """What was read by one row, to be shown and written again."""

    def __init__(self, row, fields):
        self.row, self.fields = row, fields

    def show(self):
        return self.row.show(self.fields)

    def bytes(self):
        return cbor.write(self.row.write(self.fields))


def read_row(data, row, bound):
    faults = Faults()
    fields = row.read(cbor.read(data, bound), faults, "body")
    faults.settle()
    return Parts(row, fields)


def read_body(data, name):
    return read_row(data, *BODIES[name])


class Entry(Parts):
    def show(self):
        alg, kid = self.header
        record = {
            "alg": alg,
            "kid": kid.hex(),
            "external": self.fields["external"].hex(),
            "payload": self.fields["payload"].hex(),
        }
        shown = self.row.show(self.fields)
        return {"record": record, "salt": shown["salt"], "evidence": shown["evidence"]}

    def bytes(self):
        alg, kid = self.header
        header = cbor.write(Map([(1, alg), (4, kid)]))
        return cbor.write(self.row.write({**self.fields, "header": header}))


def read_entry(data):
    """TS-LOG-2; the protected header within is the next layer."""
    parts = read_row(data, ENTRY, ENTRY_BYTES)
    entry = Entry(parts.row, parts.fields)
    entry.header = read_header(entry.fields["header"])
    return entry


def read_attestation(data):
    item = cbor.read(data, LIMIT["evidenceBytes"])
    kind = item[0] if isinstance(item, list) and item else None
    if type(kind) is not int or kind not in ATTESTATIONS:
        raise Refusal("WRONG_KIND", "evidence")
    return read_row(data, ATTESTATIONS[kind], LIMIT["evidenceBytes"])


def read_frame(data):
    item = cbor.read(data, LIMIT["frameBytes"])
    kind = item[0] if isinstance(item, list) and item else None
    if type(kind) is not int or kind not in FRAMES:
        raise Refusal("WRONG_KIND", "frame")
    return read_row(data, FRAMES[kind], LIMIT["frameBytes"])
