import type { Decoder } from './decoder.ts';
import {
  type OpticalCode,
  type OpticalFailure,
  opticalFailure,
  type OpticalResult,
} from './failure.ts';

export interface CameraOptions {
  /** Shows what the camera sees. */
  readonly video: HTMLVideoElement;
  readonly decoder: Pick<Decoder, 'decode'>;
  /** Given every text of every frame that is read; a still code gives the same one many times a second. */
  readonly onText: (text: string) => void;
  /** Called once when the camera ends by itself: CAMERA_LOST, DECODER_FAILED, or what it is refused with later. */
  readonly onEnd?: (failure: OpticalFailure) => void;
}

export interface Camera {
  /** Gives the camera back. Nothing is read afterwards. */
  close(): void;
}

/** More pixels take longer to read and show no more of a code that fills half of the picture. */
const WIDTH = 1_280;
const HEIGHT = 720;
const WANTED: MediaStreamConstraints = {
  audio: false,
  video: {
    facingMode: { ideal: 'environment' },
    width: { ideal: WIDTH },
    height: { ideal: HEIGHT },
  },
};
/** A frame's time where the browser does not say when there is one. */
const FRAME_MS = 66;
/** A decoder that fails so often in a row does not come back by itself. */
const FAILURES_MAX = 3;

/**
 * Reads the codes that a camera sees: the rear one, where there are several. The camera is given back while the
 * page is hidden, and taken again when it is shown.
 *
 * Fails with CAMERA_REFUSED, CAMERA_MISSING, CAMERA_BUSY or CAMERA_UNSUPPORTED.
 */
export async function openCamera(options: CameraOptions): Promise<OpticalResult<Camera>> {
  const camera = new VideoCamera(options);
  const failure = await camera.start();
  return failure === null ? { ok: true, value: camera } : { ok: false, error: failure };
}

class VideoCamera implements Camera {
  readonly #options: CameraOptions;
  #stream: MediaStream | null = null;
  #isStarting = false;
  #isClosed = false;
  #failures = 0;

  constructor(options: CameraOptions) {
    this.#options = options;
  }

  async start(): Promise<OpticalFailure | null> {
    const failure = await this.#take();
    if (failure !== null) return failure;
    document.addEventListener('visibilitychange', this.#heed);
    this.#awaitFrame();
    return null;
  }

  close(): void {
    this.#isClosed = true;
    document.removeEventListener('visibilitychange', this.#heed);
    this.#giveBack();
  }

  readonly #heed = (): void => {
    if (document.hidden) this.#giveBack();
    else this.#takeAgain().catch(reportError);
  };

  async #takeAgain(): Promise<void> {
    const failure = await this.#take();
    if (failure !== null) this.#end(failure);
  }

  async #take(): Promise<OpticalFailure | null> {
    if (this.#isStarting || this.#stream !== null) return null;
    this.#isStarting = true;
    const asked = await askForCamera();
    this.#isStarting = false;
    if (!asked.ok) return asked.error;
    this.#stream = asked.value;
    // Whoever closed it, or went away, while the browser asked the holder.
    if (this.#isClosed || document.hidden) this.#giveBack();
    else await this.#show(asked.value);
    return null;
  }

  async #show(stream: MediaStream): Promise<void> {
    const { video } = this.#options;
    for (const track of stream.getTracks()) {
      track.addEventListener('ended', () => this.#end(opticalFailure('CAMERA_LOST')));
    }
    video.srcObject = stream;
    video.muted = true;
    video.playsInline = true;
    // It is refused where the camera was given back before the first frame.
    await video.play().catch(() => undefined);
  }

  #giveBack(): void {
    const { video } = this.#options;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    // Another camera may be shown there by now.
    if (video.srcObject === this.#stream) video.srcObject = null;
    this.#stream = null;
  }

  #end(failure: OpticalFailure): void {
    if (this.#isClosed) return;
    this.close();
    this.#options.onEnd?.(failure);
  }

  /** Each frame is awaited after the one before it was read: there is never one that waits. */
  #awaitFrame(): void {
    const look = (): void => {
      this.#look().catch(reportError);
    };
    const { video } = this.#options;
    if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(look);
    else setTimeout(look, FRAME_MS);
  }

  async #look(): Promise<void> {
    if (this.#isClosed) return;
    try {
      await this.#read();
    } finally {
      this.#awaitFrame();
    }
  }

  async #read(): Promise<void> {
    const picture = await pictureOf(this.#options.video);
    if (picture === null) return;
    const read = await this.#options.decoder.decode(picture);
    if (this.#isClosed) return;
    this.#failures = read.ok ? 0 : this.#failures + 1;
    if (!read.ok && this.#failures >= FAILURES_MAX) return this.#end(read.error);
    for (const text of read.ok ? read.value : []) this.#options.onText(text);
  }
}

/** The frame that is shown; null where there is none yet, or no more. */
async function pictureOf(video: HTMLVideoElement): Promise<ImageBitmap | null> {
  if (video.readyState < video.HAVE_CURRENT_DATA || video.videoWidth === 0) return null;
  // Some cameras give more than they are asked for.
  const size = video.videoWidth > WIDTH ? { resizeWidth: WIDTH } : {};
  return createImageBitmap(video, size).catch(() => null);
}

async function askForCamera(): Promise<OpticalResult<MediaStream>> {
  // Types say that it is always there; it is not on a page that did not come by https.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) return { ok: false, error: opticalFailure('CAMERA_UNSUPPORTED') };
  try {
    return { ok: true, value: await devices.getUserMedia(WANTED) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { ok: false, error: opticalFailure(REASONS[name] ?? 'CAMERA_UNSUPPORTED', message) };
  }
}

/** What browsers say (Media Capture and Streams, 10.2). */
const REASONS: Readonly<Record<string, OpticalCode>> = {
  NotAllowedError: 'CAMERA_REFUSED',
  NotFoundError: 'CAMERA_MISSING',
  OverconstrainedError: 'CAMERA_MISSING',
  NotReadableError: 'CAMERA_BUSY',
  AbortError: 'CAMERA_BUSY',
};
