import {
  decodeAttestation,
  decodePayload,
  decodeSigned,
  type Enrolment,
  enrolment as enrolmentCodec,
  enrolmentBinding,
  ES256,
  unwrap,
} from '@tallystick/protocol';
import { encodeCommand, readReply } from '@tallystick/trusted-app';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { skipChromium } from '../testing/browser/chromium.ts';
import { BrowserLab } from '../testing/browser/lab.ts';
import { testImage } from '../testing/image.ts';

let lab: BrowserLab;

beforeAll(async () => {
  if (!skipChromium) lab = await BrowserLab.start();
});
afterAll(async () => {
  if (!skipChromium) await lab.stop();
});

/** What a new purse of a page enrols with. */
async function enrolmentFrom(isFramed: boolean, isAttested: boolean): Promise<Enrolment> {
  const page = await lab.page();
  const image = await testImage();
  const element = unwrap(
    await page.purse({ purse: `attested ${isAttested}`, isFramed, isAttested, image }),
  );
  const challenge = new Uint8Array(32).fill(9);
  const command = encodeCommand({ kind: 2, alg: ES256, challenge, pin: null });
  const reply = unwrap(readReply(await element.execute(command)));
  await element.close();
  if (reply.kind !== 2) throw new Error('no enrolment');
  return decodePayload(decodeSigned(reply.enrolment).payload, enrolmentCodec, 'enrolment');
}

describe.skipIf(skipChromium).each([
  ['virtual-se', true],
  ['keys-only', false],
])('%s in a browser', (_, isFramed) => {
  it('asks the app for evidence of this very enrolment, and enrols with it (TS-ATT-1)', async () => {
    const enrolment = await enrolmentFrom(isFramed, true);
    const binding = enrolmentBinding(enrolment);
    expect(decodeAttestation(enrolment.evidence)).toEqual({
      kind: 2,
      attestationObject: binding,
      clientData: binding,
    });
  });

  it('asserts itself where the app has none', async () => {
    expect((await enrolmentFrom(isFramed, false)).evidence).toEqual(new Uint8Array(0));
  });
});
