import { type Bytes, type Seconds, type SignatureCheck, toHex } from '@tallystick/protocol';
import type { Store } from '../../../store/port.ts';
import { createNativeVerifier } from '../../../verification/native.ts';
import type { Context } from '../../context.ts';
import { type CreditOrder, settle } from '../../deliver.ts';
import { type Ingested, ingestMany } from '../../ingest.ts';
import { TestScheme } from '../scheme.ts';
import { nativeIssuer } from './native-issuer.ts';

/** A day long ago, in issuer time. */
const START = 1_700_000_000;
const KEYS = 400;

/** What an issuer or the operator decided, and when: told to every ledger in the same order. */
export interface Decision {
  readonly at: Seconds;
  readonly make: (context: Context) => Promise<unknown>;
}

const native = createNativeVerifier(KEYS);
const verdicts = new Map<string, boolean>();

/** Each signature once in a program: the same history is brought a thousand times. */
function verifyOnce(check: SignatureCheck): boolean {
  const name = `${toHex(check.key.bytes)}${toHex(check.signature)}${toHex(check.message)}`;
  const verdict = verdicts.get(name) ?? native(check);
  verdicts.set(name, verdict);
  return verdict;
}

/** The scheme all of them belong to, and its issuer. */
export interface House {
  readonly scheme: TestScheme;
  readonly issuer: Context['issuer'];
}

export function makeHouse(): House {
  const scheme = new TestScheme(['ALFA', 'BETA']);
  return { scheme, issuer: nativeIssuer(scheme) };
}

/** One backend's reconciliation on a store of its own. */
export class Ledger {
  readonly context: Context;
  readonly credits: CreditOrder[] = [];
  now: Seconds = START;

  constructor(store: Store, { scheme, issuer }: House) {
    this.context = {
      store,
      issuer,
      trust: scheme.trust,
      now: () => this.now,
      verifyMany: async (checks) => checks.map(verifyOnce),
    };
  }

  async decide({ at, make }: Decision): Promise<unknown> {
    this.now = at;
    return make(this.context);
  }

  /** Takes in uploads, many in one transaction, without delivering what they mean to others. */
  async bring(uploads: readonly Bytes[]): Promise<readonly Ingested[]> {
    return (await ingestMany(uploads, this.context)).map((outcome) => {
      if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
      return outcome.value;
    });
  }

  settle(): Promise<number> {
    return settle(this.context, async (order) => void this.credits.push(order));
  }
}
