"""Certificates (chapter 5)."""

import cbor
import envelope
import keys
from cbor import Map
from fields import LABEL, SECONDS, Number, Row, read_claims
from spec import LIMIT, Faults, Refusal

SUBJECT, EXPIRES, CONFIRMATION, PURSE, AUTHORITY = 2, 4, 8, -65537, -65538
PURSE_PROFILE = Row(
    ("tier", Number(0, 31)),
    ("assurance", Number(0, 4)),
    ("measurement", Number(0, 63)),
    ("statusIndex", Number(0, LIMIT["listEntries"] - 1)),
)
AUTHORITY_PROFILE = Row(("scheme", LABEL), ("role", Number(0, 1)))


class Certificate:
    def __init__(self, signed, expires, key, subject, profile):
        self.signed, self.expires, self.key = signed, expires, key
        self.subject, self.profile = subject, profile

    def is_authority(self):
        return "role" in self.profile

    def is_issuing_key(self):
        return self.profile.get("tier") == 0

    def ref(self):
        return self.signed.id()[:8]

    def show(self):
        alg, raw = self.key
        row = AUTHORITY_PROFILE if self.is_authority() else PURSE_PROFILE
        return {
            "expires": self.expires,
            "key": {"alg": alg, "bytes": raw.hex()},
            "subject": self.subject,
            "profile": row.show(self.profile),
            "signed": self.signed.show(),
            "id": self.signed.id().hex(),
            "ref": self.ref().hex(),
        }

    def bytes(self):
        """Written again from the claims alone."""
        row = AUTHORITY_PROFILE if self.is_authority() else PURSE_PROFILE
        claims = [
            (EXPIRES, self.expires),
            (CONFIRMATION, Map([(1, keys.write_cose_key(*self.key))])),
            (AUTHORITY if self.is_authority() else PURSE, row.write(self.profile)),
        ]
        if self.subject is not None:
            claims.append((SUBJECT, self.subject))
        header = cbor.write(Map([(1, self.signed.alg), (4, self.signed.kid)]))
        payload = cbor.write(Map(claims))
        return cbor.write([header, Map([]), payload, self.signed.signature])


def read_certificate(data, kind="certificate"):
    signed = envelope.read_signed(data)
    faults = Faults()
    claims = read_claims(
        cbor.read(signed.payload),
        (SUBJECT, EXPIRES, CONFIRMATION, PURSE, AUTHORITY),
        faults,
        "certificate",
    )
    for label in (EXPIRES, CONFIRMATION):
        if label not in claims:
            faults.add("MISSING_FIELD", f"certificate.{label}")
    if EXPIRES in claims:
        SECONDS.read(claims[EXPIRES], faults, "certificate.expires")
    key = read_confirmation(claims[CONFIRMATION], faults) if CONFIRMATION in claims else None
    if SUBJECT in claims:
        LABEL.read(claims[SUBJECT], faults, "certificate.subject")
    profile = read_profile(claims, faults)
    faults.settle()
    certificate = Certificate(signed, claims[EXPIRES], key, claims.get(SUBJECT), profile)
    wanted = "authority-certificate" if certificate.is_authority() else "purse-certificate"
    if kind not in ("certificate", wanted):
        raise Refusal("WRONG_KIND", f"not {wanted}")
    return certificate


def read_profile(claims, faults):
    if PURSE in claims and AUTHORITY in claims:
        faults.add("BAD_FIELD", "certificate.profile")
    elif PURSE in claims:
        return PURSE_PROFILE.read(claims[PURSE], faults, "certificate.profile")
    if AUTHORITY not in claims:
        faults.add("MISSING_FIELD", "certificate.profile")
        return {}
    if SUBJECT not in claims:
        faults.add("MISSING_FIELD", "certificate.subject")
    return AUTHORITY_PROFILE.read(claims[AUTHORITY], faults, "certificate.profile")


def read_confirmation(item, faults):
    """`cnf` (RFC 8747) with a COSE_Key and nothing else."""
    where = "certificate.key"
    if not isinstance(item, Map) or len(item.pairs) != 1 or not item.get(1)[1]:
        faults.add("BAD_FIELD", where)
        return None
    return keys.read_cose_key(item.get(1)[0], faults, where)


def check_authority(certificate, root):
    """TS-CRT-5: names the stored root as its signer, and has the root's scheme."""
    if certificate.signed.kid != keys.root_ref(root):
        raise Refusal("UNKNOWN_ISSUER")
    if certificate.profile["scheme"] != root["scheme"]:
        raise Refusal("UNKNOWN_ISSUER")
    envelope.check_under_root(certificate.signed, root)


def read_authorities(check):
    """The stored authorities by reference, each checked up to the root."""
    stored = {}
    for data in check["authorities"]:
        authority = read_certificate(bytes.fromhex(data), "authority-certificate")
        check_authority(authority, check["root"])
        stored[authority.ref()] = authority
    return stored


def check_purse(certificate, authorities, floor):
    """TS-CRT-5, then TS-CRT-7; a floor of None leaves expiry aside (TS-FRK-3)."""
    authority = authorities.get(certificate.signed.kid)
    if authority is None:
        raise Refusal("UNKNOWN_ISSUER")
    envelope.check_signature(certificate.signed, *authority.key)
    if floor is not None and floor >= min(certificate.expires, authority.expires):
        raise Refusal("CERTIFICATE_EXPIRED")
