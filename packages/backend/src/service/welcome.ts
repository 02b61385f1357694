import { type Bytes, encodeBody, enrolmentReply } from '@tallystick/protocol';
import type { Party } from '../authority/authority.ts';
import { revoke } from '../reconciliation/index.ts';
import type { ListRow } from '../store/rows.ts';
import type { Parts } from './parts.ts';

/** A list older than this is signed anew before it is handed to a device: its time is the device's. */
const LIST_SECONDS_MAX = 900;

/** The newest status list, not older than {@link LIST_SECONDS_MAX}. */
export async function freshList({ store, context, clock }: Parts): Promise<ListRow> {
  const list = await store.latestList();
  if (list !== null && clock() - list.issuedAt <= LIST_SECONDS_MAX) return list;
  await revoke([], 'refresh', context);
  const published = await store.latestList();
  if (published === null) throw new Error('publishing a status list left none');
  return published;
}

/** Everything a device needs with a new certificate (TS-ENR-3). */
export async function welcome(parts: Parts, party: Party, certificate: Bytes): Promise<Bytes> {
  const { authority } = parts;
  const list = await freshList(parts);
  return encodeBody(enrolmentReply, {
    scheme: authority.scheme.id,
    rootAlgorithm: authority.anchor.key.alg,
    rootKey: authority.anchor.key.bytes,
    authorities: authorityWires(parts),
    certificate,
    operator: authority.operator.issuing.wire,
    issuer: party.issuing.wire,
    policy: authority.policy.wire,
    list: list.wire,
    unloadCode: party.issuing.unloadCode,
  });
}

/** Certificates of the operator and of every participant. */
export function authorityWires({ authority }: Pick<Parts, 'authority'>): Bytes[] {
  return [authority.operator, ...authority.participants].map(({ authorityWire }) => authorityWire);
}
