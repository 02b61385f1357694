import type { Algorithm } from '@tallystick/protocol';
import type { FactPlace, FactRow, PurseId } from '../rows.ts';
import { PackReader, PackWriter } from './packing.ts';

/**
 * Facts of one purse, packed into two columns: where each lies, which is asked for again and again,
 * and what it says, which is not.
 */
export interface PackedFacts {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly places: Uint8Array;
  readonly bodies: Uint8Array;
}

const LAYOUT = 1;
const ID_BYTES = 32;
const REF_BYTES = 8;
const PLACE_BYTES = 9 + 2 * ID_BYTES;
/** What most facts stay below: the buffer grows where one does not. */
const BODY_BYTES = 400;

const IS_ENTRY = 1;
const IS_SIGNED = 2;
const HAS_EVIDENCE = 4;

export function packFacts(facts: readonly FactRow[]): PackedFacts {
  const places = new PackWriter(LAYOUT, 1 + PLACE_BYTES * facts.length);
  const bodies = new PackWriter(LAYOUT, BODY_BYTES * (facts.length + 1));
  let [firstSeq, lastSeq] = [Infinity, 0];
  for (const fact of facts) {
    const { seq, salt, evidence, signature } = fact;
    firstSeq = Math.min(firstSeq, seq);
    lastSeq = Math.max(lastSeq, seq);
    places.u8(
      (salt === null ? 0 : IS_ENTRY) |
        (signature === null ? 0 : IS_SIGNED) |
        (evidence === null ? 0 : HAS_EVIDENCE),
    );
    places.count(seq);
    places.name(fact.id, ID_BYTES);
    places.name(fact.key, ID_BYTES);
    bodies.i32(fact.kind);
    bodies.i32(fact.alg);
    bodies.name(fact.kid, REF_BYTES);
    bodies.bytes(fact.external);
    bodies.bytes(fact.payload);
    for (const part of [salt, evidence, signature]) if (part !== null) bodies.bytes(part);
  }
  return { firstSeq, lastSeq, places: places.finish(), bodies: bodies.finish() };
}

/** Where packed facts lie, in the order they were packed in. */
export function unpackPlaces(places: Uint8Array): FactPlace[] {
  const reader = new PackReader(places, LAYOUT);
  const out: FactPlace[] = [];
  while (reader.hasMore) {
    const { flags, ...place } = readPlace(reader);
    out.push({ ...place, isEntry: (flags & IS_ENTRY) !== 0, isSigned: (flags & IS_SIGNED) !== 0 });
  }
  return out;
}

/** Packed facts, in the order they were packed in. */
export function unpackFacts(
  purse: PurseId,
  packed: Pick<PackedFacts, 'places' | 'bodies'>,
): FactRow[] {
  const places = new PackReader(packed.places, LAYOUT);
  const bodies = new PackReader(packed.bodies, LAYOUT);
  const out: FactRow[] = [];
  while (places.hasMore) {
    const { flags, ...place } = readPlace(places);
    const part = (flag: number): Uint8Array | null =>
      (flags & flag) === 0 ? null : bodies.bytes();
    out.push({
      purse,
      ...place,
      kind: bodies.i32(),
      alg: bodies.i32() as Algorithm,
      kid: bodies.name(REF_BYTES),
      external: bodies.bytes(),
      payload: bodies.bytes(),
      salt: part(IS_ENTRY),
      evidence: part(HAS_EVIDENCE),
      signature: part(IS_SIGNED),
    });
  }
  bodies.end();
  return out;
}

function readPlace(reader: PackReader) {
  return {
    flags: reader.u8(),
    seq: reader.count(),
    id: reader.name(ID_BYTES),
    key: reader.name(ID_BYTES),
  };
}
