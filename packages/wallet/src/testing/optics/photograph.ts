import type { Pixels } from '../../optical/reading.ts';
import { Chance } from './chance.ts';
import type { FrameSize, Homography, View } from './view.ts';

/** Rows of a code, true where dark. */
export type Modules = readonly (readonly boolean[])[];

/** What lies around a code: the rest of a dark screen, or a crowded one. */
export type Surroundings = 'dark' | 'crowded';

/** A code as it is there during one frame: how much of each picture a row of the frame sees, together 1. */
export type Exposure = (row: number) => readonly (readonly [Modules, share: number])[];

/** Points of a frame's time, and within a pixel, that make one brightness. */
const SAMPLES = 4;
const CROWD_PIXELS = 14;
const WHITE = 255;

/** One frame of a camera: the code in perspective, moved, out of focus, noisy. The same for the same seed. */
export function photograph(view: View, exposure: Exposure, around: Surroundings): Pixels {
  const { size } = view;
  const sharp = expose(view, exposure, around);
  const seen = blur(sharp, size, (view.conditions.blurPixels * size.height) / 720);
  return withNoise(seen, view);
}

/** A code that does not change. */
export function still(modules: Modules): Exposure {
  const seen = [[modules, 1]] as const;
  return () => seen;
}

function expose(view: View, exposure: Exposure, around: Surroundings): Float32Array {
  const { width, height } = view.size;
  const { light, dark } = view.conditions;
  const { placeOf: place, glare } = view;
  const behind = backdrop(view, around);
  const frame = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const pictures = exposure(y);
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const around = behind[at] ?? 0;
      if (!isNear(place, x, y)) {
        frame[at] = around;
        continue;
      }
      let sum = 0;
      for (let sample = 0; sample < SAMPLES; sample++) {
        const when = (sample + 0.5) / SAMPLES - 0.5;
        const px = x + 0.5 + view.motion[0] * when + (((sample * 2) % SAMPLES) / SAMPLES - 0.375);
        const py = y + 0.5 + view.motion[1] * when + (sample / SAMPLES - 0.375);
        const w = place[6] * px + place[7] * py + place[8];
        const u = (place[0] * px + place[1] * py + place[2]) / w;
        const v = (place[3] * px + place[4] * py + place[5]) / w;
        if (u < 0 || v < 0 || u >= 1 || v >= 1) {
          sum += around;
          continue;
        }
        if (Math.hypot(u - glare.u, v - glare.v) < glare.radius) {
          sum += WHITE;
          continue;
        }
        for (const [modules, share] of pictures) {
          const row = modules[Math.floor(v * modules.length)];
          sum += share * (row?.[Math.floor(u * modules.length)] === true ? dark : light);
        }
      }
      frame[at] = sum / SAMPLES;
    }
  }
  return frame;
}

/** Most pixels are far from the code, and need no closer look. */
function isNear(place: Homography, x: number, y: number): boolean {
  const w = place[6] * x + place[7] * y + place[8];
  const u = (place[0] * x + place[1] * y + place[2]) / w;
  const v = (place[3] * x + place[4] * y + place[5]) / w;
  return u > -0.1 && v > -0.1 && u < 1.1 && v < 1.1;
}

function backdrop({ size, conditions, seed }: View, around: Surroundings): Float32Array {
  const { width, height } = size;
  const frame = new Float32Array(width * height).fill(conditions.dark);
  if (around === 'dark') return frame;
  const chance = new Chance(`backdrop ${seed}`);
  const patch = Math.ceil((CROWD_PIXELS * height) / 720);
  const across = Math.ceil(width / patch);
  const patches = Float32Array.from({ length: across * Math.ceil(height / patch) }, () =>
    chance.between(conditions.dark, conditions.light),
  );
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / patch) * across;
    for (let x = 0; x < width; x++) {
      frame[y * width + x] = patches[row + Math.floor(x / patch)] ?? 0;
    }
  }
  return frame;
}

/** Gaussian, one direction after the other. */
function blur(frame: Float32Array, size: FrameSize, deviation: number): Float32Array {
  const radius = Math.ceil(deviation * 2.5);
  const weights = Array.from({ length: 2 * radius + 1 }, (_, at) =>
    Math.exp(-((at - radius) ** 2) / (2 * deviation ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const kernel = Float32Array.from(weights, (weight) => weight / total);
  const { width, height } = size;
  return along(along(frame, kernel, height, width, 1), kernel, width, 1, width);
}

/** Smooths lines of a frame: `lines` of them, `lineStep` apart, whose pixels are `step` apart. */
function along(
  frame: Float32Array,
  kernel: Float32Array,
  lines: number,
  lineStep: number,
  step: number,
): Float32Array {
  const out = new Float32Array(frame.length);
  const length = frame.length / lines;
  const radius = kernel.length >> 1;
  for (let line = 0; line < lines; line++) {
    const start = line * lineStep;
    for (let at = 0; at < length; at++) {
      let sum = 0;
      for (let k = -radius; k <= radius; k++) {
        // At the edges the last pixel stands for those beyond.
        const near = at + k < 0 ? 0 : at + k < length ? at + k : length - 1;
        sum += (kernel[k + radius] ?? 0) * (frame[start + near * step] ?? 0);
      }
      out[start + at * step] = sum;
    }
  }
  return out;
}

function withNoise(frame: Float32Array, { size, conditions, seed }: View): Pixels {
  const chance = new Chance(`noise ${seed}`);
  const data = new Uint8ClampedArray(frame.length * 4);
  for (let at = 0; at < frame.length; at++) {
    const brightness = (frame[at] ?? 0) + conditions.noise * chance.normal();
    data[at * 4] = brightness;
    data[at * 4 + 1] = brightness;
    data[at * 4 + 2] = brightness;
    data[at * 4 + 3] = 255;
  }
  return { data, ...size };
}
