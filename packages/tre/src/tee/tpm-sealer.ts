import { randomBytes } from 'node:crypto';
import {
  attempt,
  type Bytes,
  decodeBody,
  encodeBody,
  equal,
  err,
  ok,
  type Result,
  toHex,
} from '@tallystick/protocol';
import type { Sealer } from '../isolated/sealer.ts';
import type { SealedContent } from '../isolated/content.ts';
import { seal, unseal } from '../isolated/sealing.ts';
import {
  defineIndex,
  extendChain,
  incrementCounter,
  NV_CHAIN,
  NV_COUNTER,
  readIndex,
} from '../tpm/nv.ts';
import { CONDITION_FAILED, type OpenTpm } from '../tpm/open.ts';
import { TpmFailure, TpmReader } from '../tpm/structures.ts';
import { hold } from './hold.ts';
import {
  conditionsOf,
  digestOf,
  type Place,
  purposeOf,
  type Standing,
  standingOf,
  vouchedState,
  voucherAfter,
} from './voucher.ts';

/** Takes a name for this process alone; false where another has it. */
type Hold = (name: string) => Promise<boolean>;

const OPEN_ELSEWHERE = err('BUSY', 'the purse of this state is open already; close it there first');

const isSame = (one: Standing, other: Standing): boolean =>
  one.count === other.count && equal(one.value, other.value);

const KEY_BYTES = 32;
const NOTHING_YET = new Uint8Array(32);

/**
 * Seals each state under a key of its own, which a TPM gives back only while it vouches for that very state:
 * its chain has taken up the state's digest last, and its counter stands where the state says (TS-TRE-7).
 *
 * Rejects with TpmFailure.
 */
export class TpmSealer implements Sealer {
  readonly #tpm: OpenTpm;
  readonly #hold: Hold;
  /** Where the TPM stands for the state that counts; null before there is one. */
  #standing: Standing | null = null;
  /** Whether no other process uses a place, by its counter. */
  readonly #held: Map<number, boolean> = new Map();
  /** Sealed last, and not confirmed yet. */
  #next: { readonly standing: Standing; readonly digest: Bytes } | null = null;

  constructor(tpm: OpenTpm, holdName: Hold = hold) {
    this.#tpm = tpm;
    this.#hold = holdName;
  }

  /** Handle of the counter that the state that counts hangs on; null before there is one. */
  get counter(): number | null {
    return this.#standing?.counter ?? null;
  }

  async open(sealed: Bytes): Promise<Result<SealedContent>> {
    const read = attempt(() => decodeBody(vouchedState, sealed));
    if (!read.ok) return err('TAMPERED', read.error.message);
    const standing = standingOf(read.value);
    const { voucher, key: wrapped, body } = read.value;
    if (!(await this.#holds(standing))) return OPEN_ELSEWHERE;
    try {
      const key = await this.#tpm.unseal(wrapped, conditionsOf(standing));
      if (key === null) return err('TAMPERED', 'the state was sealed by another TPM, or changed');
      this.#standing = standing;
      return unseal(body, key, purposeOf(voucher));
    } catch (error) {
      if (!(error instanceof TpmFailure && error.responseCode === CONDITION_FAILED)) throw error;
      return err(
        'TAMPERED',
        'the TPM vouches for another state: this one is older, or never counted',
      );
    }
  }

  async seal(content: SealedContent): Promise<Bytes> {
    this.#standing ??= await this.#begin();
    const voucher = voucherAfter(this.#standing);
    const secret = Uint8Array.from(randomBytes(KEY_BYTES));
    const body = seal(content, secret, purposeOf(voucher));
    const standing = standingOf({ voucher, body });
    const key = await this.#tpm.seal(secret, conditionsOf(standing));
    this.#next = { standing, digest: digestOf({ body }) };
    return encodeBody(vouchedState, { voucher, key, body });
  }

  /**
   * The chain first: it says which state the counter's next step is for. Whoever else has it taken up a
   * state meanwhile, of a copy of this very purse, is found out before anything is signed (INV-ONCE).
   */
  async confirm(): Promise<void> {
    if (this.#next === null) throw new TypeError('nothing was sealed to count');
    const { standing, digest } = this.#next;
    this.#next = null;
    await extendChain(this.#tpm.commands, standing.chain, digest);
    await incrementCounter(this.#tpm.commands, standing.counter);
    const stands = await this.#read(standing);
    if (stands === null || !isSame(stands, standing)) {
      throw new Error('another copy of this purse has counted in the same place of the TPM');
    }
    this.#standing = standing;
  }

  /** A state that the chain has taken up counts; what was still to be done for it is done. */
  async counts(pending: Bytes): Promise<Result<boolean>> {
    const read = attempt(() => decodeBody(vouchedState, pending));
    if (!read.ok) return ok(false);
    const claimed = standingOf(read.value);
    if (!(await this.#holds(claimed))) return OPEN_ELSEWHERE;
    const standing = await this.#read(claimed);
    if (standing === null || !equal(standing.value, claimed.value)) return ok(false);
    if (standing.count !== claimed.count - 1) return ok(standing.count === claimed.count);
    await incrementCounter(this.#tpm.commands, claimed.counter);
    return ok(true);
  }

  /** A place of its own in the TPM, for a new purse. */
  async #begin(): Promise<Standing> {
    const { commands } = this.#tpm;
    const counter = await defineIndex(commands, NV_COUNTER);
    const chain = await defineIndex(commands, NV_CHAIN);
    await this.#holds({ counter, chain });
    // A counter has no value before it has counted once.
    await incrementCounter(commands, counter);
    return { counter, chain, count: await this.#count(counter), value: NOTHING_YET };
  }

  /** Whether this process alone uses a place, from now until it ends. */
  async #holds({ counter }: Place): Promise<boolean> {
    const known = this.#held.get(counter);
    if (known !== undefined) return known;
    const held = await this.#hold(`tallystick ${toHex(this.#tpm.id)} ${counter}`);
    this.#held.set(counter, held);
    return held;
  }

  /** Where a place stands; null where the TPM has none of that name, or nothing in it. */
  async #read({ counter, chain }: Place): Promise<Standing | null> {
    try {
      const value = await readIndex(this.#tpm.commands, NV_CHAIN, chain);
      return { counter, chain, count: await this.#count(counter), value };
    } catch (error) {
      if (error instanceof TpmFailure && error.code === 'TPM_REFUSED') return null;
      throw error;
    }
  }

  async #count(counter: number): Promise<number> {
    return new TpmReader(await readIndex(this.#tpm.commands, NV_COUNTER, counter)).u64();
  }
}
