import type { ErrorCode } from '../errors.ts';
import type { MessageName } from './readers.ts';

/** Data as JSON holds it. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

/** A public key: COSE algorithm and raw key in hex. */
export interface KeyText {
  readonly alg: number;
  readonly key: string;
}

/** A scheme root. */
export interface AnchorText extends KeyText {
  readonly scheme: string;
}

/** What a message is checked against, once its form is sound. */
export type Check =
  /** An authority, a policy or a time reset, under the root. */
  | { readonly under: 'root'; readonly root: AnchorText }
  /** A purse certificate at a floor, or a fork proof, under stored authorities. */
  | {
      readonly under: 'authorities';
      readonly root: AnchorText;
      readonly authorities: readonly string[];
      readonly floor: number;
    }
  /** Any signed message, under the certificate of its signer. */
  | { readonly under: 'certificate'; readonly certificate: string }
  /** An image's manifest, under its publisher's key. */
  | { readonly under: 'publisher'; readonly publisher: KeyText }
  /** An enrolment, under the key it names. */
  | { readonly under: 'itself' };

/** What a vector reads besides messages. */
export type Subject =
  | MessageName
  | 'amount'
  | 'amount-text'
  | 'chain-step'
  | 'enrolment-binding'
  | 'witness';

export interface Vector {
  readonly name: string;
  readonly clause: string;
  readonly of: Subject;
  /** Hex; for `amount-text` what a person typed. */
  readonly input: string;
  /** Zero bytes that follow the input: how many. Only where the length is the point. */
  readonly zeros?: number;
  /** Hex of what a signature covers besides the message. */
  readonly external?: string;
  /** ISO 4217 number, for `amount-text`. */
  readonly currency?: number;
  readonly check?: Check;
  readonly expect: { readonly fields: Json } | { readonly code: ErrorCode };
}

/** One file of vectors: a chapter of the specification. */
export interface VectorFile {
  readonly chapter: string;
  readonly about: string;
  readonly vectors: readonly Vector[];
}
