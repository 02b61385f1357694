"""Amounts by themselves, and as people type them (chapter 2)."""

import re

import cbor
from fields import AMOUNT
from spec import LIMIT, Faults, Refusal

# Decimals of the currencies that the vectors type, from ISO 4217's list.
EXPONENTS = {48: 3, 392: 0, 978: 2}


def read_amount(data):
    item = cbor.read(data)
    faults = Faults()
    AMOUNT.read(item, faults, "amount")
    faults.settle()
    return item


def parse_amount(text, currency):
    """TS-AMT-5: never rounds, never guesses."""
    if currency not in EXPONENTS:
        raise Refusal("WRONG_CURRENCY")
    match = re.fullmatch(r"([0-9]+)(?:\.([0-9]+))?", text)
    decimals = EXPONENTS[currency]
    if match is None or len(match[2] or "") > decimals:
        raise Refusal("BAD_AMOUNT")
    amount = int(match[1] + (match[2] or "").ljust(decimals, "0"))
    if amount == 0:
        raise Refusal("BAD_AMOUNT")
    if amount > LIMIT["amountMinorUnits"]:
        raise Refusal("AMOUNT_OVERFLOW")
    return amount
