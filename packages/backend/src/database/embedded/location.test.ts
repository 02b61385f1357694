import { describe, expect, test } from 'vitest';
import { type LocationFacts, resolveLocation } from './location.ts';

const FRESH: LocationFacts = {
  directory: '/clone/db',
  holdsData: false,
  pointer: null,
  reachable: true,
  sharedRoot: '/shared',
  freshName: 'abc',
};

describe('where a database lives', () => {
  test.each<[string, Partial<LocationFacts>, string, string]>([
    ['new and reachable: inside', {}, 'inside', '/clone/db'],
    ['new and not reachable: outside', { reachable: false }, 'outside', '/shared/clusters/abc'],
    ['data inside stay inside', { holdsData: true }, 'inside', '/clone/db'],
    [
      'data inside that became unreachable are never replaced by an empty database',
      { holdsData: true, reachable: false },
      'unreachable',
      '/clone/db',
    ],
    [
      'data outside stay outside',
      { reachable: false, pointer: { folder: '/shared/old', holdsData: true } },
      'outside',
      '/shared/old',
    ],
    [
      'data outside stay outside although inside became reachable',
      { pointer: { folder: '/shared/old', holdsData: true } },
      'outside',
      '/shared/old',
    ],
    [
      'data that vanished from outside are never replaced by an empty database',
      { pointer: { folder: '/shared/old', holdsData: false } },
      'missing',
      '/shared/old',
    ],
    [
      'data inside win over a stray pointer',
      { holdsData: true, pointer: { folder: '/shared/old', holdsData: true } },
      'inside',
      '/clone/db',
    ],
  ])('%s', (_, facts, kind, folder) => {
    expect(resolveLocation({ ...FRESH, ...facts })).toEqual({ kind, folder });
  });
});
