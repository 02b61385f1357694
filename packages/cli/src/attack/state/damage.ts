import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Bytes,
  type Cbor,
  concat,
  decodeCbor,
  encodeCbor,
  LIMITS,
} from '@tallystick/protocol';
import { decodeStored, encodeStored, isPurse } from '@tallystick/trusted-app';
import type { Arena } from '../arena.ts';
import type { Attack, Finding } from '../attack.ts';
import { finding } from '../attempt.ts';
import type { Purse } from '../purse.ts';
import { MONEY } from './rollback.ts';

const CHECKSUM_BYTES = 32;
const RAISE = 1_000n;

/** What the purse keeps its state in; a card's device keeps what binds the two. */
async function mainFile({ device }: Purse): Promise<string> {
  const names = await readdir(device.files);
  return join(device.files, names.includes('state') ? 'state' : 'binding');
}

/** Does something to a closed purse's storage, and opens it. */
async function damaged(
  arena: Arena,
  ran: string,
  damage: (file: string, bytes: Bytes) => Promise<void>,
): Promise<Finding> {
  const victim = await arena.purse({ amount: MONEY });
  const before = await victim.hash();
  await victim.device.close();
  const file = await mainFile(victim);
  const whole = new Uint8Array(await readFile(file));
  await damage(file, whole);
  const refusal = await victim.tryToOpen();
  const after = refusal === null ? await victim.hash() : null;
  await victim.device.close();
  await writeFile(file, whole);
  // What was there is not lost by the attempt.
  const opens = await victim.tryToOpen();
  if (opens !== null) throw new Error(`the storage as it was does not open any more: ${opens}`);
  const isPrevented = refusal !== null || after === before;
  return finding(isPrevented ? 'prevented' : 'succeeded', { ran, before, after, refusal });
}

/** One bit in the file that matters most. */
export const BIT_FLIP: Attack = {
  name: 'modified state',
  group: 'state',
  attacker: 'file',
  reference: 'Common Criteria, FDP_SDI.2 (stored data integrity)',
  aim: 'Change the stored state without knowing what it says.',
  run: (arena) =>
    damaged(arena, 'flipped one bit in the middle of the state', (file, bytes) => {
      const at = bytes.length >> 1;
      return writeFile(file, bytes.with(at, (bytes[at] ?? 0) ^ 1));
    }),
};

/** A file that ends early. */
export const TRUNCATION: Attack = {
  name: 'truncated state',
  group: 'state',
  attacker: 'file',
  reference: 'Pillai et al., All File Systems Are Not Created Equal (OSDI 2014)',
  aim: 'Cut the stored state short, as a full disk or an attacker does.',
  run: (arena) =>
    damaged(arena, 'cut the last 7 bytes off the state', (file, bytes) =>
      writeFile(file, bytes.slice(0, -7)),
    ),
};

/** No file at all, beside a log that says that there was one. */
export const DELETED_STATE: Attack = {
  name: 'deleted state',
  group: 'state',
  attacker: 'file',
  reference: 'Matetic et al., ROTE (USENIX Security 2017)',
  aim: 'Delete the state so that the purse starts anew beside its old log.',
  run: (arena) => damaged(arena, 'deleted the state', (file) => rm(file)),
};

/** The balance itself, with whatever checksum covers it made right. */
export const BALANCE_EDIT: Attack = {
  name: 'edited balance',
  group: 'state',
  attacker: 'file',
  reference: 'Common Criteria, FDP_SDI.2 (stored data integrity)',
  aim: 'Write a higher balance into the stored state, and make its checksum right.',
  run: async (arena) => {
    const victim = await arena.purse({ amount: MONEY });
    const before = await victim.hash();
    await victim.device.close();
    const file = await mainFile(victim);
    if (file.endsWith('binding')) {
      await victim.open();
      const looked = 'looked for a balance in all files of the device: there is none';
      return finding('prevented', { ran: looked, before, after: await victim.hash() });
    }
    const edited = withRaise(new Uint8Array(await readFile(file)));
    const ran = edited.isBalance
      ? 'read the state, raised the balance, and wrote it back with its checksum'
      : 'found no balance to edit; changed a byte of the state, and made its checksum right';
    await writeFile(file, edited.bytes);
    const refusal = await victim.tryToOpen();
    if (refusal !== null) return finding('prevented', { ran, before, refusal });
    const { balance } = await victim.status();
    const remark = `its balance is ${balance} instead of ${MONEY}: outflow above inflow, which the backend sees when its log is complete`;
    return finding('succeeded', { ran, before, after: await victim.hash(), remark });
  },
};

/** A state file is canonical CBOR with its SHA-256 behind it; the trusted application's state is its second item. */
function withRaise(bytes: Bytes): { readonly bytes: Bytes; readonly isBalance: boolean } {
  const body = decodeCbor(bytes.subarray(0, -CHECKSUM_BYTES), LIMITS.uploadBytes);
  if (!Array.isArray(body) || !(body[1] instanceof Uint8Array)) return { bytes, isBalance: false };
  const raised = raisedState(body[1]);
  const sealed = body[1];
  const state = raised ?? sealed.with(sealed.length >> 1, (sealed[sealed.length >> 1] ?? 0) ^ 1);
  const encoded = encodeCbor(body.with(1, state) as Cbor);
  const checksum = createHash('sha256').update(encoded).digest();
  return { bytes: concat(encoded, checksum), isBalance: raised !== null };
}

/** Null where the state cannot be read. */
function raisedState(state: Bytes): Bytes | null {
  try {
    const stored = decodeStored(state);
    if (!isPurse(stored)) return null;
    const balances = stored.balances.with(0, (stored.balances[0] ?? 0n) + RAISE);
    return encodeStored({ ...stored, balances });
  } catch {
    return null;
  }
}

/** The log that would be uploaded, cut off. */
export const LOG_TRUNCATION: Attack = {
  name: 'log truncation',
  group: 'state',
  attacker: 'file',
  reference: 'Ma and Tsudik, A New Approach to Secure Logging (ACM TOS 2009)',
  aim: 'Hide payments by cutting the end off the log.',
  against: ['plain', 'keys-only', 'tee', 'virtual-se'],
  run: async (arena) => {
    const victim = await arena.purse({ amount: MONEY });
    await victim.load(1n);
    const before = await victim.hash();
    await victim.device.close();
    const log = join(victim.device.files, 'log');
    const whole = new Uint8Array(await readFile(log));
    await writeFile(log, whole.slice(0, whole.length >> 1));
    const ran = 'cut the second half of the log off';
    const opened = await victim.tryToOpen();
    if (opened !== null) return finding('prevented', { ran, before, refusal: opened });
    const payee = await arena.bystander();
    const paid = await victim.run(victim.paying(await payee.request(1n), payee));
    if (paid.ok) return finding('succeeded', { ran, before, after: await victim.hash() });
    return finding('detected', {
      ran,
      before,
      after: await victim.hash(),
      refusal: paid.error.code,
      remark:
        'at the next start: the purse locks itself, keeps its balance, and pays again after a sync',
    });
  },
};
