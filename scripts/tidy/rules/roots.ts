import type { Use } from '../globals.ts';
import type { Reference } from '../references.ts';
import { type Rule, sourceRule } from '../rule.ts';
import { isTest } from '../workspace.ts';

/**
 * Where programs start: the only files that read the clock, draw randomness or look at the
 * environment, and hand them on as arguments.
 */
const ROOTS = [
  /^(?:packages|apps)\/[^/]+\/src\/(?:.*\/)?main\.tsx?$/,
  /^(?:packages|apps)\/[^/]+\/src\/(?:.*\/)?[^/]+\.worker\.ts$/,
  /^scripts\//,
  /^tests\/(?:.*\/)?main\.ts$/,
  /^examples\/[^/]+\/main\.ts$/,
  /^fuzz\/(?:main|[^/]+\.worker)\.ts$/,
  /^[^/]+\.config\.ts$/,
];
/** These have a rule of their own, which is stricter. */
const PURE = /^packages\/(?:protocol|trusted-app)\/src\//;

const FORBIDDEN =
  /^(?:Date\.now|Math\.random|performance\.now|process\.env|process\.hrtime)(?:\.|$)/;
/** Taken whole under another name, these would hide what is read from them. */
const WHOLE = new Set(['Date', 'Math', 'performance', 'process']);
const MODULES = new Set(['node:process', 'process', 'node:perf_hooks', 'perf_hooks']);

/** Only composition roots touch the clock, randomness and the environment. */
export const roots: Rule = sourceRule(
  'roots',
  (path) => !ROOTS.some((root) => root.test(path)) && (!PURE.test(path) || isTest(path)),
  ({ path, references, uses }) => [
    ...references.filter((reference) => isForbiddenImport(reference, path)).map(explainImport),
    ...uses.filter((use) => isForbidden(use, path)).map(explain),
  ],
);

function isForbidden(use: Use, path: string): boolean {
  // A test is started by hand or by a machine, and may ask which.
  if (use.name.startsWith('process.env') && isTest(path)) return false;
  if (use.name === 'Date') return isClockRead(use);
  return FORBIDDEN.test(use.name) || (use.form === 'alias' && WHOLE.has(use.name));
}

/** `new Date()` and `Date()` read the clock; `new Date(ms)` only converts. */
function isClockRead({ form, args }: Use): boolean {
  if (form === 'new') return args.length === 0;
  return form === 'call' || form === 'alias';
}

function isForbiddenImport({ specifier, kind }: Reference, path: string): boolean {
  return MODULES.has(specifier) && kind === 'import' && !isTest(path);
}

function explainImport({ offset, specifier }: Reference): { offset: number; message: string } {
  return { offset, message: `imports ${specifier}: only composition roots do, and pass it on` };
}

function explain({ offset, name, form }: Use): { offset: number; message: string } {
  const read = form === 'new' ? `new ${name}()` : name;
  return { offset, message: `uses ${read}: only composition roots do, and pass it on` };
}
