import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, equal } from '@tallystick/protocol';
import { elementProcesses } from '../../environments/processes.ts';
import type { Arena } from '../arena.ts';
import type { Attack, Finding } from '../attack.ts';
import { finding } from '../attempt.ts';
import { Purse } from '../purse.ts';
import { readMemory } from './memory.ts';

/** How a P-256 key in PKCS #8 begins, and how long it is; and in PEM. */
const PKCS8 = Buffer.from('308187020100301306072a8648ce3d020106082a8648ce3d030107', 'hex');
const PKCS8_BYTES = 138;
const PEM = Buffer.from('-----BEGIN PRIVATE KEY-----');
const PEM_BYTES = 241;

/** The private key of a purse's certificate, if it lies anywhere in some bytes. */
function findKey(bytes: Buffer, purse: Purse): KeyObject | null {
  for (const [mark, length] of [
    [PKCS8, PKCS8_BYTES],
    [PEM, PEM_BYTES],
  ] as const) {
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) {
      const key = readKey(bytes.subarray(at, at + length), mark === PEM);
      if (key !== null && equal(publicHalf(key), purse.key.bytes)) return key;
    }
  }
  return null;
}

function readKey(bytes: Buffer, isPem: boolean): KeyObject | null {
  try {
    if (isPem) return createPrivateKey(bytes);
    return createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' });
  } catch {
    return null;
  }
}

/** The compressed point. */
function publicHalf(key: KeyObject): Bytes {
  const { x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' });
  const odd = (Buffer.from(y, 'base64url').at(-1) ?? 0) & 1;
  return Uint8Array.of(2 + odd, ...Buffer.from(x, 'base64url'));
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function searchFiles(
  purse: Purse,
  folder: string,
): Promise<{ key: KeyObject | null; count: number }> {
  const files = await filesIn(folder);
  for (const file of files) {
    const key = findKey(await readFile(file), purse);
    if (key !== null) return { key, count: files.length };
  }
  return { key: null, count: files.length };
}

async function extract(arena: Arena, where: 'storage' | 'storage and chip'): Promise<Finding> {
  const victim = await arena.purse({ amount: 100n });
  const before = await victim.hash();
  await victim.device.close();
  const { files, folder } = victim.device;
  const { key, count } = await searchFiles(victim, where === 'storage' ? files : folder);
  await victim.open();
  const after = await victim.hash();
  const ran = `read all ${count} files of its ${where}, and tried whatever looks like a private key against its certificate`;
  if (key === null) return finding('prevented', { ran, before, after });
  return finding('succeeded', {
    ran,
    before,
    after,
    remark: 'its private key is in one of them, in the clear',
  });
}

/** Whoever has the storage. */
export const KEY_EXTRACTION: Attack = {
  name: 'key extraction',
  group: 'environment',
  attacker: 'file',
  reference: 'Common Criteria, FCS_CKM.4 and ADV_ARC.1',
  aim: 'Find the private key in what the device stores.',
  run: (arena) => extract(arena, 'storage'),
};

/** Whoever has opened the chip. */
export const CHIP_OPENED: Attack = {
  name: 'opened chip',
  group: 'environment',
  attacker: 'root',
  reference:
    'Kömmerling and Kuhn, Design Principles for Tamper-Resistant Smartcard Processors (1999)',
  aim: 'Sign with the key of a purse by way of what is in the memory of its chip.',
  against: ['keys-only', 'tee', 'smartcard'],
  run: async (arena) => {
    const found = await extract(arena, 'storage and chip');
    if (found.outcome === 'succeeded') return { ...found, evidence: remarked(found, IN_THE_CLEAR) };
    return copyChip(arena);
  },
};

const IN_THE_CLEAR =
  'its private key is in one of them, in the clear: the emulated chip is a folder; a real one is what makes this hard';

const remarked = ({ evidence }: Finding, remark: string): Finding['evidence'] => ({
  ...evidence,
  remark,
});

/** Where the key lies in no form that a search finds, a copy of the chip is as good. */
async function copyChip(arena: Arena): Promise<Finding> {
  const victim = await arena.purse({ amount: 100n });
  const before = await victim.hash();
  await victim.device.close();
  const thief = arena.device();
  await arena.copy(victim.device.folder, thief.folder);
  const opened = await thief.open();
  const ran =
    'searched storage and chip for the key, in vain; copied the memory of the chip with the storage, and opened that';
  if (!opened.ok) return finding('prevented', { ran, before, refusal: opened.error.code });
  const copy = new Purse(thief, victim.participant, opened.value);
  const request = await copy.request(1n);
  const remark = `the copy signs under the same key (${request.length} bytes): the memory of the emulated TPM is a file; a real one is what makes this hard`;
  return finding('succeeded', { ran, before, after: await copy.hash(), remark });
}

/** Root, while the purse runs. */
export const MEMORY_SCAN: Attack = {
  name: 'memory scan from the host',
  group: 'environment',
  attacker: 'root',
  reference: 'Halderman et al., Lest We Remember (USENIX Security 2008)',
  aim: 'Find the private key in the memory of the process that runs the purse.',
  run: async (arena) => {
    const victim = await arena.purse({ amount: 100n });
    await victim.load(1n);
    const before = await victim.hash();
    const pid = elementProcesses(arena.environment.name).at(-1) ?? process.pid;
    const { regions, bytes, key } = await scan(pid, victim);
    const after = await victim.hash();
    const ran = `read ${regions} regions (${bytes >> 20} MB) of the memory of ${pid === process.pid ? 'its app, where it runs' : 'the process of its element'}`;
    if (key === null) {
      const remark =
        'the keys are in the TPM; whatever else the process knows, the state among it, root has seen';
      return finding('prevented', { ran, before, after, remark });
    }
    return finding('succeeded', {
      ran,
      before,
      after,
      remark: 'its private key is there in the clear',
    });
  },
};

async function scan(
  pid: number,
  victim: Purse,
): Promise<{ regions: number; bytes: number; key: KeyObject | null }> {
  let [regions, bytes] = [0, 0];
  for await (const region of readMemory(pid)) {
    regions += 1;
    bytes += region.length;
    const key = findKey(region, victim);
    if (key !== null) return { regions, bytes, key };
  }
  return { regions, bytes, key: null };
}
