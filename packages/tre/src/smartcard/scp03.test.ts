import { cmac } from '@noble/ciphers/aes.js';
import { sha256, toHex } from '@tallystick/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CommandApdu, type ResponseApdu } from './apdu.ts';
import { openSession, SecureMessaging } from './scp03.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const keys = {
  enc: sha256(Uint8Array.of(1)).slice(0, 16),
  mac: sha256(Uint8Array.of(2)).slice(0, 16),
};
const challenges = [hex('0001020304050607'), hex('08090a0b0c0d0e0f')] as const;
const session = openSession(keys, ...challenges);
const command = (data: Uint8Array): CommandApdu => ({
  cla: 0x80,
  ins: 0x10,
  p1: 0,
  p2: 0,
  data,
  le: 256,
});

/** Both ends of one session. */
const pair = (): [host: SecureMessaging, card: SecureMessaging] => [
  new SecureMessaging(session),
  new SecureMessaging(session),
];

describe('SCP03', () => {
  it('rests on AES-CMAC as RFC 4493 has it (section 4, examples 1 and 2)', () => {
    const key = hex('2b7e151628aed2a6abf7158809cf4f3c');
    expect(toHex(cmac(new Uint8Array(0), key))).toBe('bb1d6929e95937287fa37d129b756746');
    const message = hex('6bc1bee22e409f96e93d7e117393172a');
    expect(toHex(cmac(message, key))).toBe('070a16b46b4d4144f79bdd9dd04a287c');
  });

  it('derives other secrets for every use, and for every pair of challenges', () => {
    const other = openSession(keys, challenges[1], challenges[0]);
    const all = [session, other].flatMap((each) => Object.values(each).map(toHex));
    expect(new Set(all).size).toBe(all.length);
    expect(openSession(keys, ...challenges)).toEqual(session);
  });

  it('derives as NIST SP 800-108 says: constant, separator, length, counter, context', () => {
    const derivation = hex(
      `${'00'.repeat(11)}0400008001${toHex(challenges[0])}${toHex(challenges[1])}`,
    );
    expect(session.enc).toEqual(cmac(derivation, keys.enc));
    const cryptogram = hex(
      `${'00'.repeat(11)}0000004001${toHex(challenges[0])}${toHex(challenges[1])}`,
    );
    expect(session.cardCryptogram).toEqual(cmac(cryptogram, session.mac).slice(0, 8));
  });

  it('carries any data both ways, and shows none of it', () => {
    const [host, card] = pair();
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.uint8Array({ maxLength: 400 }),
        (to, from) => {
          const sent = host.wrap(command(to));
          expect(card.unwrap(sent)?.data).toEqual(to);
          expect(sent.data.length).toBeGreaterThan(to.length);
          const response: ResponseApdu = { data: from, sw: 0x9000 };
          const back = card.wrapResponse(response);
          expect(back.data.length).toBeGreaterThan(from.length);
          expect(host.unwrapResponse(back)).toEqual(response);
        },
      ),
      { seed: 1 },
    );
  });

  it('shows none of what it carries, and nothing twice alike', () => {
    const [host, card] = pair();
    const secret = new TextEncoder().encode('the same words again and again, word by word');
    const seen = [1, 2, 3].map(() => toHex(host.wrap(command(secret)).data));
    for (const response of [1, 2, 3]) {
      card.unwrap(host.wrap(command(Uint8Array.of(response))));
      seen.push(toHex(card.wrapResponse({ data: secret, sw: 0x9000 }).data));
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((each) => each.includes(toHex(secret.slice(0, 8))))).toEqual([]);
  });

  it('takes no command that was changed in any bit, repeated, left out, or swapped', () => {
    const data = new TextEncoder().encode('pay');
    const [host] = pair();
    const sent = host.wrap(command(data));
    for (let bit = 0; bit < sent.data.length * 8; bit++) {
      const changed = sent.data.map((byte, at) =>
        at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
      );
      expect(pair()[1].unwrap({ ...sent, data: changed })).toBeNull();
    }
    for (const header of [{ cla: 0x94 }, { ins: 0x12 }, { p1: 1 }, { p2: 1 }]) {
      expect(pair()[1].unwrap({ ...sent, ...header })).toBeNull();
    }
    const next = host.wrap(command(data));
    const [, card] = pair();
    expect(card.unwrap(next)).toBeNull();
    const [, second] = pair();
    expect(second.unwrap(sent)?.data).toEqual(data);
    expect(second.unwrap(sent)).toBeNull();
  });

  it('takes no response that was changed, or that belongs to another command', () => {
    const [host, card] = pair();
    card.unwrap(host.wrap(command(Uint8Array.of(1))));
    const first = card.wrapResponse({ data: Uint8Array.of(5), sw: 0x9000 });
    expect(host.unwrapResponse({ ...first, data: first.data.map((byte) => byte ^ 1) })).toBeNull();
    expect(host.unwrapResponse({ ...first, sw: 0x6100 })).toBeNull();
    expect(host.unwrapResponse({ data: new Uint8Array(3), sw: 0x9000 })).toBeNull();
    host.wrap(command(Uint8Array.of(2)));
    expect(host.unwrapResponse(first)).toBeNull();
  });
});
