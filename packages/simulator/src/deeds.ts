import type { Mishap } from './fate.ts';
import type { Clock, Role } from './agent.ts';

/** Name of an agent. */
type Who = string;

/** When a device is reported lost: at once, after somebody spent from it, or although it is not. */
export type Manner = 'early' | 'late' | 'falsely';

/** Something that an agent does, or that befalls it: all that ever happens in a world, but for faults. */
export type Deed =
  | { readonly do: 'enrol'; readonly who: Who }
  | { readonly do: 'load'; readonly who: Who; readonly amount: bigint }
  | {
      readonly do: 'pay';
      readonly who: Who;
      readonly whom: Who;
      readonly amount: bigint;
      readonly despiteDoubt: boolean;
    }
  /** Meets the payee of its payments in doubt, and asks what became of them. */
  | {
      readonly do: 'ask';
      readonly who: Who;
      readonly whom: Who;
      readonly how: 'retry' | 'void';
    }
  /** Meets another device without a payment: both tell what they know of others. */
  | { readonly do: 'meet'; readonly who: Who; readonly whom: Who }
  | { readonly do: 'sync'; readonly who: Who }
  /** Brings a part of the money home; all of it where no amount is given. */
  | { readonly do: 'redeem'; readonly who: Who; readonly amount: bigint | null }
  | { readonly do: 'reach'; readonly who: Who; readonly isOnline: boolean }
  | { readonly do: 'set-clock'; readonly who: Who; readonly clock: Clock }
  /** The device is gone: nobody has it, or whoever found it pays with it. */
  | { readonly do: 'lose'; readonly who: Who; readonly isFound: boolean }
  | { readonly do: 'report-lost'; readonly who: Who; readonly manner: Manner }
  /** Somebody new comes into the world, with an account and a device. */
  | { readonly do: 'arrive'; readonly who: Who; readonly role: Role; readonly participant: string }
  /** The backend refunds what is due; done by nobody in particular. */
  | { readonly do: 'refund'; readonly who: Who }
  /** The network goes down for everybody, or comes back. */
  | { readonly do: 'outage'; readonly who: Who; readonly isOn: boolean }
  /** Reads the newest policy off a poster. */
  | { readonly do: 'read-poster'; readonly who: Who }
  /** A next version of the trusted application; the one before is withdrawn, or stays for a while. */
  | { readonly do: 'release-image'; readonly who: Who; readonly withdraws: boolean }
  /** Takes the newest version. */
  | { readonly do: 'update'; readonly who: Who }
  | { readonly do: 'fill-disk'; readonly who: Who; readonly isFull: boolean }
  | Attack;

/** What only attackers do. */
export type Attack =
  /** Keeps a copy of the storage. */
  | { readonly do: 'copy-storage'; readonly who: Who }
  /** Puts the kept copy back. */
  | { readonly do: 'roll-back'; readonly who: Who }
  /** Copies the whole device. */
  | { readonly do: 'clone'; readonly who: Who; readonly as: Who }
  /** Asks for a load whose reply is lost, is copied, and has both devices fetch it. */
  | {
      readonly do: 'take-load-twice';
      readonly who: Who;
      readonly as: Who;
      readonly amount: bigint;
    }
  /** With its key in hand, writes itself money and wipes its limits: one log, and no fork in it. */
  | { readonly do: 'forge'; readonly who: Who; readonly amount: bigint }
  /** Accepts a payment without a receipt, forgets it, and voids it when its payer asks. */
  | {
      readonly do: 'accept-and-void';
      readonly who: Who;
      readonly whom: Who;
      readonly amount: bigint;
    }
  /** Takes a payment past its log: the sync shows a complete log without it. */
  | {
      readonly do: 'omit-from-sync';
      readonly who: Who;
      readonly whom: Who;
      readonly amount: bigint;
    }
  /** Forgets that it accepted its last payment, and accepts it once more. */
  | { readonly do: 'claim-twice'; readonly who: Who }
  /** Pays forged money to an accomplice that looks away. */
  | { readonly do: 'collude'; readonly who: Who; readonly whom: Who; readonly amount: bigint };

/** A deed at its moment, with what went wrong in it: a list of these is a world's whole history. */
export interface Scripted {
  /** Simulated milliseconds since the world began. */
  readonly at: number;
  readonly deed: Deed;
  readonly mishaps: readonly Mishap[];
}

/** A deed that was done, and what came of it, in words; null while it is under way. */
export interface Done extends Scripted {
  outcome: string | null;
}
