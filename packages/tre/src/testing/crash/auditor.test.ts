import { unwrap } from '@tallystick/protocol';
import { encodeCommand } from '@tallystick/trusted-app';
import { START, testScheme } from '@tallystick/trusted-app/testing';
import { expect, it } from 'vitest';
import { ExaminedPurse } from '../../conformance/purse.ts';
import { openElement } from '../../element.ts';
import { copyDisk, emptyDisk } from '../../memory/disk.ts';
import { memoryHost } from '../../memory/host.ts';
import { seededRandom } from '../../memory/random.ts';
import { TEST_IDENTITY } from '../identity.ts';
import { Auditor, type Found } from './auditor.ts';
import type { Line } from './journal.ts';
import { Stranger } from './stranger.ts';

const scheme = testScheme();
const [participant, other] = scheme.participants;
const stranger = new Stranger(other, 'stranger');

/** A purse with money, whose storage can be put back. */
async function newPurse(): Promise<{ purse: ExaminedPurse; putBack: () => Promise<void> }> {
  let disk = emptyDisk();
  const random = seededRandom('auditor');
  const specimen = {
    open: () => openElement(memoryHost({ disk, random, clock: () => START }), TEST_IDENTITY),
    dispose: () => Promise.resolve(),
  };
  const purse = new ExaminedPurse(specimen, participant, unwrap(await specimen.open()));
  purse.certificate = participant.certify(await purse.prepare());
  await purse.get(purse.personalisation(scheme, purse.certificate), 0);
  await purse.load(1_000n);
  const older = copyDisk(disk);
  const putBack = async (): Promise<void> => {
    disk = copyDisk(older);
    await purse.open();
  };
  return { purse, putBack };
}

/** Pays, and writes down what was said. */
async function pay(purse: ExaminedPurse, amount: bigint): Promise<readonly Line[]> {
  const command = encodeCommand({
    kind: 5,
    request: stranger.request(amount, START + 600),
    certificate: stranger.certificate,
    amount: null,
    pin: null,
    assertHolder: false,
    despiteDoubt: true,
  });
  const reply = await purse.element.execute(command);
  return [
    { what: 'asked', command },
    { what: 'answered', reply },
  ];
}

it('the auditor is content with an honest purse, and holds it to each reply', async () => {
  const { purse } = await newPurse();
  const auditor = new Auditor();
  const journal = await pay(purse, 10n);
  const found: Found = await auditor.inspect(purse, journal);
  expect(found).toEqual({ acknowledged: 1, inDoubt: 0 });
  // Paid, and nobody heard of it.
  const [asked] = await pay(purse, 11n);
  expect(await auditor.inspect(purse, asked === undefined ? [] : [asked])).toEqual({
    acknowledged: 0,
    inDoubt: 1,
  });
});

it('the auditor is not content when a promised payment is gone', async () => {
  const { purse, putBack } = await newPurse();
  const journal = await pay(purse, 10n);
  await putBack();
  await expect(new Auditor().inspect(purse, journal)).rejects.toThrow('what was promised');
});

it('the auditor is not content with two contents at one position', async () => {
  const { purse, putBack } = await newPurse();
  const auditor = new Auditor();
  await auditor.inspect(purse, await pay(purse, 10n));
  await putBack();
  const journal = await pay(purse, 11n);
  await expect(auditor.inspect(purse, journal)).rejects.toThrow('two contents at position');
});

it('the auditor is not content with more payments than a kill can hide', async () => {
  const { purse } = await newPurse();
  await pay(purse, 10n);
  await pay(purse, 11n);
  await expect(new Auditor().inspect(purse, [])).rejects.toThrow('2 payments in the log');
});
