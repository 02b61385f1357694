import type { KillAt } from './arguments.ts';
import type { Folder, OpenFile } from '../../node/folder.ts';

/** A folder whose process is killed right before one of its changes to the disk. */
export function killingFolder(folder: Folder, killAt: KillAt | null): Folder {
  let left = killAt?.after ?? Number.POSITIVE_INFINITY;
  const reach = (point: KillAt['point']): void => {
    if (point !== killAt?.point) return;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
    left -= 1;
  };
  const change = async <T>(carryOut: () => Promise<T>): Promise<T> => {
    reach('change');
    return carryOut();
  };
  const killingFile = (file: OpenFile): OpenFile => ({
    read: (at, length) => file.read(at, length),
    write: (bytes, at) => change(() => file.write(bytes, at)),
    truncate: (length) => change(() => file.truncate(length)),
    sync: () => change(() => file.sync()),
    close: () => file.close(),
  });
  return {
    read: (name) => folder.read(name),
    write: (name, bytes) => change(() => folder.write(name, bytes)),
    open: async (name) => killingFile(await folder.open(name)),
    rename: (from, to) => change(() => folder.rename(from, to)),
    remove: (name) => change(() => folder.remove(name)),
    list: () => folder.list(),
    sync: () => {
      reach('folder-sync');
      return change(() => folder.sync());
    },
    close: () => folder.close(),
  };
}
