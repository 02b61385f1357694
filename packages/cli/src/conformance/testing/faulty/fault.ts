import type { Bytes } from '@tallystick/protocol';
import type { Element, Host } from '@tallystick/tre';
import type { Purse } from '@tallystick/trusted-app';
import type { Servant } from '../../own/orders.ts';

/**
 * One way in which a wallet can be broken, put around the own wallet: at its environment, at what its
 * purse remembers, between wallet and purse, or at the pipe. The trusted application stays as it is.
 */
export interface Fault {
  readonly name: string;
  readonly says: string;
  /** Cases that catch it, each of them; others may as well. */
  readonly caughtBy: readonly string[];
  readonly host?: (host: Host) => Host;
  /** What is committed in the place of a purse, with the entries that are appended. */
  readonly purse?: (purse: Purse, append: readonly Bytes[]) => Partial<Purse>;
  readonly element?: (element: Element, host: Host, purse: () => Purse) => Element;
  readonly servant?: (servant: Servant) => Servant;
}
