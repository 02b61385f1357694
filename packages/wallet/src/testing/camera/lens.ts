import { setTimeout as pause } from 'node:timers/promises';
import { decode } from 'fast-png';
import type { Locator } from 'playwright-core';
import type { FrameSize, LiveCamera } from './live-camera.ts';

/** How much of the height of a camera's frame the thing in front of it takes. */
const SHARE = 0.9;
/** Brightness of what is around it. */
const SURROUNDINGS = 90;
/** Between two looks: faster than codes change, and slow enough to leave the browsers some time. */
const LOOK_MS = 60;

/** Holds a camera before an element of a page, in whatever browser, until it is stopped. */
export class Lens {
  readonly #camera: LiveCamera;
  readonly #subject: Locator;
  readonly #looking: Promise<void>;
  #isStopped = false;

  constructor(camera: LiveCamera, subject: Locator) {
    this.#camera = camera;
    this.#subject = subject;
    this.#looking = this.#look();
    // Whoever stops it hears of a failure; until then it must not count as unhandled.
    this.#looking.catch(() => undefined);
  }

  /** Looks away: what was seen last must not be taken for what is there next. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#looking;
    await this.#camera.show(framed(null, this.#camera.size));
  }

  /** Where it is on its page; null while it is not there. */
  async #place(): ReturnType<Locator['boundingBox']> {
    const [subject] = await this.#subject.all();
    return (await subject?.boundingBox({ timeout: LOOK_MS }).catch(() => null)) ?? null;
  }

  async #look(): Promise<void> {
    while (!this.#isStopped) {
      const clip = await this.#place();
      const png = clip === null ? null : await this.#subject.page().screenshot({ clip });
      await this.#camera.show(framed(png, this.#camera.size));
      await pause(LOOK_MS);
    }
  }
}

/** A picture in the middle of a frame, as large as fits; or what is there without it. */
function framed(png: Uint8Array | null, { width, height }: FrameSize): Uint8Array {
  const frame = new Uint8Array(width * height).fill(SURROUNDINGS);
  if (png === null) return frame;
  const picture = decode(png);
  const scale = (Math.min(width, height) * SHARE) / Math.max(picture.width, picture.height);
  const [wide, high] = [Math.floor(picture.width * scale), Math.floor(picture.height * scale)];
  const [left, top] = [(width - wide) >> 1, (height - high) >> 1];
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const at = (top + y) * width + left + x;
      frame[at] = brightnessAt(picture, (x + 0.5) / scale - 0.5, (y + 0.5) / scale - 0.5);
    }
  }
  return frame;
}

interface Decoded extends FrameSize {
  readonly data: ArrayLike<number>;
  readonly channels: number;
}

/** Between the four pixels around a point, as a lens has it. The red of a code is as good as all its colours. */
function brightnessAt({ data, channels, width, height }: Decoded, x: number, y: number): number {
  const [left, top] = [Math.max(0, Math.floor(x)), Math.max(0, Math.floor(y))];
  const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
  const at = (column: number, row: number): number => data[(row * width + column) * channels] ?? 0;
  const [across, down] = [Math.max(0, x - left), Math.max(0, y - top)];
  const upper = at(left, top) * (1 - across) + at(right, top) * across;
  const lower = at(left, bottom) * (1 - across) + at(right, bottom) * across;
  return upper * (1 - down) + lower * down;
}
