import { attempt, type Bytes, decodeFrame, type Frame } from '@tallystick/protocol';
import type { FaultHook } from '@tallystick/wallet';
import type { FrameSize } from './report.ts';

const NAMES: Readonly<Record<Frame['kind'], string>> = {
  1: 'offer',
  2: 'payment',
  3: 'receipt',
  4: 'present',
  5: 'void',
  6: 'list',
  7: 'proof',
  8: 'news',
  9: 'delta',
  10: 'witnesses',
  11: 'ask',
  12: 'exhibit',
};

/** Notes every frame of a link, and may tear it at a frame of one kind. */
export class Recorder {
  readonly frames: { readonly frame: Frame; readonly wire: Bytes }[] = [];
  readonly #cutAt: Frame['kind'] | null;

  constructor(cutAt: Frame['kind'] | null = null) {
    this.#cutAt = cutAt;
  }

  readonly fault: FaultHook = (wire) => {
    const read = attempt(() => decodeFrame(wire));
    if (!read.ok) return 'deliver';
    this.frames.push({ frame: read.value, wire });
    return read.value.kind === this.#cutAt ? 'cut' : 'deliver';
  };

  get sizes(): FrameSize[] {
    return this.frames.map(({ frame, wire }) => ({
      name: NAMES[frame.kind],
      bytes: wire.length,
    }));
  }

  /** The first frame of a kind, as it was sent. */
  wireOf(kind: Frame['kind']): Bytes {
    const found = this.frames.find(({ frame }) => frame.kind === kind);
    if (found === undefined) throw new Error(`no ${NAMES[kind]} frame was sent`);
    return found.wire;
  }
}
