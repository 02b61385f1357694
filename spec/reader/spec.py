"""What the reader takes from the specification's own tables: codes in order, and limits."""

import re
from pathlib import Path

SPEC = Path(__file__).resolve().parent.parent


def _codes():
    text = (SPEC / "17-errors.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| `([A-Z0-9_]+)` \|", text, re.MULTILINE)
    if [int(place) for place, _ in rows] != list(range(1, len(rows) + 1)):
        raise SystemExit("17-errors.md: the places of the codes are not 1, 2, 3, ...")
    return {code: int(place) for place, code in rows}


def _limits():
    text = (SPEC / "16-limits.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([\d,]+) \|", text, re.MULTILINE)
    return {name: int(number.replace(",", "")) for name, number in rows}


PLACE = _codes()
LIMIT = _limits()

# Below the table of chapter 16, in words.
LIST_MESSAGE_BYTES = LIMIT["listBytes"] + 1_024
PROOF_BYTES = 262_144
REPLY_BYTES = 1_048_576
BODY_BYTES = 131_072


class Refusal(Exception):
    """A message is refused, with one code of chapter 17."""

    def __init__(self, code, where=""):
        super().__init__(f"{code} {where}".strip())
        if code not in PLACE:
            raise AssertionError(f"{code} is not in chapter 17")
        self.code = code


class Faults:
    """Everything wrong with one layer, so that the code that stands first is reported (TS-ERR-1)."""

    def __init__(self):
        self.found = []

    def add(self, code, where):
        self.found.append((PLACE[code], len(self.found), code, where))

    def attempt(self, check, *args):
        try:
            check(*args)
        except Refusal as refusal:
            self.add(refusal.code, str(refusal))

    def settle(self):
        if self.found:
            _, _, code, where = min(self.found)
            raise Refusal(code, where)
