import type { Bytes } from '@tallystick/protocol';

/** What a case found: what had to come, what came, and the bytes of it. */
export class Violation extends Error {
  readonly expected: string;
  readonly seen: string;
  readonly bytes: Bytes | null;

  constructor(expected: string, seen: string, bytes: Bytes | null = null) {
    super(`expected ${expected}; seen: ${seen}`);
    this.expected = expected;
    this.seen = seen;
    this.bytes = bytes;
  }
}

/** The program says that it does not do what the case needs: nothing is judged. */
export class Unsupported extends Error {}

/** Holds, or ends the case with what was expected and seen. */
export function expectThat(
  holds: boolean,
  expected: string,
  seen: string,
  bytes: Bytes | null = null,
): asserts holds {
  if (!holds) throw new Violation(expected, seen, bytes);
}
