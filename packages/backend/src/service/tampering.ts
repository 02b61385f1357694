import {
  CONDITION,
  decodePayload,
  RECORD,
  statement as statementCodec,
} from '@tallystick/protocol';
import { createShelf } from '../authority/shelf.ts';
import { accept, type Outcome, refuse } from '../outcome.ts';
import { type Ingested, revoke } from '../reconciliation/index.ts';
import type { TamperResponse } from '../scheme/scheme.ts';
import type { CertificateRef, PurseId, RecordId } from '../store/rows.ts';
import type { Parts } from './parts.ts';

/** A time that a purse said that its storage was changed, until it said otherwise (TS-ATT-6). */
interface Incident {
  /** The certificate under which it said so first. */
  readonly under: CertificateRef;
  /** The statements in which it did, with the certificate of each. */
  readonly statements: Map<RecordId, CertificateRef>;
}

/**
 * Whether a statement may be answered, by what the scheme names for this time that the purse's storage was
 * changed (TS-ATT-6). Errors: NEW_CERTIFICATE_NEEDED, REVOKED.
 */
export async function mayAnswer(
  parts: Parts,
  { purse, statement, statementId }: Ingested,
): Promise<Outcome<null>> {
  if (statement.condition !== CONDITION.tampered) return accept(null);
  await createShelf(parts.store).putIfAbsent(markOf(purse.id), new Uint8Array(0));
  const incidents = await incidentsOf(parts, purse.id);
  // Its own time, and not the last one: an old statement must not gain by what came after it.
  const at = incidents.findIndex(({ statements }) => statements.has(statementId));
  const incident = incidents[at];
  if (incident === undefined) throw new Error('a statement that was taken in is no fact');
  switch (responseTo(parts, at + 1)) {
    case 'unlock':
      return accept(null);
    case 'new-certificate':
    case 'lower-tier':
      return incident.statements.get(statementId) === incident.under
        ? refuse('NEW_CERTIFICATE_NEEDED')
        : accept(null);
    case 'revoke':
      await revoke([purse.id], 'tampered', parts.context);
      await parts.dispatcher.drain();
      return refuse('REVOKED', `its storage was changed, time ${at + 1}`);
  }
}

/** Whether new certificates of a purse are of a lower tier than its environment is worth (TS-ATT-6). */
export async function isLowered(parts: Parts, purse: PurseId): Promise<boolean> {
  if ((await createShelf(parts.store).get(markOf(purse))) === null) return false;
  const times = (await incidentsOf(parts, purse)).length;
  return Array.from({ length: times }, (_, at) => responseTo(parts, at + 1)).includes('lower-tier');
}

/** Found by name, so that nobody's log is read who never said so. */
function markOf(purse: PurseId): string {
  return `tampered/${purse}`;
}

function responseTo({ scheme: { tampering } }: Parts, time: number): TamperResponse {
  return tampering[time - 1] ?? tampering.at(-1) ?? 'revoke';
}

/** Every such time, from the purse's own statements in the order in which it made them. */
async function incidentsOf({ store }: Parts, purse: PurseId): Promise<readonly Incident[]> {
  const facts = await store.transaction([purse], (tx) => tx.factsFrom(purse, 1));
  const incidents: Incident[] = [];
  // Whoever has taken in an answer since was unlocked by it, and changed anew: the epoch says so.
  let changedIn: number | null = null;
  for (const { id, payload, kid } of facts.filter(({ kind }) => kind === RECORD.statement)) {
    const { condition, epoch } = decodePayload(payload, statementCodec, 'statement');
    const saysSo = condition === CONDITION.tampered;
    if (saysSo && epoch !== changedIn) incidents.push({ under: kid, statements: new Map() });
    if (saysSo) incidents.at(-1)?.statements.set(id, kid);
    changedIn = saysSo ? epoch : null;
  }
  return incidents;
}
