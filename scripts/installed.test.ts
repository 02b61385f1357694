import { describe, expect, test } from 'vitest';
import { isInstalled } from './installed.mjs';

const LOCKED = {
  packages: {
    '': {},
    'node_modules/a': { version: '1.2.3' },
    'node_modules/b-for-another-machine': { version: '1.0.0', optional: true },
    'node_modules/@tallystick/protocol': {},
    'packages/protocol': { version: '0.0.0' },
  },
};
const INSTALLED = {
  packages: {
    'node_modules/a': { version: '1.2.3' },
    'node_modules/@tallystick/protocol': {},
    'packages/protocol': { version: '0.0.0' },
  },
};

describe('isInstalled', () => {
  test('accepts a tree that lacks only optional packages', () => {
    expect(isInstalled(LOCKED, INSTALLED)).toBe(true);
  });

  test('refuses a tree without a package, with another version, or not there at all', () => {
    const { 'node_modules/a': _, ...without } = INSTALLED.packages;
    const other = { ...INSTALLED.packages, 'node_modules/a': { version: '1.2.4' } };
    expect(isInstalled(LOCKED, { packages: without })).toBe(false);
    expect(isInstalled(LOCKED, { packages: other })).toBe(false);
    expect(isInstalled(LOCKED, undefined)).toBe(false);
    expect(isInstalled(undefined, INSTALLED)).toBe(false);
  });

  test('refuses an optional package of another version', () => {
    const other = {
      ...INSTALLED.packages,
      'node_modules/b-for-another-machine': { version: '2.0.0' },
    };
    expect(isInstalled(LOCKED, { packages: other })).toBe(false);
  });
});
