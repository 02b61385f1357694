import { decodeReply } from '@tallystick/protocol';
import { type Office, valueOf } from '../office.ts';
import { type StaticCode, WrittenPurse } from './written-purse.ts';

/** Who comes online first: it decides how many signatures must be verified alone. */
type First = 'payees-first' | 'payers-first';

/** Payments that are made with nobody online, and how their halves are brought afterwards. */
export interface Plan {
  readonly first: First;
  readonly payers: number;
  /** 1 is a hot merchant. */
  readonly payees: number;
  readonly paymentsEach: number;
  /** How often every upload is sent. */
  readonly copies: number;
}

/** Devices that talk to the backend at the same time. */
const AT_ONCE = 512;
const AMOUNT = 7n;
/** A payee comes online when it has accepted so many: an upload is bounded, and so is replay memory. */
const RECEIPTS_AN_UPLOAD = 500;

/** What one device sends, one after the other. */
type Uploads = readonly Uint8Array[];

/**
 * Seconds that a plan's payments take to settle: both halves uploaded, verified, matched, posted and
 * durable. Every payer pays payees in turn, so that no two halves of one log belong together. Making
 * the payments does not count.
 */
export async function measureSettling(
  plan: Plan,
  office: Office,
  elapsedMs: () => number,
): Promise<number> {
  const waves = await makeUploads(plan, office);
  const startMs = elapsedMs();
  for (const wave of waves) {
    await sendAll(
      office,
      wave.flatMap((uploads) => Array.from({ length: plan.copies }, () => uploads)),
    );
  }
  await office.backend.drain();
  return (elapsedMs() - startMs) / 1_000;
}

async function makeUploads(plan: Plan, office: Office): Promise<readonly (readonly Uploads[])[]> {
  const { first, paymentsEach } = plan;
  const payers = await WrittenPurse.openMany(office, plan.payers, AMOUNT * BigInt(paymentsEach));
  const payees = await WrittenPurse.openMany(office, plan.payees, 0n);
  const codes = payees.map((payee) => payee.staticCode());
  const received = payees.map((): Uint8Array[] => []);
  const accepted = payees.map(() => 0);
  for (let turn = 0; turn < paymentsEach; turn++) {
    for (const [number, payer] of payers.entries()) {
      const to = (number + turn) % payees.length;
      const [payee, code] = [payees[to] as WrittenPurse, codes[to] as StaticCode];
      payee.receive(payer.pay(code, AMOUNT), code.digest, AMOUNT);
      accepted[to] = (accepted[to] ?? 0) + 1;
      if ((accepted[to] ?? 0) % RECEIPTS_AN_UPLOAD === 0) received[to]?.push(payee.upload());
    }
  }
  for (const [to, payee] of payees.entries()) received[to]?.push(payee.upload());
  const paid = payers.map((payer) => [payer.upload()]);
  return first === 'payees-first' ? [received, paid] : [paid, received];
}

async function sendAll({ backend }: Office, devices: readonly Uploads[]): Promise<void> {
  const waiting = [...devices];
  const send = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const upload of next) {
        const { refused } = decodeReply(valueOf(await backend.sync(upload)));
        if (refused.length > 0) throw new Error(`an entry was refused: ${refused[0]?.code}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
}
