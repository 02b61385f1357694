import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { softwareVerifier } from '@tallystick/backend';
import { webauthnVerifier, type WebauthnTrust } from '@tallystick/backend/webauthn';
import {
  type Bytes,
  ES256,
  fromHex,
  sha256,
  toHex,
  type WebauthnAttestation,
} from '@tallystick/protocol';
import { softwarePublicKey } from '@tallystick/protocol/software';
import {
  Chromium,
  makeProfile,
  removeProfile,
  skipChromium,
} from '@tallystick/tre/testing/chromium';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const binding = sha256(Uint8Array.of(1));
const bytes = (hex: string): Bytes => fromHex(hex) ?? new Uint8Array(0);

let server: Server;
let profile: string;
let chromium: Chromium;
let origin: string;

beforeAll(async () => {
  if (skipChromium) return;
  server = createServer((_, response) => response.end('<!doctype html><title>wallet</title>'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  profile = await makeProfile();
  chromium = await Chromium.start(profile);
});
afterAll(async () => {
  if (skipChromium) return;
  await chromium.kill();
  server.close();
  await removeProfile(profile);
});

/** What a browser's own emulated authenticator attests over a challenge. */
async function attest(
  challenge: Bytes,
  { isVerified = true, conveyance = 'direct' } = {},
): Promise<WebauthnAttestation> {
  const page = await chromium.newPage();
  await page.goto(origin);
  const session = await chromium.context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasUserVerification: isVerified,
      isUserVerified: isVerified,
    },
  });
  const made = await page.evaluate(`(async () => {
    const { response } = await navigator.credentials.create({ publicKey: {
      rp: { id: 'localhost', name: 'bank' },
      user: { id: new Uint8Array(16), name: 'ada', displayName: 'Ada' },
      challenge: Uint8Array.fromHex('${toHex(challenge)}'),
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      attestation: '${conveyance}',
      authenticatorSelection: { userVerification: '${isVerified ? 'required' : 'discouraged'}' },
    } });
    const hex = (part) => new Uint8Array(part).toHex();
    return [hex(response.attestationObject), hex(response.clientDataJSON)];
  })()`);
  await page.close();
  const [attestationObject = '', clientData = ''] = made as string[];
  return { kind: 2, attestationObject: bytes(attestationObject), clientData: bytes(clientData) };
}

/** The certificate in evidence, which this authenticator has signed itself: whoever believes it stores it. */
function certificateIn({ attestationObject }: WebauthnAttestation): X509Certificate {
  const object = Buffer.from(attestationObject);
  const at = object.indexOf(Buffer.from('x5c')) + 3;
  // An array of one byte string, with two bytes of length.
  const length = object.readUInt16BE(at + 2);
  return new X509Certificate(object.subarray(at + 4, at + 4 + length));
}

async function judge(
  attestation: WebauthnAttestation,
  trust: Partial<WebauthnTrust> = {},
  over: Bytes = binding,
  key: Bytes = new Uint8Array(33),
): Promise<string> {
  const root = certificateIn(attestation);
  const roots = [root.toString()];
  const verifier = webauthnVerifier({
    roots,
    relyingParty: 'localhost',
    origins: [origin],
    ...trust,
  });
  const verdict = await verifier.verify({
    attestation,
    enrolment: {
      alg: -7,
      key,
      measurement: new Uint8Array(32),
      environment: 'virtual-se',
      evidence: new Uint8Array(1),
      challenge: new Uint8Array(32),
    },
    binding: over,
    now: Math.floor(root.validToDate.getTime() / 1_000) - 1,
    verifyMany: softwareVerifier,
  });
  return verdict.ok ? 'genuine' : verdict.error.message;
}

describe.skipIf(skipChromium)('attestation by an authenticator (TS-ATT-4)', () => {
  test('is taken for the enrolment that it is about, and from makers that the scheme knows', async () => {
    const attestation = await attest(binding);
    expect(await judge(attestation)).toBe('genuine');
    expect(await judge(attestation, {}, sha256(binding))).toContain('challenge');
    expect(await judge(attestation, { origins: ['https://evil.example'] })).toContain('origin');
    expect(await judge(attestation, { relyingParty: 'evil.example' })).toContain('RP ID');
    const other = certificateIn(await attest(sha256(binding))).toString();
    const stranger = other === certificateIn(attestation).toString() ? [] : [other];
    expect(await judge(attestation, { roots: stranger })).toContain(
      'no maker that the scheme knows',
    );
  });

  test('shows a device and a holder, and not where the key of the purse is', async () => {
    const attestation = await attest(binding);
    // The key that is enrolled is in software, and the authenticator has never seen it.
    const key = softwarePublicKey(ES256, new Uint8Array(32).fill(7)).bytes;
    expect(await judge(attestation, {}, binding, key)).toBe('genuine');
  });

  test('is refused where a byte of it was changed, or where nobody verified the holder', async () => {
    const attestation = await attest(binding);
    const { attestationObject, clientData } = attestation;
    const middle = Buffer.from(attestationObject).indexOf(Buffer.from('authData')) + 60;
    const spoilt = attestationObject.with(middle, (attestationObject[middle] ?? 0) ^ 1);
    expect(await judge({ ...attestation, attestationObject: spoilt })).not.toBe('genuine');
    const cut = clientData.slice(0, -1);
    expect(await judge({ ...attestation, clientData: cut })).not.toBe('genuine');
    const unverified = await attest(binding, { isVerified: false });
    expect(await judge(unverified)).toContain('could not be verified');
  });

  test('says nothing where the authenticator does not say who made it', async () => {
    const attestation = await attest(binding);
    const silent = await attest(binding, { conveyance: 'none' });
    const roots = [certificateIn(attestation).toString()];
    const verifier = webauthnVerifier({ roots, relyingParty: 'localhost', origins: [origin] });
    const claim = { binding, now: 0, verifyMany: softwareVerifier };
    const enrolment = {} as Parameters<typeof verifier.verify>[0]['enrolment'];
    // {"fmt": "packed", "attStmt": 5, "authData": h''}, and what is no CBOR.
    const numb = bytes('a363666d74667061636b65646761747453746d740568617574684461746140');
    for (const attestationObject of [silent.attestationObject, numb, new Uint8Array(3)]) {
      const hostile = { ...silent, attestationObject };
      const verdict = await verifier.verify({ ...claim, attestation: hostile, enrolment });
      expect(verdict).toMatchObject({ ok: false, error: { code: 'ATTESTATION_REFUSED' } });
    }
  });
});
