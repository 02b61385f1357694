import { createImage } from './inside.ts';

/**
 * Where the image starts: what is bundled, measured, and loaded into an engine. It keeps one trusted
 * application, and offers the engine one function under the name `tallystick.call`.
 */
const image = createImage();

export function call(request: ArrayBuffer): ArrayBuffer {
  const answer = image(new Uint8Array(request));
  return answer.slice().buffer;
}
