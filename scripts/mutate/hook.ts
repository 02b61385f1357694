/**
 * `node --import <this file>?guard=NAME …` runs a program in which that guard is missing. Nothing is
 * written anywhere: the source is changed when it is loaded.
 */
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { pathToFileURL } from 'node:url';
import { guardNamed, mutantOf, ROOT } from './sources.ts';

const name = new URL(import.meta.url).searchParams.get('guard');
if (name === null) throw new Error('say which guard to remove: ?guard=NAME');
const guard = guardNamed(name);
const target = pathToFileURL(ROOT + guard.path).href;
const source = stripTypeScriptTypes(mutantOf(guard).source);

registerHooks({
  load: (url, context, nextLoad) =>
    url === target ? { format: 'module', source, shortCircuit: true } : nextLoad(url, context),
});
