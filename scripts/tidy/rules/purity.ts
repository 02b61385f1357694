import { isBuiltin } from 'node:module';
import type { Reference } from '../references.ts';
import { sourceRule } from '../rule.ts';
import type { Rule } from '../rule.ts';
import { isTest } from '../workspace.ts';

const PURE = /^packages\/(?:protocol|trusted-app)\/src\//;

/** Names an engine may lack, or that reach outside: I/O, clocks, timers, randomness, text codecs. */
const OUTSIDE = new Set(
  `process Buffer require global globalThis window self console
  fetch XMLHttpRequest WebSocket URL Worker indexedDB localStorage
  Date performance setTimeout setInterval setImmediate queueMicrotask
  crypto TextEncoder TextDecoder atob btoa structuredClone Intl`.split(/\s+/),
);

/** Functions of libraries that draw randomness of their own. */
const RANDOM = new Set(['randomBytes', 'randomSecretKey', 'randomPrivateKey', 'keygen']);

/**
 * The one module that may know Node, and these two functions of it only: hashing reads the bytes it is
 * given and nothing else. Where Node does not run, package.json puts plain JavaScript in its place.
 */
const HASHING = {
  path: 'packages/protocol/src/sha256-node.ts',
  specifier: 'node:crypto',
  names: new Set(['hash', 'createHash']),
};

function isHashing(path: string, { specifier, names }: Reference): boolean {
  return (
    path === HASHING.path &&
    specifier === HASHING.specifier &&
    names.length > 0 &&
    names.every((name) => HASHING.names.has(name))
  );
}

/** `protocol` and `trusted-app` do no I/O and read no clock or randomness of their own. */
export const purity: Rule = sourceRule(
  'purity',
  (path) => PURE.test(path) && !isTest(path),
  ({ path, references, uses }) => [
    ...references
      .filter((each) => isBuiltin(each.specifier) && !isHashing(path, each))
      .map(({ offset, specifier }) => ({
        offset,
        message: `imports ${specifier}, a module of Node`,
      })),
    ...references
      .filter(({ names }) => names.some((name) => RANDOM.has(name)))
      .map(({ offset }) => ({
        offset,
        message: 'imports a source of randomness: take it as input',
      })),
    ...uses
      .filter(({ name }) => OUTSIDE.has(name.split('.')[0] ?? '') || name.startsWith('Math.random'))
      .map(({ offset, name }) => ({ offset, message: `uses ${name}: take it as input` })),
  ],
);
