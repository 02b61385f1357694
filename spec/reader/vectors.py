"""Reads one vector as its file says (README of the specification): fields, or a refusal."""

import amounts
import cbor
import certificates
import containers
import envelope
import keys
import proofs
import statuslist
import witnesses
from cbor import Map
from messages import MESSAGES
from spec import LIMIT, Refusal


class UnknownKind(Exception):
    """A vector of a kind that this reader does not know: that is a disagreement."""


def show_item(item):
    """A CBOR item as the files write it: bytes in hex, large numbers as text, maps as pairs."""
    if isinstance(item, bytes):
        return item.hex()
    if type(item) is int:
        return item if abs(item) <= LIMIT["amountMinorUnits"] else str(item)
    if isinstance(item, list):
        return [show_item(part) for part in item]
    if isinstance(item, Map):
        return {"map": [[show_item(key), show_item(value)] for key, value in item.pairs]}
    return item


def read_vector(vector):
    """The fields of a vector and, for what is a message, the bytes written again from them."""
    of = vector["of"]
    if of == "amount-text":
        return str(amounts.parse_amount(vector["input"], vector["currency"])), None
    data = bytes.fromhex(vector["input"]) + bytes(vector.get("zeros", 0))
    if of == "cbor":
        item = cbor.read(data)
        return show_item(item), cbor.write(item)
    if of == "amount":
        amount = amounts.read_amount(data)
        return str(amount), cbor.write(amount)
    if of == "chain-step":
        head, salt, record_id = data[:32], data[32:48], data[48:]
        return {"head": proofs.chain_step(head, salt, record_id).hex()}, None
    if of == "enrolment-binding":
        return {"binding": envelope.binding(envelope.read_message(data, "enrolment")).hex()}, None
    if of == "witness":
        return witnesses.read_witness(data), None
    message = read_message(of, data, vector)
    if "check" not in vector and getattr(message, "signed", None) is not None:
        note_unread_signature(message.signed)
    return message.show(), message.bytes()


def note_unread_signature(signed):
    """A message that is given without its signer, so that only its form is read."""
    if signed.alg == keys.ML_DSA_44:
        keys.Tally.unchecked += 1


def read_message(of, data, vector):
    check = vector.get("check")
    external = bytes.fromhex(vector.get("external", ""))
    if of in MESSAGES:
        message = envelope.read_message(data, of, external)
        if check is not None:
            check_message(message, check)
    elif of.endswith("certificate"):
        message = certificates.read_certificate(data, of)
        if check is not None:
            check_certificate(message, check)
    elif of == "status-list":
        message = statuslist.read_status_list(data)
        if check is not None:
            envelope.check_under(message.signed, of, signer(check))
    elif of == "proof":
        message = proofs.read_proof(data)
        if check is not None:
            proofs.check_proof(message, check)
    elif of == "entry":
        message = containers.read_entry(data)
    elif of == "attestation":
        message = containers.read_attestation(data)
    elif of == "frame":
        message = containers.read_frame(data)
    elif of in containers.BODIES:
        message = containers.read_body(data, of)
    else:
        raise UnknownKind(f"no reader for {of}")
    return message


def signer(check):
    return certificates.read_certificate(bytes.fromhex(check["certificate"]), "purse-certificate")


def check_message(message, check):
    if check["under"] == "root":
        envelope.check_under_root(message.signed, check["root"])
    elif check["under"] == "publisher":
        envelope.check_publisher(message.signed, check["publisher"])
    elif check["under"] == "itself":
        envelope.check_itself(message)
    else:
        envelope.check_under(message.signed, message.name, signer(check))


def check_certificate(certificate, check):
    if check["under"] == "root":
        certificates.check_authority(certificate, check["root"])
    else:
        stored = certificates.read_authorities(check)
        certificates.check_purse(certificate, stored, check["floor"])


def judge(vector):
    """How the reader and the file agree: (is valid, agrees, code agrees, what the reader said)."""
    expect = vector["expect"]
    valid = "fields" in expect
    try:
        fields, written = read_vector(vector)
    except Refusal as refusal:
        if valid:
            return valid, False, False, f"refused: {refusal}"
        return valid, True, refusal.code == expect["code"], str(refusal)
    except UnknownKind as unknown:
        return valid, False, False, str(unknown)
    if not valid:
        return valid, False, False, "accepted"
    if fields != expect["fields"]:
        return valid, False, False, f"other fields: {fields}"
    if written is not None and written.hex() != vector["input"]:
        return valid, False, False, "written back to other bytes"
    return valid, True, True, "accepted"
