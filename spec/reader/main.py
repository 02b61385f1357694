"""An independent reader of the specification's vectors.

Written from spec/*.md and spec/vectors/*.json alone, in another language than the code of this
repository, with two libraries of Debian: cbor2 for heads, cryptography for signatures.

    /usr/bin/python3 spec/reader/main.py [--json] [--vectors FOLDER]

Ends with 0 when every vector comes out as its file says, and with 1 otherwise.
"""

import sys

sys.dont_write_bytecode = True

import argparse
import json
from pathlib import Path

try:
    from keys import Tally
    from vectors import judge
except ModuleNotFoundError as missing:
    sys.exit(f"{missing}: run `apt-get install python3-cbor2 python3-cryptography`")

UNCHECKED = "signature not checked: ML-DSA"


def read_chapter(path):
    """The row of one chapter, and what disagrees in it."""
    vectors = json.loads(path.read_text(encoding="utf-8"))["vectors"]
    row = {
        "chapter": path.stem,
        "valid": 0,
        "validAccepted": 0,
        "invalid": 0,
        "invalidRefused": 0,
        "codeAgrees": 0,
        "signaturesChecked": 0,
        "signaturesNotChecked": 0,
    }
    notes = []
    for vector in vectors:
        checked, unchecked = Tally.checked, Tally.unchecked
        valid, agrees, code_agrees, said = judge(vector)
        row["valid" if valid else "invalid"] += 1
        row["validAccepted" if valid else "invalidRefused"] += agrees
        row["codeAgrees"] += 0 if valid else code_agrees
        row["signaturesChecked"] += Tally.checked - checked
        row["signaturesNotChecked"] += Tally.unchecked - unchecked
        where = {"chapter": path.stem, "vector": vector["name"], "clause": vector["clause"]}
        if Tally.unchecked > unchecked:
            notes.append({**where, "disagrees": False, "says": UNCHECKED})
        if not (agrees and code_agrees):
            expected = vector["expect"].get("code", "accepted")
            notes.append({**where, "disagrees": True, "says": f"{said}; expected {expected}"})
    return row, notes


def print_table(rows, total):
    print(f"{'chapter':34}{'valid accepted':>16}{'invalid refused':>17}{'code agrees':>14}{'signatures':>12}{'not checked':>13}")
    for row in [*rows, total]:
        valid = f"{row['validAccepted']}/{row['valid']}"
        invalid = f"{row['invalidRefused']}/{row['invalid']}"
        codes = f"{row['codeAgrees']}/{row['invalid']}"
        print(
            f"{row['chapter']:34}{valid:>16}{invalid:>17}{codes:>14}"
            f"{row['signaturesChecked']:>12}{row['signaturesNotChecked']:>13}"
        )


def main():
    parser = argparse.ArgumentParser(description="Reads every vector of the specification.")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--vectors", type=Path, default=Path(__file__).resolve().parent.parent / "vectors")
    options = parser.parse_args()
    paths = sorted(options.vectors.glob("*.json"))
    if not paths:
        print(f"no vectors in {options.vectors}: name their folder with --vectors", file=sys.stderr)
        return 2
    rows, notes = [], []
    for path in paths:
        row, said = read_chapter(path)
        rows.append(row)
        notes += said
    total = {key: sum(row[key] for row in rows) for key in rows[0] if key != "chapter"}
    total = {"chapter": "all", **total}
    disagreements = [note for note in notes if note["disagrees"]]
    if options.json:
        print(json.dumps({"chapters": rows, "all": total, "notes": notes, "agrees": not disagreements}))
    else:
        print_table(rows, total)
        for note in notes:
            print(f"{note['chapter']} {note['clause']} {note['vector']}: {note['says']}")
        print("agrees with every vector" if not disagreements else f"{len(disagreements)} disagreements")
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
