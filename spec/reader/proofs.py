"""Fork proofs (chapter 12)."""

from hashlib import sha256

import cbor
import envelope
from certificates import check_purse, read_authorities, read_certificate
from containers import EXHIBIT, Parts
from fields import DIGEST, MESSAGE, Bytes, Kinded, Many, Row
from messages import RECORDS
from spec import LIMIT, PROOF_BYTES, Faults, Refusal

STEP = Row(("salt", Bytes(16)), ("id", DIGEST))
PROOFS = {
    1: Kinded(1, ("certificate", MESSAGE), ("first", EXHIBIT), ("second", EXHIBIT), show_kind=True),
    2: Kinded(
        2,
        ("certificate", MESSAGE),
        ("record", EXHIBIT),
        ("statement", MESSAGE),
        ("start", DIGEST),
        ("steps", Many(STEP, LIMIT["proofSteps"])),
        show_kind=True,
    ),
    3: Kinded(3, ("certificate", MESSAGE), ("receipt", MESSAGE), ("void", MESSAGE), show_kind=True),
}


def read_proof(data):
    item = cbor.read(data, PROOF_BYTES)
    kind = item[0] if isinstance(item, list) and item else None
    if type(kind) is not int or kind not in PROOFS:
        raise Refusal("WRONG_KIND", "proof")
    faults = Faults()
    fields = PROOFS[kind].read(item, faults, "proof")
    faults.settle()
    return Parts(PROOFS[kind], fields)


def read_record(data, external=b""):
    """A record of any kind that has a place in a log; anything else is `WRONG_KIND`."""
    signed = envelope.read_signed(data, external)
    item = cbor.read(signed.payload)
    kind = item[0] if isinstance(item, list) and item else None
    if type(kind) is not int or kind not in RECORDS:
        raise Refusal("WRONG_KIND", "a record")
    return envelope.read_payload(signed, RECORDS[kind])


def chain_step(head, salt, record_id):
    """The head after an entry (TS-LOG-3)."""
    return sha256(head + salt + record_id).digest()


def check_proof(proof, check):
    """TS-FRK-3: the form of everything, then the certificate, then each signature, then the fork."""
    kind, fields = proof.row.number, proof.fields
    certificate = read_certificate(fields["certificate"], "purse-certificate")
    if kind == 1:
        records = [read_record(fields[n]["record"], fields[n]["external"]) for n in ("first", "second")]
    elif kind == 2:
        exhibit = fields["record"]
        records = [read_record(exhibit["record"], exhibit["external"]), read_record(fields["statement"])]
    else:
        records = [read_record(fields["receipt"]), read_record(fields["void"])]
    faults = Faults()
    faults.attempt(check_purse, certificate, read_authorities(check), None)
    if certificate.is_issuing_key():
        faults.add("WRONG_ROLE", "proof")
    for record in records:
        faults.attempt(envelope.check_under, record.signed, record.name, certificate)
    faults.settle()
    if not {1: is_position_fork, 2: is_log_fork, 3: is_answer_fork}[kind](*records, fields):
        raise Refusal("PROOF_FAILS")


def is_position_fork(first, second, _):
    same = first.fields["seq"] == second.fields["seq"]
    return same and first.signed.id() != second.signed.id()


def is_log_fork(record, statement, proof):
    if statement.name != "statement":
        return False
    steps = proof["steps"]
    if not steps or record.fields["seq"] + len(steps) != statement.fields["seq"]:
        return False
    head = proof["start"]
    for step in steps:
        head = chain_step(head, step["salt"], step["id"])
    if head != statement.fields["head"]:
        return False
    return steps[0]["id"] != record.signed.id() or proof["start"] != record.fields["head"]


def is_answer_fork(receipt, void, _):
    if receipt.name != "receipt" or void.name != "void":
        return False
    return receipt.fields["paymentId"] == void.fields["paymentId"]
