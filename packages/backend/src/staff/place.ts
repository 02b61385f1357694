/** A console's origin: the only pages at which staff sign in. */
export interface Place {
  readonly origin: string;
  /** Origins that may show it in a frame. */
  readonly embedders: readonly string[];
}

/** The name that passkeys are made for (WebAuthn's relying party id). */
export function relyingPartyOf({ origin }: Place): string {
  return new URL(origin).hostname;
}
