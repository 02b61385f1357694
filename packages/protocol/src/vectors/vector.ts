import { type Bytes, toHex } from '../bytes.ts';
import type { ErrorCode } from '../errors.ts';
import type { Check, Subject, Vector } from './file.ts';
import { type MessageName, READERS } from './readers.ts';
import { render } from './render.ts';

interface Options {
  readonly external?: Bytes;
  readonly check?: Check;
  readonly zeros?: number;
}

function base(
  name: string,
  clause: string,
  of: Subject,
  bytes: Bytes,
  options: Options,
): Omit<Vector, 'expect'> {
  const { external, check, zeros } = options;
  return {
    name,
    clause,
    of,
    input: toHex(bytes),
    ...(zeros === undefined ? {} : { zeros }),
    ...(external === undefined ? {} : { external: toHex(external) }),
    ...(check === undefined ? {} : { check }),
  };
}

/** A message that is accepted, with the fields it is read as. */
export function valid(
  name: string,
  clause: string,
  of: MessageName,
  bytes: Bytes,
  options: Options = {},
): Vector {
  const value = READERS[of].read(bytes, options.external ?? new Uint8Array(0));
  return { ...base(name, clause, of, bytes, options), expect: { fields: render(value) } };
}

/** A message that is refused, with the code of its refusal. */
export function invalid(
  name: string,
  clause: string,
  of: Subject,
  bytes: Bytes,
  code: ErrorCode,
  options: Options = {},
): Vector {
  return { ...base(name, clause, of, bytes, options), expect: { code } };
}
