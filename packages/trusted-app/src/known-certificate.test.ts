import { describe, expect, it } from 'vitest';
import { load, personalised, receiveCommand, tap, testScheme, transfer } from './testing/index.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;

describe('a certificate that was verified before (TS-CRT-12)', () => {
  it('is not verified again, but only as the very bytes it was', () => {
    const ada = personalised(scheme, alpha, 'ada');
    const bo = personalised(scheme, beta, 'bo');
    load(ada, alpha, 1_000n);
    transfer(ada, bo, 10n);
    const next = tap(ada, bo, 10n);
    const damaged = next.payerCertificate.slice();
    // The last byte belongs to the authority's signature: the id of the certificate stays the same.
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    const refused = bo.run(receiveCommand({ ...next, payerCertificate: damaged }));
    expect(refused).toMatchObject({ ok: false, error: { code: 'BAD_SIGNATURE' } });
    bo.effects.length = 0;
    expect(bo.run(receiveCommand(next, false)).ok).toBe(true);
    expect(bo.effects.filter((kind) => kind === 'verify')).toHaveLength(1);
  });
});
