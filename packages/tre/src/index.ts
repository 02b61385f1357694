export { openElement } from './element.ts';
export { launch, type LaunchOptions } from './image/launch.ts';
export type { Image } from './image/outside.ts';
export { copyDisk, emptyDisk, type MemoryDisk, type MemoryKey } from './memory/disk.ts';
export { type Faults, noFaults, type PowerCut, PowerFailure } from './memory/faults.ts';
export { memoryHost, type MemoryHostOptions } from './memory/host.ts';
export { seededRandom } from './memory/random.ts';
export type { Attester, Element, Held, Host, ImageHost } from './port.ts';
