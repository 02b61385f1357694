/**
 * What we read of a package-lock.json.
 *
 * @typedef {{ packages: Record<string, { version?: string, optional?: boolean }> }} Lock
 */

/**
 * Whether an installed tree holds every package a lock file asks for.
 *
 * Versions are compared rather than file times: a fresh clone, a copy and a restored cache all have
 * times that say nothing. Optional packages may be absent, since most are for other machines.
 *
 * @param {Lock | undefined} locked
 *   package-lock.json
 * @param {Lock | undefined} installed
 *   node_modules/.package-lock.json, which npm writes last
 * @returns {boolean}
 */
export function isInstalled(locked, installed) {
  if (locked === undefined || installed === undefined) return false;
  return Object.entries(locked.packages)
    .filter(([path]) => path !== '')
    .every(([path, wanted]) => {
      const found = installed.packages[path];
      if (found === undefined) return wanted.optional === true;
      return found.version === wanted.version;
    });
}
