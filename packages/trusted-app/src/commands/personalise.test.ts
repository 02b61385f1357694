import { type Bytes, ED25519, ES256 } from '@tallystick/protocol';
import { describe, expect, it } from 'vitest';
import type { Command } from '../command.ts';
import {
  enrolledKey,
  load,
  personalised,
  personaliseCommand,
  START,
  sync,
  TestDevice,
  testScheme,
  transfer,
} from '../testing/index.ts';

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
const CHALLENGE = new Uint8Array(32);

const prepare = (alg: typeof ES256 | typeof ED25519 = ES256): Command => ({
  kind: 2,
  alg,
  challenge: CHALLENGE,
  pin: null,
});

/** A device whose key is made, and a certificate for it. */
function prepared(label: string, expires?: number): { device: TestDevice; certificate: Bytes } {
  const device = new TestDevice(label);
  const key = enrolledKey(device.get(prepare(), 2).enrolment);
  const change = expires === undefined ? {} : { expires };
  return { device, certificate: alpha.certify(key, change) };
}

describe('a new purse (TS-ENR)', () => {
  it('does nothing but prepare and personalise until it has its certificate (TS-PUR-1)', () => {
    const device = new TestDevice('new');
    const { device: other, certificate } = prepared('other');
    const command = personaliseCommand(scheme, certificate);
    expect(device.code(command)).toBe('NOT_PERSONALISED');
    expect(device.code({ kind: 11 })).toBe('NOT_PERSONALISED');
    expect(other.code({ kind: 1 })).toBe('NOT_PERSONALISED');
    other.restart();
    expect(other.code(command)).toBe('OK');
    expect(other.code(command)).toBe('ALREADY_PERSONALISED');
    expect(other.code(prepare())).toBe('ALREADY_PERSONALISED');
  });

  it.each([
    ['ES256', ES256],
    ['Ed25519', ED25519],
  ] as const)('with a key of %s loads and syncs', (name, alg) => {
    const device = personalised(scheme, alpha, name, { alg });
    load(device, alpha, 100n);
    sync(device, alpha);
    expect(device.purse).toMatchObject({ seq: 4, floor: START, syncedAt: START });
  });

  it('starts over when it is prepared again, without touching the key before it is stored', () => {
    const device = new TestDevice('twice');
    const first = enrolledKey(device.get(prepare(), 2).enrolment);
    device.storageFails = true;
    expect(device.code(prepare())).toBe('STORAGE_FAILED');
    const own = alpha.certify(first);
    device.get(personaliseCommand(scheme, own), 0);
    // The key that was enrolled is the one that signs: what it asks for, others pay.
    const ada = personalised(scheme, alpha, 'ada');
    load(ada, alpha, 10n);
    transfer(ada, Object.assign(device, { certificate: own }), 10n);
    const again = prepared('again');
    const { certificate } = again;
    again.device.get(prepare(), 2);
    expect(again.device.code(personaliseCommand(scheme, certificate))).toBe('WRONG_KEY');
  });
});

describe('a personalisation that must be refused', () => {
  const { device, certificate } = prepared('refused');
  const good = personaliseCommand(scheme, certificate);
  const other = testScheme('other');
  const cases: [string, Partial<typeof good>, string][] = [
    ['of another root', { rootKey: other.anchor.key.bytes }, 'UNKNOWN_ISSUER'],
    ['of another scheme', { scheme: 'another' }, 'UNKNOWN_ISSUER'],
    ['with a root key of no length', { rootKey: new Uint8Array(32) }, 'BAD_FIELD'],
    ['without authorities', { authorities: [] }, 'UNKNOWN_ISSUER'],
    ['with a foreign authority', { authorities: other.authorities }, 'UNKNOWN_ISSUER'],
    ['with a purse for an authority', { authorities: [certificate] }, 'WRONG_KIND'],
    ['with a foreign policy', { policy: other.signPolicy() }, 'UNKNOWN_ISSUER'],
    ['with a participant for the operator', { operator: beta.issuer.certificate }, 'WRONG_ROLE'],
    ['with a foreign list', { list: other.signList() }, 'UNKNOWN_CERTIFICATE'],
    ['with a list for a policy', { policy: scheme.signList() }, 'BAD_FIELD'],
    [
      'with a policy that lacks the tier',
      { policy: scheme.signPolicy({ tiers: [] }) },
      'WRONG_ROLE',
    ],
    ['with a certificate of another key', { certificate: personalKey() }, 'WRONG_KEY'],
    [
      'with a certificate that expired',
      { certificate: prepared('refused', START).certificate },
      'CERTIFICATE_EXPIRED',
    ],
  ];

  function personalKey(): Bytes {
    return prepared('somebody else').certificate;
  }

  it.each(cases)('%s', (_, change, code) => {
    const before = device.backup();
    expect(device.code({ ...good, ...change })).toBe(code);
    expect(device.backup()).toEqual(before);
  });

  it('and the right one afterwards is accepted', () => {
    expect(device.code(good)).toBe('OK');
  });
});
