import {
  attempt,
  type Bytes,
  decodePurseCertificate,
  encodeAttestation,
  encodeSignedImage,
  GENESIS,
  payment as paymentCodec,
  requestDigest,
  toHex,
} from '@tallystick/protocol';
import { START, testScheme } from '@tallystick/trusted-app/testing';
import { describe, expect, test } from 'vitest';
import { readTrust } from '../trust/trust-file.ts';
import { asText } from './as-text.ts';
import { explain } from './explain.ts';
import { allChecks, type Explained, isVerified } from './explained.ts';
import { type Material, withCertificates } from './material.ts';
import {
  ask,
  everyMessage,
  imageOf,
  makeWorld,
  newcomer,
  NOW,
  trustOf,
  type World,
} from './testing/world.ts';

const world = makeWorld();
const messages = everyMessage(world);

function materialOf(of: World, change: Partial<Material> = {}, trustText = of.trust): Material {
  const trust = readTrust(trustText);
  if (!trust.ok) throw new Error(trust.error.message);
  const base: Material = {
    trust: trust.value,
    certificates: trust.value.known,
    request: of.request,
    statement: messages.statement ?? null,
    now: NOW,
    ...change,
  };
  const purses = [of.ada.certificate, of.bo.certificate, of.mo.certificate];
  return change.certificates === undefined ? withCertificates(base, purses) : base;
}

const BARE: Partial<Material> = { certificates: new Map(), request: null, statement: null };

function failures(of: Explained): string[] {
  return allChecks(of).flatMap(({ code }) => (code === null ? [] : [code]));
}

function missing(of: Explained): string[] {
  return allChecks(of).flatMap(({ outcome, detail }) => (outcome === 'not checked' ? detail : []));
}

describe('every kind of message', () => {
  test.each(Object.entries(messages))('%s is explained and verified', (_, wire) => {
    const explained = explain(wire, materialOf(world));
    expect(allChecks(explained).filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(isVerified(explained)).toBe(true);
    const everything = flatten(explained);
    for (const { name, value, meaning, clause } of everything.flatMap(({ fields }) => fields)) {
      expect([name, value, meaning].every((each) => each.length > 0)).toBe(true);
      expect(clause).toMatch(/^TS-[A-Z]{3}-\d+[a-c]?$/);
    }
  });

  test.each(Object.entries(messages))('%s is not verified without a trusted root', (name, wire) => {
    const explained = explain(wire, materialOf(world, { trust: null }));
    // A new key vouches for itself: no root stands behind an enrolment.
    expect(isVerified(explained)).toBe(name === 'enrolment' || name === 'enrolment request');
  });

  test.each(Object.entries(messages))('%s cut short is refused', (_, wire) => {
    const outcome = attempt(() => explain(wire.slice(0, -1), materialOf(world)));
    expect(outcome.ok ? 'explained' : outcome.error.code).toMatch(/^(MALFORMED|TRAILING_BYTES)$/);
  });

  test('an enrolment says who vouches for it', () => {
    const said = { attest: Uint8Array.of(1), signature: new Uint8Array(64) };
    const [area, counter] = [Uint8Array.of(2), { handle: 1, certified: said }];
    const ofTpm = {
      kind: 1,
      attestationKey: area,
      key: area,
      certified: said,
      quote: said,
    } as const;
    const statement = Uint8Array.of(3);
    const cases: [Uint8Array, string][] = [
      [new Uint8Array(0), 'none'],
      [statement, '1 bytes: does not read: WRONG_KIND'],
      [encodeAttestation({ ...ofTpm, counter: null }), 'a TPM for the key and the boot'],
      [
        encodeAttestation({ ...ofTpm, counter }),
        'a TPM for the key and the boot, and for a counter',
      ],
      [
        encodeAttestation({ kind: 2, attestationObject: area, clientData: area }),
        'a WebAuthn authenticator that was there',
      ],
      [encodeAttestation({ kind: 3, statement }), 'Android Keystore; there is no verifier yet'],
      [encodeAttestation({ kind: 4, statement }), 'Apple App Attest; there is no verifier yet'],
    ];
    for (const [evidence, says] of cases) {
      const { fields } = explain(newcomer(evidence), materialOf(world));
      const shown = fields.find(({ name }) => name === 'evidence')?.value ?? '';
      expect(shown.replace(/^\d+ bytes: (?=[aA])/, '')).toBe(says);
    }
  });

  test('a status list names who is revoked only if its signature holds', () => {
    const revoked = Array.from({ length: 100_000 }, (_, index) => index);
    const list = world.scheme.signList({ version: 3, revoked });
    const valueOf = ({ fields }: Explained): string | undefined =>
      fields.find(({ name }) => name === 'revoked')?.value;
    expect(valueOf(explain(list, materialOf(world)))).toBe(revoked.join(', '));
    const spoilt = list.with(list.length - 33, list.at(-33)! ^ 1);
    const forged = explain(spoilt, materialOf(world));
    expect(failures(forged)).toEqual(['BAD_SIGNATURE']);
    expect(valueOf(forged)).toBe('not listed: the signature was not verified');
    const untrusted = explain(list, materialOf(world, { trust: null }));
    expect(valueOf(untrusted)).toBe('not listed: the signature was not verified');
  });

  test('an image with other code than its manifest names is no image of anybody', () => {
    const image = imageOf(new TextEncoder().encode('var tallystick = {}'));
    const code = Uint8Array.from([...image.code, 0x20]);
    const { checks, parts } = explain(encodeSignedImage({ ...image, code }), materialOf(world));
    expect(checks.map(({ code: found }) => found)).toEqual(['IMAGE_DIFFERS']);
    expect(parts[0]?.checks.map(({ outcome }) => outcome)).toEqual(['passed']);
  });

  test('a refusal is explained, and nobody can be held to it', () => {
    const frame = Uint8Array.from([0x83, 0x08, 0x67, ...Buffer.from('REVOKED'), 0x01]);
    const explained = explain(frame, materialOf(world));
    expect(explained.fields.map(({ value }) => value)).toEqual(['8', 'REVOKED', '1']);
    expect(isVerified(explained)).toBe(false);
  });

  test.each([
    ['a number', Uint8Array.of(1)],
    ['an empty array', Uint8Array.of(0x80)],
    ['a map', Uint8Array.of(0xa0)],
    ['an array of text', Uint8Array.of(0x81, 0x61, 0x61)],
  ])('%s is no message', (_, bytes) => {
    const outcome = attempt(() => explain(bytes, materialOf(world)));
    expect(outcome.ok ? '' : outcome.error.code).toBe('WRONG_KIND');
  });
});

describe('a payment', () => {
  const explained = explain(world.frame, materialOf(world, { certificates: new Map() }));
  const payment = explained.parts[0];

  test('has every field in words, amounts and times as people write them', () => {
    const values = Object.fromEntries(
      payment?.fields.map(({ name, value }) => [name, value]) ?? [],
    );
    expect(Object.keys(values)).toEqual([
      'alg',
      'kid',
      'seq',
      'head',
      'payee',
      'syncedAt',
      'acceptMinutes',
      'value.kind',
      'value.currency',
      'value.amount',
      'value.hop',
      '(acceptBy)',
      'signature',
      '(id)',
    ]);
    expect(values).toMatchObject({
      alg: 'ES256 (-7)',
      'value.currency': 'EUR (978)',
      'value.amount': '12.50 EUR',
      'value.hop': '1',
      syncedAt: '2026-09-21T14:13:20Z',
      '(id)': toHex(world.paymentId),
    });
  });

  test('reads on a screen with one line of words to a field', () => {
    const text = asText(explained);
    expect(text).toContain(`payment frame (${world.frame.length} bytes, TS-SES-1): a payer pays`);
    expect(text).toMatch(/value\.amount +12\.50 EUR\n +what leaves the payer.*\(TS-AMT-2\)/);
    expect(text).toContain('[ok] answers the request');
  });

  test('with its certificate is verified by request and stored root alone', () => {
    expect(isVerified(explained)).toBe(true);
    expect(allChecks(explained).length).toBeGreaterThanOrEqual(7);
  });

  test('of which any byte is changed is rejected', () => {
    const material = materialOf(world, { certificates: new Map() });
    const random = seeded(20_260_921);
    for (let round = 0; round < 1_000; round++) {
      const corrupted = world.frame.slice();
      const at = random(corrupted.length);
      corrupted[at] = (corrupted[at] ?? 0) ^ (1 + random(255));
      const outcome = attempt(() => explain(corrupted, material));
      const passed = outcome.ok && isVerified(outcome.value);
      expect(passed, `byte ${at} became ${corrupted[at]}`).toBe(false);
    }
  }, 120_000);

  test('says what is missing, one thing after another', () => {
    const nothing = materialOf(world, { ...BARE, trust: null });
    expect(missing(explain(world.payment, nothing))).toEqual([
      expect.stringContaining('--request'),
    ]);
    const requested = { ...nothing, request: world.request };
    expect(missing(explain(world.payment, requested))).toEqual([
      expect.stringContaining('--certificate'),
    ]);
    const certified = withCertificates(requested, [world.ada.certificate]);
    expect(missing(explain(world.payment, certified))).toContainEqual(
      expect.stringContaining('--trust'),
    );
  });

  test('is not verified by another request', () => {
    const other = materialOf(world, { request: ask(world.bo, 1_250n) });
    expect(failures(explain(world.payment, other))).toContain('BAD_SIGNATURE');
  });

  test('of another amount than requested is refused, whatever its signature', () => {
    const request = world.scheme.participants[0].unloadCode;
    const forged = forgedPayment({ amount: 1_250n, hop: 1 }, world.request);
    expect(failures(explain(forged, materialOf(world)))).toEqual([]);
    const more = forgedPayment({ amount: 1_251n, hop: 1 }, world.request);
    expect(failures(explain(more, materialOf(world)))).toEqual(['WRONG_AMOUNT']);
    const elsewhere = materialOf(world, { request });
    const astray = forgedPayment({ amount: 1_250n, hop: 1 }, request);
    expect(failures(explain(astray, elsewhere))).toEqual(['WRONG_PAYEE']);
  });

  test('past the limits of policy is refused', () => {
    const far = forgedPayment({ amount: 1_250n, hop: 23 }, world.request);
    expect(failures(explain(far, materialOf(world)))).toEqual(['OVER_HOP_LIMIT']);
    const long = forgedPayment({ amount: 1_250n, hop: 1, acceptMinutes: 0xffff }, world.request);
    expect(failures(explain(long, materialOf(world)))).toEqual(['ACCEPT_BY_TOO_FAR']);
    const late = forgedPayment({ amount: 1_250n, hop: 1, syncedAt: START * 2 }, world.request);
    expect(failures(explain(late, materialOf(world)))).toContain('CERTIFICATE_EXPIRED');
  });

  test('of a revoked payer is refused', () => {
    const revoked = trustOf(world.scheme, [statusIndexOf(world.ada.certificate)]);
    expect(failures(explain(world.frame, materialOf(world, {}, revoked)))).toEqual([
      'REVOKED',
      'REVOKED',
    ]);
  });
});

describe('a chain of trust', () => {
  test('that ends at another root is refused', () => {
    const other = trustOf(testScheme('another'));
    const explained = explain(world.frame, materialOf(world, {}, other));
    expect(new Set(failures(explained))).toEqual(new Set(['UNKNOWN_ISSUER']));
  });

  test('an expired certificate is refused by itself, and no hindrance in a proof', () => {
    const later = materialOf(world, { now: START + 4_000 * 86_400 });
    expect(failures(explain(world.ada.certificate, later))).toEqual(['CERTIFICATE_EXPIRED']);
    expect(isVerified(explain(at(messages, 'answer proof'), later))).toBe(true);
  });
});

describe('a log', () => {
  test('with an entry changed, left out or moved is refused', () => {
    const log = at(messages, 'log');
    const changed = log.slice();
    const place = changed.length - 20;
    changed[place] = (changed[place] ?? 0) ^ 1;
    expect(isVerified(explain(changed, materialOf(world)))).toBe(false);
  });

  test('without the statement at its end says so', () => {
    const explained = explain(at(messages, 'log'), materialOf(world, { statement: null }));
    expect(missing(explained)).toEqual([expect.stringContaining('--statement')]);
  });

  test('with the statement of somebody else is refused', () => {
    const { statement } = world.bo.get({ kind: 11 }, 4);
    const explained = explain(at(messages, 'log'), materialOf(world, { statement }));
    expect(failures(explained)).toContain('WRONG_STATEMENT');
  });
});

function at(all: Readonly<Record<string, Bytes>>, name: string): Bytes {
  const wire = all[name];
  if (wire === undefined) throw new Error(`no message named ${name}`);
  return wire;
}

function flatten(of: Explained): Explained[] {
  return [of, ...of.parts.flatMap(flatten)];
}

/** A payment that Mo signs to Bo, with just these fields. */
function forgedPayment(
  of: { amount: bigint; hop: number; acceptMinutes?: number; syncedAt?: number },
  request: Bytes,
): Bytes {
  const { amount, hop, acceptMinutes = 60, syncedAt = START } = of;
  return world.mo.sign(
    paymentCodec.encode({
      seq: 5,
      head: GENESIS,
      payee: decodePurseCertificate(world.bo.certificate).ref,
      value: { kind: 1, currency: 978, amount, hop },
      syncedAt,
      acceptMinutes,
    }),
    requestDigest(request),
  );
}

function statusIndexOf(certificate: Bytes): number {
  return decodePurseCertificate(certificate).profile.statusIndex;
}

/** The same whole numbers below a bound for the same seed. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}
