import { isBuiltin } from 'node:module';
import { type Rule, sourceRule } from '../rule.ts';
import { isTest } from '../workspace.ts';

const NODE_ONLY = new Set([
  'Buffer',
  'process',
  'require',
  'global',
  'setImmediate',
  '__dirname',
  '__filename',
]);

/**
 * What runs in browsers: all of the wallet but its folder `node`, the folders `browser` of the environments, and
 * the apps but for what builds them.
 */
const IN_BROWSERS =
  /^(?:packages\/(?:wallet\/src\/(?!node\/)|tre\/src\/(?:[^/]+\/)?browser\/)|apps\/[^/]+\/src\/(?!site[./]))/;

/** What runs in browsers knows nothing of Node. */
export const portable: Rule = sourceRule(
  'portable',
  (path) => IN_BROWSERS.test(path) && !isTest(path),
  ({ references, uses }) => [
    ...references
      .filter(({ specifier }) => isBuiltin(specifier))
      .map(({ offset, specifier }) => ({
        offset,
        message: `imports ${specifier}, a module of Node, which no browser has`,
      })),
    ...uses
      .filter(({ name }) => NODE_ONLY.has(name.split('.')[0] ?? ''))
      .map(({ offset, name }) => ({ offset, message: `uses ${name}, which only Node has` })),
  ],
);
