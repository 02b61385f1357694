import { codeModules } from '../../optical/picture.ts';
import { readTexts } from '../../optical/reading.ts';
import { QrAssembler, type QrCode } from '../../transport/index.ts';
import { Chance } from './chance.ts';
import { type Exposure, type Modules, photograph } from './photograph.ts';
import { type Conditions, type FrameSize, viewOf } from './view.ts';

/** A camera, and the phone that reads its frames. */
export interface Reader {
  readonly name: string;
  readonly frameMs: number;
  /** How long each row collects light. */
  readonly exposureMs: number;
  /** From the first row to the last: a rolling shutter sees two pictures in one frame. */
  readonly shutterMs: number;
  /** How long reading a frame takes, more or less. Meanwhile none is taken. */
  readonly readMs: number;
}

export const READERS: readonly Reader[] = [
  { name: 'a recent phone', frameMs: 33, exposureMs: 12, shutterMs: 20, readMs: 25 },
  { name: 'a cheap phone', frameMs: 33, exposureMs: 25, shutterMs: 28, readMs: 90 },
];

export interface Viewing {
  readonly code: QrCode;
  readonly picturesPerSecond: number;
  readonly reader: Reader;
  readonly size: FrameSize;
  readonly conditions: Conditions;
  readonly seed: string;
}

/** No one holds a phone still for longer. */
const LONGEST_MS = 20_000;

/** Milliseconds until a moving code is read as a whole; null where nobody waits any longer. */
export async function watch(viewing: Viewing): Promise<number | null> {
  const { code, reader, size, conditions, seed } = viewing;
  const assembler = new QrAssembler();
  const frames = new Map<number, Modules>();
  const modulesAt = (index: number): Modules => {
    const known = frames.get(index) ?? codeModules(code.text(index));
    frames.set(index, known);
    return known;
  };
  // Nobody begins to look at the first picture, and no two frames take equally long.
  const chance = new Chance(seed);
  const began = Math.floor(chance.between(0, 1_000));
  for (let now = began; now < began + LONGEST_MS; ) {
    const view = viewOf(size, conditions, `${seed} ${now}`);
    const pixels = photograph(view, exposureAt(now, viewing, modulesAt), 'crowded');
    const readMs = reader.readMs * chance.between(0.7, 1.3);
    const seen = Math.round(now + reader.shutterMs + reader.exposureMs + readMs);
    for (const text of await readTexts(pixels)) {
      const result = assembler.add(text);
      if (result.ok && 'done' in result.value) return seen - began;
    }
    now = Math.ceil(seen / reader.frameMs) * reader.frameMs;
  }
  return null;
}

/** Which pictures each row sees, and for how much of its time. */
function exposureAt(
  startMs: number,
  { reader, picturesPerSecond, size }: Viewing,
  modulesAt: (index: number) => Modules,
): Exposure {
  const pictureMs = 1_000 / picturesPerSecond;
  return (row) => {
    const begin = startMs + (row / size.height) * reader.shutterMs;
    const end = begin + reader.exposureMs;
    const index = Math.floor(begin / pictureMs);
    const change = (index + 1) * pictureMs;
    if (change >= end) return [[modulesAt(index), 1]];
    const before = (change - begin) / reader.exposureMs;
    return [
      [modulesAt(index), before],
      [modulesAt(index + 1), 1 - before],
    ];
  };
}
