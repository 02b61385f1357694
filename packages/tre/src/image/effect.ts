import {
  algorithmField,
  blob,
  type Codec,
  type Fields,
  fixed,
  LIMITS,
  list,
  type PublicKey,
  reject,
  type SignatureCheck,
  tagged,
  tuple,
  uint,
} from '@tallystick/protocol';
import type { Effect } from '@tallystick/trusted-app';

type Kind = Effect['kind'];

const slot = uint(255);
const position = uint(LIMITS.position);
/** The largest thing that is signed is a status list. */
const message = blob(LIMITS.frameBytes);
const challenge = blob(64);
/** The host refuses a state past `LIMITS.stateBytes`; it must first get to see it. */
const state = blob(LIMITS.uploadBytes);
const entry = blob(LIMITS.frameBytes);

const check: Codec<SignatureCheck> = tuple<SignatureCheck>({
  key: tuple<PublicKey>({ alg: algorithmField, bytes: blob(2_000, 32) }),
  message,
  signature: blob(4_096),
});

/** Effects as arrays; the number of each, its place here, opens its array. */
const EFFECTS: readonly EffectForm[] = [
  form('random', 0, { length: uint(1_024) }),
  form('generate-key', 1, { slot, alg: algorithmField }),
  form('sign', 2, { slot, alg: algorithmField, message }),
  form('verify', 3, { check }),
  form('stretch', 4, { pin: blob(32), salt: fixed(16) }),
  form('assert-holder', 5, { challenge }),
  form('attest', 6, { slot, binding: fixed(32) }),
  form('clock', 7, {}),
  form('read-log', 8, { seq: position }),
  form('commit', 9, { state, append: list(entry, 16), logEnd: position, keepFrom: position }),
];

interface EffectForm {
  readonly kind: Kind;
  readonly codec: Codec<Effect>;
}

function form<K extends Kind>(
  kind: K,
  number: number,
  fields: Fields<Omit<Extract<Effect, { readonly kind: K }>, 'kind'>>,
): EffectForm {
  const body = tagged(number, fields) as unknown as Codec<object>;
  return {
    kind,
    codec: {
      encode: (effect) => body.encode(effect),
      decode: (item, path) => ({ kind, ...body.decode(item, path) }) as Effect,
    },
  };
}

/** An effect both ways, for where the trusted application and its host are engines apart (TS-TRE-5). */
export const effectCodec: Codec<Effect> = {
  encode: (effect) => {
    const known = EFFECTS.find(({ kind }) => kind === effect.kind);
    if (known === undefined) throw new TypeError(`no effect ${effect.kind} may cross the border`);
    return known.codec.encode(effect);
  },
  decode: (item, path) => {
    const number: unknown = Array.isArray(item) ? item[0] : undefined;
    const known = typeof number === 'number' ? EFFECTS[number] : undefined;
    return known === undefined ? reject('WRONG_KIND', path) : known.codec.decode(item, path);
  },
};
