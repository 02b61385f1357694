"""The payloads of chapters 6 to 11, 13, 14, 23 and 24, as their CDDL gives them."""

from fields import (
    AMOUNT,
    CURRENCY,
    DIGEST,
    POSITION,
    REF,
    SECONDS,
    TOTAL,
    VERSION,
    Algorithm,
    Bool,
    Bytes,
    Kinded,
    Many,
    Nullable,
    Number,
    Row,
    Text,
)
from indexset import IndexSet
from spec import LIMIT

PLACE_IN_LOG = (("seq", POSITION), ("head", DIGEST))
KEY = Bytes(32, 2_000)

VALUE = Kinded(
    1, ("currency", CURRENCY), ("amount", AMOUNT), ("hop", Number(0, LIMIT["hopsMax"])), show_kind=True
)
TIER = Row(
    ("tier", Number(0, 31)),
    ("paymentMax", TOTAL),
    ("balanceMax", TOTAL),
    ("totalMax", TOTAL),
    ("countMax", Number(0, LIMIT["openPayments"])),
    ("stepUpAbove", TOTAL),
    ("payerCap", TOTAL),
    ("offlineSeconds", SECONDS),
)
MEASUREMENT = Row(("index", Number(0, LIMIT["imageVersion"])), ("sha256", DIGEST), ("acceptedUntil", SECONDS))

MESSAGES = {
    "request": Kinded(
        1,
        ("currency", CURRENCY),
        ("amount", Nullable(AMOUNT)),
        ("expires", SECONDS),
        ("nonce", Bytes(8)),
        ("tag", Bytes(8)),
        ("isStatic", Bool()),
    ),
    "payment": Kinded(
        2,
        *PLACE_IN_LOG,
        ("payee", REF),
        ("value", VALUE),
        ("syncedAt", SECONDS),
        ("acceptMinutes", Number(0, 65_535)),
    ),
    "receipt": Kinded(3, *PLACE_IN_LOG, ("paymentId", DIGEST), ("listVersion", VERSION)),
    "void": Kinded(4, *PLACE_IN_LOG, ("paymentId", DIGEST)),
    "restore": Kinded(5, *PLACE_IN_LOG, ("paymentId", DIGEST)),
    "adopt": Kinded(
        6, *PLACE_IN_LOG, ("policyVersion", VERSION), ("listVersion", VERSION), ("floor", SECONDS)
    ),
    "renewal": Kinded(7, *PLACE_IN_LOG, ("alg", Algorithm()), ("key", KEY)),
    "statement": Kinded(
        8,
        *PLACE_IN_LOG,
        ("floor", SECONDS),
        ("balance", TOTAL),
        ("policyVersion", VERSION),
        ("listVersion", VERSION),
        ("epoch", VERSION),
        ("condition", Number(0, 3)),
    ),
    "answer": Kinded(
        9,
        ("statementId", DIGEST),
        ("ackedTo", Number(0, LIMIT["position"])),
        ("epoch", VERSION),
        ("time", SECONDS),
        ("settled", Many(DIGEST, LIMIT["openPayments"])),
    ),
    "closure": Kinded(10, ("paymentId", DIGEST), ("statementId", DIGEST), ("time", SECONDS)),
    "policy": Kinded(
        11,
        ("version", VERSION),
        ("issuedAt", SECONDS),
        ("currency", CURRENCY),
        ("hopMax", Number(1, LIMIT["hopsMax"])),
        ("acceptMinutes", Number(1, 65_535)),
        ("claimSeconds", SECONDS),
        ("staleSeconds", SECONDS),
        ("graceSeconds", SECONDS),
        ("skewSeconds", SECONDS),
        ("emergency", Bool()),
        ("tiers", Many(TIER, LIMIT["tiers"], unique="tier")),
        ("measurements", Many(MEASUREMENT, LIMIT["measurements"], unique="index")),
    ),
    "enrolment": Kinded(
        12,
        ("alg", Algorithm()),
        ("key", KEY),
        ("measurement", DIGEST),
        ("environment", Text(1, 32)),
        ("evidence", Bytes(0, LIMIT["evidenceBytes"])),
        ("challenge", Bytes(32)),
    ),
    "time-reset": Kinded(13, ("version", VERSION), ("floor", SECONDS)),
    "lost-report": Kinded(
        14,
        ("purse", REF),
        ("statement", Nullable(DIGEST)),
        ("time", SECONDS),
        ("syncedAt", SECONDS),
        ("offlineSeconds", SECONDS),
        ("expires", SECONDS),
        ("acceptSeconds", SECONDS),
        ("claimSeconds", SECONDS),
    ),
    "image-manifest": Kinded(
        17,
        ("version", Number(1, LIMIT["imageVersion"])),
        ("size", Number(1, LIMIT["imageBytes"])),
        ("sha256", DIGEST),
    ),
    "status-delta": Kinded(
        16, ("base", VERSION), ("version", VERSION), ("issuedAt", SECONDS), ("revoked", IndexSet())
    ),
    "refund": Kinded(
        15,
        ("purse", REF),
        ("number", POSITION),
        ("report", DIGEST),
        ("statement", Nullable(DIGEST)),
        ("payments", Many(DIGEST, LIMIT["openPayments"])),
        ("currency", CURRENCY),
        ("amount", AMOUNT),
        ("time", SECONDS),
    ),
}

# What stands in a log, by the number of its kind (TS-LOG-1).
RECORDS = {
    MESSAGES[name].number: name
    for name in ("payment", "receipt", "void", "restore", "adopt", "renewal", "statement")
}

# What only an issuing key signs, and what only a purse signs (TS-CRT-6).
OF_ISSUING_KEYS = {"answer", "closure", "lost-report", "refund", "status-list", "status-delta"}
OF_PURSES = {"receipt", "void", "restore", "adopt", "renewal", "statement"}
