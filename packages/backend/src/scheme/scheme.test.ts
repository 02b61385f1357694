import { readFile } from 'node:fs/promises';
import { ASSURANCE, ED25519, ES256 } from '@tallystick/protocol';
import { describe, expect, test } from 'vitest';
import { readSchemeFile, SANDBOX_SCHEME } from './node-scheme-file.ts';
import { parseScheme, SchemeError } from './parse-scheme.ts';
import { tierFor } from './scheme.ts';

type Json = Record<string, unknown>;

async function sandbox(): Promise<Json> {
  return JSON.parse(await readFile(SANDBOX_SCHEME, 'utf8')) as Json;
}

async function complaint(change: (json: Json) => void): Promise<string> {
  const json = await sandbox();
  change(json);
  try {
    parseScheme(json);
  } catch (error) {
    if (error instanceof SchemeError) return error.message;
    throw error;
  }
  return 'none';
}

function row(json: Json, list: string, index = 0): Json {
  return (json[list] as Json[])[index]!;
}

describe('the sandbox scheme', () => {
  test('reads, with its two participants and a tier for each kind of holder', async () => {
    const scheme = await readSchemeFile(SANDBOX_SCHEME);
    expect(scheme.participants.map(({ code }) => code)).toEqual(['ALPHSESS', 'BETASESS']);
    expect(scheme.currency).toBe(978);
    expect(scheme.algorithms).toEqual([ES256, ED25519]);
    expect(tierFor(scheme, ASSURANCE.software, 'person')?.tier).toBe(1);
    expect(tierFor(scheme, ASSURANCE.software, 'acceptancePoint')?.paymentMax).toBe(0n);
    expect(tierFor(scheme, ASSURANCE.secureElement, 'person')).toBeUndefined();
  });
});

describe('a scheme with a mistake is refused by the name of the field', () => {
  const cases: [string, (json: Json) => void, string][] = [
    ['missing field', (json) => delete json.hopMax, 'hopMax'],
    ['unknown field', (json) => (json.hopMin = 1), 'hopMin'],
    ['unknown currency', (json) => (json.currency = 'ZZZ'), 'currency: must be an ISO 4217'],
    ['money as a number', (json) => (row(json, 'tiers').paymentMax = 100), 'tiers.0.paymentMax'],
    ['negative money', (json) => (row(json, 'tiers').paymentMax = '-1'), 'minor units as digits'],
    ['too much money', (json) => (row(json, 'tiers').paymentMax = '9007199254740992'), '2^53'],
    ['unknown algorithm', (json) => (json.algorithms = ['RS256']), 'algorithms.0: must be one of'],
    [
      'a publisher without a key',
      (json) => (json.publisher = { name: 'P', algorithm: 'ES256', key: '02ab' }),
      'publisher.key: must be a public key',
    ],
    [
      'a publisher of no point on the curve',
      (json) => (json.publisher = { name: 'P', algorithm: 'ES256', key: `05${'ab'.repeat(32)}` }),
      'publisher.key: must be a public key',
    ],
    [
      'an environment twice',
      (json) => (json.environments = [row(json, 'environments'), row(json, 'environments')]),
      'environments: two rows are for the same environment',
    ],
    [
      'an image that ends before its successor is offered',
      (json) => (json.leadSeconds = json.supersededSeconds),
      'supersededSeconds: must be more than leadSeconds',
    ],
    [
      'no publisher outside a sandbox',
      (json) => (json.sandbox = false),
      'publisher: only a sandbox scheme',
    ],
    ['bad code', (json) => (row(json, 'participants').code = 'alpha'), 'participants.0.code'],
    [
      'same code twice',
      (json) => (row(json, 'participants', 1).code = 'ALPHSESS'),
      'participants: two parties',
    ],
    [
      'no emergency row for a tier',
      (json) => ((json.emergency as Json).tiers as Json[]).pop(),
      'emergency: must have one row for each tier',
    ],
    [
      'a higher cap in an emergency',
      (json) => (row(json.emergency as Json, 'tiers').payerCap = '50001'),
      'emergency: payerCap of tier 1 is higher',
    ],
    [
      'a shorter window in an emergency',
      (json) => (row(json.emergency as Json, 'tiers').offlineSeconds = 604_799),
      'emergency: offlineSeconds of tier 1 is shorter',
    ],
    [
      'payers staler in normal times',
      (json) => ((json.emergency as Json).staleSeconds = 604_799),
      'emergency: staleSeconds is shorter',
    ],
    ['same tier twice', (json) => (row(json, 'tiers', 1).tier = 1), 'tiers: two tiers have'],
    [
      'two tiers for one holder',
      (json) => (row(json, 'tiers', 1).holder = 'person'),
      'same assurance and holder',
    ],
    [
      'an environment without a tier',
      (json) => (row(json, 'environments').assurance = 'secureElement'),
      'tiers: no tier',
    ],
    ['software outside a sandbox', (json) => (json.sandbox = false), 'sandbox scheme only'],
    [
      'a plain process outside a sandbox, whatever it is said to be worth',
      (json) => {
        json.sandbox = false;
        row(json, 'environments').attestation = 'tpm';
        row(json, 'environments').assurance = 'keysOnly';
      },
      '"plain process" is for a sandbox scheme only',
    ],
    [
      'hardware that nobody vouches for outside a sandbox',
      (json) => (json.sandbox = false),
      'no maker of hardware vouches for "keys in an attested TPM"',
    ],
    [
      'what asserts itself, as worth more than software',
      (json) => (row(json, 'environments', 1).assurance = 'keysOnly'),
      'asserts itself, which is worth what software is',
    ],
    [
      'a method that has no verifier yet',
      (json) => (row(json, 'environments', 1).attestation = 'android-key'),
      'environments.1.attestation: there is no verifier of it yet',
    ],
    [
      'roots that are no certificates',
      (json) => ((json.hardware as Json).tpmRoots = ['certificate']),
      'hardware.tpmRoots.0: must be PEM',
    ],
    [
      'a boot digest that is none',
      (json) => ((json.hardware as Json).bootDigests = ['00']),
      'hardware.bootDigests.0: must be a SHA-256 digest in hex',
    ],
    ['no response to tampering', (json) => (json.tampering = []), 'tampering'],
    [
      'a lower cap for a stronger environment',
      (json) => (row(json, 'tiers', 2).paymentMax = '19999'),
      'tiers: paymentMax of tier 3 is lower than in a weaker environment',
    ],
    ['grace longer than life', (json) => (json.graceSeconds = 2_592_000), 'graceSeconds'],
    [
      'purses that outlive their issuer',
      (json) => ((json.certificateSeconds as Json).purse = 63_072_001),
      'certificateSeconds: an issuer must outlive',
    ],
  ];
  test.each(cases)('%s', async (_, change, wanted) => {
    expect(await complaint(change)).toContain(wanted);
  });

  test('every mistake is named at once', async () => {
    const message = await complaint((json) => {
      json.hopMax = 0;
      json.currency = 'EURO';
    });
    expect(message).toContain('hopMax');
    expect(message).toContain('currency');
  });

  test('a file that is not there', async () => {
    await expect(readSchemeFile(`${SANDBOX_SCHEME}.none`)).rejects.toThrow(SchemeError);
  });
});
