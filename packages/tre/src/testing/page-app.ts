import type { Algorithm, ErrorCode } from '@tallystick/protocol';
import type { StretchCost } from '../surroundings.ts';

/** What the app of the tests' page offers to whoever drives the browser; bytes are hex. */
export interface PageApp {
  open(options: PageOptions): Promise<OpenedInPage>;
  /** @param time what the page's clock shows from now on */
  execute(handle: number, command: string, time: number | null): Promise<string>;
  readLog(handle: number, from: number, to: number): Promise<readonly string[]>;
  close(handle: number): Promise<void>;
}

export interface PageOptions {
  /** Origin of the element; null for a purse in the page's own origin. */
  readonly element: string | null;
  readonly purse: string;
  readonly image: string | null;
  readonly publisher: { readonly alg: Algorithm; readonly key: string };
  readonly stretchCost: StretchCost;
  readonly patienceMs: number;
  /** Whether the app has evidence to give: here it is the binding alone. */
  readonly isAttested: boolean;
}

export type OpenedInPage =
  | { readonly handle: number; readonly measurement: string; readonly code?: never }
  | { readonly code: ErrorCode; readonly message: string };
