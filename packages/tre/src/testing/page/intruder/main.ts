/** Code that somebody got into an origin. */
import { fromHex, toHex } from '@tallystick/protocol';
import { answerOf, destroyCopy } from '../../../browser/copy.ts';
import { secondPlace } from '../../../browser/mirrored.ts';
import type { Intruder } from '../../page-intruder.ts';

async function inStore(
  database: string,
  store: string,
  work: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  const opened = await answerOf(indexedDB.open(database));
  try {
    const transaction = opened.transaction(store, 'readwrite');
    // The frame that this runs in may be gone at the next moment, and what is not complete with it.
    const completed = new Promise((resolve) => transaction.addEventListener('complete', resolve));
    const answer: unknown = await answerOf(work(transaction.objectStore(store)));
    await completed;
    return answer;
  } finally {
    opened.close();
  }
}

async function exportKey(key: CryptoKey, format: 'pkcs8' | 'jwk' | 'raw'): Promise<string> {
  try {
    await crypto.subtle.exportKey(format, key);
    return 'exported';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

/** The directive that an attempt runs into; `nothing` where it went through. */
async function refusalOf(attempt: () => unknown): Promise<string> {
  const refused = new Promise<string>((resolve) => {
    addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
      once: true,
    });
    setTimeout(() => resolve('nothing'), 2_000);
  });
  try {
    await attempt();
  } catch {
    // It shows in the event.
  }
  return refused;
}

function load(kind: 'img' | 'script' | 'iframe', address: string): void {
  const made = document.createElement(kind);
  made.src = address;
  document.documentElement.append(made);
}

function attempts(elsewhere: string): (() => unknown)[] {
  const anywhere = [
    () => Reflect.construct(Function, ['return 1']) as unknown,
    () => fetch(`${elsewhere}/steal`),
    () => new WebSocket(elsewhere.replace('http', 'ws')),
    () => import(`${elsewhere}/script.js`),
  ];
  if (!('document' in globalThis)) return anywhere;
  return [
    ...anywhere,
    () => load('script', `${elsewhere}/script.js`),
    () => load('img', `${elsewhere}/steal.png`),
    () => load('iframe', elsewhere),
  ];
}

/** Commits that have begun here; null until they are counted. */
let commits: number | null = null;

const intruder: Intruder = {
  databases: async () => (await indexedDB.databases()).map(({ name = '' }) => name),
  get: async (database, store, key) => {
    const found = await inStore(database, store, (each) => each.get(key));
    return found instanceof Uint8Array ? toHex(found) : null;
  },
  put: async (database, store, key, value) => {
    await inStore(database, store, (each) =>
      value === null ? each.delete(key) : each.put(fromHex(value), key),
    );
  },
  keys: async (database, store) =>
    (await inStore(database, store, (each) => each.getAllKeys())) as (string | number)[],
  copy: async ([database, store, key], [toDatabase, toStore, toKey]) => {
    const found = await inStore(database, store, (each) => each.get(key));
    await inStore(toDatabase, toStore, (each) => each.put(found, toKey));
  },
  exportKeys: async (database) => {
    const all = await inStore(database, 'keys', (store) => store.getAll());
    const outcomes: string[] = [];
    for (const key of all as CryptoKey[]) {
      outcomes.push(`${key.algorithm.name} ${key.extractable ? 'extractable' : 'kept'}`);
      for (const format of ['pkcs8', 'jwk', 'raw'] as const) {
        outcomes.push(await exportKey(key, format));
      }
    }
    return outcomes;
  },
  removeSecondCopy: async (database) => {
    const place = await secondPlace();
    if (place !== null) await destroyCopy(place, database);
  },
  countCommits: async () => {
    if (commits === null) {
      commits = 0;
      const { prototype } = IDBDatabase;
      const begin = Reflect.get(prototype, 'transaction');
      prototype.transaction = function counted(...given) {
        if (given[1] === 'readwrite') commits = (commits ?? 0) + 1;
        return Reflect.apply(begin, this, given);
      };
    }
    return commits;
  },
  breakOut: async (elsewhere) => {
    // A debugger's own call may do what the policy forbids; a turn later it is code like any other.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const found: string[] = [];
    for (const attempt of attempts(elsewhere)) found.push(await refusalOf(attempt));
    return found;
  },
};
Object.assign(globalThis, { intruder });
