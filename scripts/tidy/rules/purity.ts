import { isBuiltin } from 'node:module';
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

/** `protocol` and `trusted-app` do no I/O and read no clock or randomness of their own. */
export const purity: Rule = sourceRule(
  'purity',
  (path) => PURE.test(path) && !isTest(path),
  ({ references, uses }) => [
    ...references
      .filter(({ specifier }) => isBuiltin(specifier))
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
