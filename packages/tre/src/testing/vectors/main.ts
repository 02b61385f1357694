import { type Outcome, replay, type VectorFile } from '@tallystick/protocol/vectors';

/**
 * Bundled and loaded into a bare engine: replays a file of vectors, and returns what each came to.
 * Both ways it is JSON in ASCII, since the engine has no text codec.
 */
export function outcomes(request: ArrayBuffer): ArrayBuffer {
  const file = JSON.parse(fromAscii(new Uint8Array(request))) as VectorFile;
  return toAscii(outcomesOf(file)).slice().buffer;
}

/** What each vector of a file comes to. */
export function outcomesOf(file: VectorFile): readonly Outcome[] {
  return file.vectors.map(replay);
}

function fromAscii(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** JSON with everything past ASCII escaped. */
export function toAscii(value: unknown): Uint8Array {
  const text = JSON.stringify(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
