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

/** The wallet runs in browsers: only its folder `node` knows Node. */
export const portable: Rule = sourceRule(
  'portable',
  (path) => /^packages\/wallet\/src\/(?!node\/)/.test(path) && !isTest(path),
  ({ references, uses }) => [
    ...references
      .filter(({ specifier }) => isBuiltin(specifier))
      .map(({ offset, specifier }) => ({
        offset,
        message: `imports ${specifier}, a module of Node: it belongs in packages/wallet/src/node`,
      })),
    ...uses
      .filter(({ name }) => NODE_ONLY.has(name.split('.')[0] ?? ''))
      .map(({ offset, name }) => ({ offset, message: `uses ${name}, which only Node has` })),
  ],
);
