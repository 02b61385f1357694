/**
 * Whoever has the files of a device: copies what an element has stored, and puts it back. In a page here, so that it
 * can be seen what that comes to; it takes the place of a backup of the profile.
 */
import { Copy } from '@tallystick/tre/browser/copy';
import { secondPlace } from '@tallystick/tre/browser/mirrored';
import { type Deed, isDeed } from './deeds.ts';

/** Put in when the page is built: who may ask. */
declare const THIEF: { readonly playground: string };

const PURSES = 'tallystick virtual-se ';
const STOLEN = 'stolen ';

async function purses(): Promise<readonly string[]> {
  const all = await indexedDB.databases();
  return all.flatMap(({ name }) => (name?.startsWith(PURSES) === true ? [name] : []));
}

async function within<T>(
  place: IDBFactory,
  name: string,
  stores: readonly string[],
  work: (copy: Copy) => Promise<T>,
): Promise<T> {
  const copy = await Copy.open(place, name, stores);
  try {
    return await work(copy);
  } finally {
    copy.close();
  }
}

async function steal(): Promise<void> {
  for (const name of await purses()) {
    await within(indexedDB, name, [], async (purse) => {
      const content = await purse.content();
      await within(indexedDB, STOLEN + name, [...content.keys()], (stolen) =>
        stolen.replace(content, purse.revision),
      );
    });
  }
}

/** In both places where a purse lies: an old copy in one alone would be mended from the other. */
async function putBack(): Promise<void> {
  for (const name of await purses()) {
    await within(indexedDB, STOLEN + name, [], async (stolen) => {
      const content = await stolen.content();
      for (const place of [indexedDB, await secondPlace()]) {
        if (place === null) continue;
        await within(place, name, [...content.keys()], (purse) =>
          purse.replace(content, stolen.revision),
        );
      }
    });
  }
}

const DEEDS: Readonly<Record<Deed, () => Promise<void>>> = { steal, putBack };

async function answer(deed: Deed, port: MessagePort): Promise<void> {
  try {
    await DEEDS[deed]();
    port.postMessage(null);
  } catch (error) {
    port.postMessage(error instanceof Error ? error.message : String(error));
  }
}

addEventListener('message', ({ source, origin, data, ports: [port] }) => {
  if (source !== parent || origin !== THIEF.playground || port === undefined) return;
  if (isDeed(data)) answer(data, port).catch(reportError);
});
