import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

const NAME = 'camera.y4m';
const FRAMES_PER_SECOND = 10;
/** Of both colour planes together, at a quarter of the pixels each. */
const NO_COLOUR = 128;

/**
 * A camera that a Chromium takes for its own, and that sees what a test puts before it.
 *
 * Chromium plays a file of raw video in a loop, and reads it anew each time: a video of one frame whose pixels are
 * overwritten in place is a live picture. A frame that is read while it is written is torn, as with any camera.
 */
export class LiveCamera {
  readonly size: FrameSize;
  /** What its Chromium is started with. */
  readonly flags: readonly string[];
  readonly #folder: string;
  readonly #file: FileHandle;
  readonly #pixelsAt: number;

  private constructor(size: FrameSize, folder: string, file: FileHandle, pixelsAt: number) {
    this.size = size;
    this.flags = [
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-video-capture=${join(folder, NAME)}`,
    ];
    this.#folder = folder;
    this.#file = file;
    this.#pixelsAt = pixelsAt;
  }

  static async make(size: FrameSize): Promise<LiveCamera> {
    const { width, height } = size;
    const folder = await mkdtemp(join(tmpdir(), 'camera-'));
    const file = await open(join(folder, NAME), 'w');
    const header = `YUV4MPEG2 W${width} H${height} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\nFRAME\n`;
    const pixels = new Uint8Array((width * height * 3) / 2).fill(NO_COLOUR);
    await file.write(Buffer.concat([Buffer.from(header), pixels]));
    return new LiveCamera(size, folder, file, header.length);
  }

  /** Has it see these pixels from now on: one byte of brightness each, row by row. */
  async show(brightness: Uint8Array): Promise<void> {
    const { width, height } = this.size;
    if (brightness.length !== width * height) throw new RangeError('a picture of another size');
    await this.#file.write(brightness, 0, brightness.length, this.#pixelsAt);
  }

  async dispose(): Promise<void> {
    await this.#file.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
