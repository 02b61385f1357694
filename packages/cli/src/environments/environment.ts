import type { PublicKey, Result, Seconds, SignedImage } from '@tallystick/protocol';
import type { Element } from '@tallystick/tre';
import type { TpmManufacturer } from '@tallystick/tre/tpm';

/** What a device of a story runs its purse with. */
export interface DeviceOptions {
  /** The device's own folder: what is under `purse` in it is what a thief of its storage gets. */
  readonly folder: string;
  readonly publisher: PublicKey;
  /** Where the device has none yet, or takes a newer one. */
  readonly image?: SignedImage;
  readonly clock: () => Seconds;
  /** Who makes the device's TPM, where it has one; without, nothing vouches for that. */
  readonly tpmMaker?: TpmManufacturer;
  /** Sets a variable of this process, for a native library that asks for nothing else. */
  readonly setVariable: (name: string, value: string) => void;
}

/** A purse that is open, and what was started for it. */
export interface OpenPurse {
  readonly element: Element;
  /** Closes the purse, and ends what was started. */
  close(): Promise<void>;
}

/** An environment that purses can run in here. */
export interface Environment {
  /** As the command line names it. */
  readonly name: string;
  /** What it is, in a line, for a story. */
  readonly says: string;
  /** Debian packages that it is made of here. */
  readonly packages: readonly string[];
  /** Whether a TPM holds its keys, for which a maker can vouch. */
  readonly hasTpm: boolean;
  /** What becomes of an old copy that somebody puts back, and how a story tells it. */
  readonly rollback: { readonly isPrevented: boolean; readonly says: readonly string[] };
  open(options: DeviceOptions): Promise<Result<OpenPurse>>;
}
