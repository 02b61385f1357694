import { NO_EXTERNAL, statusBits } from '@tallystick/protocol';
import type { Letter } from '../store/messages.ts';
import type { DecisionRow, ListRow, PurseId } from '../store/rows.ts';
import type { Context } from './context.ts';

/**
 * Revokes every certificate of these purses with the next status list, and returns the version
 * that does; the current one when all of them are revoked already. Without purses it publishes a
 * fresh list with the same revocations; the first one has version 1.
 */
export async function revoke(
  purses: readonly PurseId[],
  reason: string,
  context: Context,
): Promise<number> {
  const { store, issuer } = context;
  return store.listing(async (tx) => {
    const latest = await tx.latest();
    // Read while no other list can be made: whoever adds a certificate looks at the list after it.
    const certificates = purses.length === 0 ? [] : await tx.certificatesOf(purses);
    const known = new Set(latest?.revoked);
    const fresh = certificates.filter(({ statusIndex }) => !known.has(statusIndex));
    if (latest !== null && purses.length > 0 && fresh.length === 0) return latest.version;

    const version = (latest?.version ?? 0) + 1;
    const issuedAt = context.now();
    const revoked = [...known, ...fresh.map(({ statusIndex }) => statusIndex)].sort(
      (a, b) => a - b,
    );
    const bits = statusBits(revoked);
    const wire = await issuer.signList({ uri: issuer.listUri, issuedAt, version, bits });
    const list: ListRow = { version, issuedAt, revoked, wire };
    const decisions = fresh.map(
      ({ ref, purse }): DecisionRow => ({
        purse: purse ?? '',
        kind: 'revocation',
        cause: ref,
        wire: NO_EXTERNAL,
        external: NO_EXTERNAL,
        time: issuedAt,
        version,
      }),
    );
    const listed = [...new Set(fresh.map(({ purse }) => purse ?? ''))].map(
      (purse): Letter => ({
        from: purse,
        to: purse,
        message: { kind: 'listed', version, reason },
      }),
    );
    await tx.publish(list, decisions, listed);
    return version;
  });
}
