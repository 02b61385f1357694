export { openElement } from './element.ts';
export { type Image, openImage } from './image/outside.ts';
export { copyDisk, emptyDisk, type MemoryDisk, type MemoryKey } from './memory/disk.ts';
export { type Faults, noFaults, type PowerCut, PowerFailure } from './memory/faults.ts';
export { memoryHost, type MemoryHostOptions } from './memory/host.ts';
export { seededRandom } from './memory/random.ts';
export type { Element, Held, Host } from './port.ts';
