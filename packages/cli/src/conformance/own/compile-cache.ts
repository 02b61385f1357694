import { enableCompileCache, flushCompileCache } from 'node:module';

/**
 * Loads a module, compiled in a folder for whoever loads it next: a program that is killed and started
 * again and again should not be compiled again and again. Without a folder it is just loaded.
 */
export async function loadCompiled<T>(
  folder: string | undefined,
  load: () => Promise<T>,
): Promise<T> {
  if (folder === undefined) return load();
  enableCompileCache(folder);
  const loaded = await load();
  // Now, since this program does not live to see its end.
  flushCompileCache();
  return loaded;
}
