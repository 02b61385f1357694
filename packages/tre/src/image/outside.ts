import { type Bytes, ok } from '@tallystick/protocol';
import type { EffectAnswer, Identity } from '@tallystick/trusted-app';
import type { Boot, Core, Turn } from '../core.ts';
import { type Call, decodeReturn, encodeCall, type Return } from './border.ts';

/** An image running in an engine of its own: bytes in, bytes out, one call at a time (TS-TRE-5). */
export type Image = (call: Bytes) => Bytes | Promise<Bytes>;

/**
 * Boots the trusted application of an image that runs elsewhere. What comes out of it is checked like
 * anything from outside.
 */
export function bootImage(image: Image, identity: Identity): Boot {
  return async (held) => {
    const { environment, measurement } = identity;
    const answer = await cross(image, { kind: 0, environment, measurement, ...held });
    if (answer.kind === 1) {
      return { ok: false, error: { code: answer.code, message: answer.message } };
    }
    if (answer.kind !== 0) throw new Error('the image did not boot');
    return ok({ core: new ImageCore(image), measurement, logEnd: answer.logEnd });
  };
}

class ImageCore implements Core {
  readonly #image: Image;

  constructor(image: Image) {
    this.#image = image;
  }

  async command(command: Bytes): Promise<Turn> {
    return toTurn(await cross(this.#image, { kind: 1, command }));
  }

  async answer(answer: EffectAnswer): Promise<Turn> {
    return toTurn(await cross(this.#image, { kind: 2, answer }));
  }
}

async function cross(image: Image, call: Call): Promise<Return> {
  return decodeReturn(await image(encodeCall(call)));
}

function toTurn(answer: Return): Turn {
  if (answer.kind === 2) return { effect: answer.effect };
  if (answer.kind === 3) return { reply: answer.reply };
  throw new Error('the image neither asked nor replied');
}
