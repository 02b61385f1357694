import type { Rule } from '../rule.ts';
import { spell } from '../spell.ts';
import { lineOf } from '../tree.ts';

const REGISTRIES = ['npmjs', 'yarnpkg'].map((name) => spell('registry', '\\.', name));
const FOLDERS = ['work', 'root', 'Users', 'mnt'];
const TOOLS = [
  spell('Clau', 'de'),
  spell('Anthro', 'pic'),
  spell('Chat', 'GPT'),
  spell('Co', 'pilot'),
];
const TRACKERS = [spell('iss', 'ue'), spell('P', 'R'), spell('pull', ' request')];

const PLACES: readonly (readonly [string, RegExp])[] = [
  ['the host of a package registry', new RegExp(REGISTRIES.join('|'))],
  ['a path of one machine', new RegExp(`(?:^|[\\s"'\`(=:])/(?:${FOLDERS.join('|')})/`, 'm')],
  ['a home folder', new RegExp(spell('/', 'home', '/', '[a-z]'))],
  ['a private folder', new RegExp(spell('\\.', 'library', '/'))],
  ['a writing tool', new RegExp(`\\b(?:${TOOLS.join('|')})\\b`, 'i')],
  ['the number of an issue', new RegExp(`\\b(?:${TRACKERS.join('|')}) #?\\d`, 'i')],
];

/** The repository names no workplace: it must read the same to everyone, everywhere. */
export const places: Rule = {
  name: 'places',
  check: (tree) =>
    tree.files.flatMap(({ path, text }) =>
      PLACES.flatMap(([what, pattern]) => {
        const match = pattern.exec(text);
        if (match === null) return [];
        return [
          { rule: 'places', path, line: lineOf(text, match.index), message: `names ${what}` },
        ];
      }),
    ),
};
