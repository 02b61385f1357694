import type { Bytes } from '../bytes.ts';
import { decodeCbor } from '../cbor.ts';
import { LIMITS } from '../limits.ts';
import { attempt } from '../result.ts';
import { utf8Length } from '../utf8.ts';

/** As much of CDDL (RFC 8610) as the specification uses: enough to hold its messages to it. */

type Type =
  | { readonly is: 'literal'; readonly value: bigint | string | boolean | null }
  | { readonly is: 'range'; readonly from: bigint; readonly to: bigint }
  | { readonly is: 'name'; readonly name: string; readonly argument: Type | null }
  | { readonly is: 'choice'; readonly of: readonly Type[] }
  | { readonly is: 'array' | 'map'; readonly entries: readonly Entry[] }
  | { readonly is: 'size'; readonly of: Type; readonly size: Type }
  | { readonly is: 'cbor'; readonly of: Type };

interface Entry {
  readonly occurs: 'once' | 'maybe' | 'any';
  /** Label of a map's entry; in an array it only says what the entry means. */
  readonly key: Type | null;
  readonly type: Type;
}

interface Rule {
  readonly parameter: string | null;
  readonly type: Type;
}

export type Cddl = ReadonlyMap<string, Rule>;

const TOKEN = /\s+|;[^\n]*|-?\d+|"[^"]*"|\.\.|\.[a-z]+|[A-Za-z][A-Za-z0-9-]*|[=/?*[\]{}()<>:,]/gy;

/** Reads rules. Throws for what is outside the subset, so that nothing is passed over. */
export function parseCddl(text: string): Cddl {
  const tokens: string[] = [];
  let end = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    end += token.length;
    if (!/^[\s;]/.test(token)) tokens.push(token);
  }
  if (end !== text.length) throw new SyntaxError(`no CDDL: ${text.slice(end, end + 30)}`);
  return new Parser(tokens).rules();
}

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  rules(): Cddl {
    const rules = new Map<string, Rule>();
    while (this.#at < this.#tokens.length) {
      const name = this.#next();
      const parameter = this.#take('<') ? this.#next() : null;
      if (parameter !== null) this.#expect('>');
      this.#expect('=');
      if (rules.has(name)) throw new SyntaxError(`${name} is defined twice`);
      rules.set(name, { parameter, type: this.#type() });
    }
    return rules;
  }

  #type(): Type {
    const of = [this.#controlled()];
    while (this.#take('/')) of.push(this.#controlled());
    return of.length === 1 && of[0] !== undefined ? of[0] : { is: 'choice', of };
  }

  #controlled(): Type {
    const type = this.#simple();
    if (this.#take('.size')) return { is: 'size', of: type, size: this.#simple() };
    if (this.#take('.cbor')) return { is: 'cbor', of: this.#simple() };
    return type;
  }

  #simple(): Type {
    const token = this.#next();
    if (token === '[') return { is: 'array', entries: this.#entries(']') };
    if (token === '{') return { is: 'map', entries: this.#entries('}') };
    if (token === '(') {
      const inner = this.#type();
      this.#expect(')');
      return inner;
    }
    if (/^-?\d/.test(token)) {
      const from = BigInt(token);
      return this.#take('..')
        ? { is: 'range', from, to: BigInt(this.#next()) }
        : { is: 'literal', value: from };
    }
    if (token.startsWith('"')) return { is: 'literal', value: token.slice(1, -1) };
    if (!/^[A-Za-z]/.test(token)) throw new SyntaxError(`${token} is no type`);
    // A rule that follows opens with a name, too: an argument is told by its bracket.
    const argument = this.#take('<') ? this.#type() : null;
    if (argument !== null) this.#expect('>');
    return { is: 'name', name: token, argument };
  }

  #entries(close: string): Entry[] {
    const entries: Entry[] = [];
    while (!this.#take(close)) {
      const occurs = this.#take('?') ? 'maybe' : this.#take('*') ? 'any' : 'once';
      const first = this.#type();
      const isKey = this.#take(':');
      entries.push({ occurs, key: isKey ? first : null, type: isKey ? this.#type() : first });
      if (!this.#take(',') && this.#tokens[this.#at] !== close) throw new SyntaxError('no comma');
    }
    return entries;
  }

  #next(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new SyntaxError('the rules end too early');
    return token;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw new SyntaxError(`${token} is missing`);
  }
}

/** Whether bytes are a message of a rule. */
export function fits(cddl: Cddl, rule: string, bytes: Bytes): boolean {
  const read = attempt(() => decodeCbor(bytes, LIMITS.uploadBytes));
  const type: Type = { is: 'name', name: rule, argument: null };
  return read.ok && new Matcher(cddl).matches(type, read.value, null);
}

class Matcher {
  readonly #cddl: Cddl;

  constructor(cddl: Cddl) {
    this.#cddl = cddl;
  }

  /** `bound` is what the parameter of the rule at hand stands for. */
  matches(type: Type, value: unknown, bound: Type | null): boolean {
    switch (type.is) {
      case 'literal':
        return isInteger(value) ? BigInt(value) === type.value : value === type.value;
      case 'range':
        return isInteger(value) && BigInt(value) >= type.from && BigInt(value) <= type.to;
      case 'choice':
        return type.of.some((each) => this.matches(each, value, bound));
      case 'array':
        return Array.isArray(value) && this.#matchesArray(type.entries, value, bound);
      case 'map':
        return value instanceof Map && this.#matchesMap(type.entries, value, bound);
      case 'size':
        return this.matches(type.of, value, bound) && this.matches(type.size, sizeOf(value), bound);
      case 'cbor':
        return value instanceof Uint8Array && this.#matchesBytes(type.of, value, bound);
      case 'name':
        return this.#matchesName(type.name, type.argument, value, bound);
    }
  }

  #matchesName(name: string, argument: Type | null, value: unknown, bound: Type | null): boolean {
    const rule = this.#cddl.get(name);
    if (rule !== undefined) return this.matches(rule.type, value, argument ?? bound);
    switch (name) {
      case 'any':
        return true;
      case 'bstr':
        return value instanceof Uint8Array;
      case 'tstr':
        return typeof value === 'string';
      case 'bool':
        return typeof value === 'boolean';
      case 'null':
        return value === null;
      case 'uint':
        return isInteger(value) && value >= 0;
      case 'payload':
        return bound !== null && this.matches(bound, value, null);
      default:
        throw new ReferenceError(`${name} is not defined`);
    }
  }

  #matchesBytes(type: Type, bytes: Bytes, bound: Type | null): boolean {
    const read = attempt(() => decodeCbor(bytes, LIMITS.uploadBytes));
    return read.ok && this.matches(type, read.value, bound);
  }

  #matchesArray(entries: readonly Entry[], items: readonly unknown[], bound: Type | null): boolean {
    let at = 0;
    for (const { occurs, type } of entries) {
      if (occurs === 'once') {
        if (at >= items.length || !this.matches(type, items[at], bound)) return false;
        at += 1;
      } else {
        while (at < items.length && this.matches(type, items[at], bound)) {
          at += 1;
          if (occurs === 'maybe') break;
        }
      }
    }
    return at === items.length;
  }

  #matchesMap(
    entries: readonly Entry[],
    map: ReadonlyMap<unknown, unknown>,
    bound: Type | null,
  ): boolean {
    let found = 0;
    for (const { occurs, key, type } of entries) {
      const label = [...map.keys()].find((each) => key !== null && this.matches(key, each, bound));
      if (label === undefined) {
        if (occurs === 'once') return false;
      } else {
        if (!this.matches(type, map.get(label), bound)) return false;
        found += 1;
      }
    }
    return found === map.size;
  }
}

function isInteger(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

function sizeOf(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  return typeof value === 'string' ? utf8Length(value) : -1;
}
