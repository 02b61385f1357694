import { Chance } from './chance.ts';

/** How badly a code is seen. Lengths are pixels of a frame of 720 rows; others have their share of them. */
export interface Conditions {
  readonly name: string;
  /** Between the screen and the camera's plane. */
  readonly tiltDegrees: number;
  /** Standard deviation of a lens out of focus. */
  readonly blurPixels: number;
  /** How far the hand moves while one frame is taken. */
  readonly motionPixels: number;
  /** Standard deviation of the sensor's noise, of 255. */
  readonly noise: number;
  readonly light: number;
  readonly dark: number;
}

const STEADY = conditions('steady', 8, 0.8, 1, 4, [25, 225]);
export const EVERYDAY: Conditions = conditions('everyday', 18, 1.4, 2, 9, [35, 205]);
export const HASTY: Conditions = conditions('hasty', 28, 1.8, 3, 14, [45, 190]);
const BAD = conditions('bad', 36, 2.2, 4, 20, [55, 180]);
export const CONDITIONS: readonly Conditions[] = [STEADY, EVERYDAY, HASTY, BAD];

function conditions(
  name: string,
  tiltDegrees: number,
  blurPixels: number,
  motionPixels: number,
  noise: number,
  [dark, light]: readonly [number, number],
): Conditions {
  return { name, tiltDegrees, blurPixels, motionPixels, noise, dark, light };
}

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

export const SMALL: FrameSize = { width: 640, height: 480 };
export const LARGE: FrameSize = { width: 1_280, height: 720 };

/** Where a code lies in a frame: from a pixel to its place on the code's square, which is 0 to 1 both ways. */
export interface View {
  readonly size: FrameSize;
  readonly conditions: Conditions;
  readonly placeOf: Homography;
  /** Where the hand goes during a frame, in pixels. */
  readonly motion: readonly [x: number, y: number];
  /** Where a lamp is reflected, on the code's square. */
  readonly glare: { readonly u: number; readonly v: number; readonly radius: number };
  readonly seed: string;
}

/** Three rows of a projective map. */
export type Homography = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** From the camera to the screen, in sides of the code. */
const DISTANCE = 2.5;

/**
 * A code as somebody holds a camera before it: never the same way twice, and always the same for a seed.
 *
 * @param glare how much of the code a reflection covers, 0 to 1
 */
export function viewOf(
  size: FrameSize,
  conditions: Conditions,
  seed: string,
  glare: number = 0,
): View {
  const chance = new Chance(`view ${seed}`);
  const side = size.height * chance.between(0.6, 0.85);
  const turn = (chance.between(-1, 1) * conditions.tiltDegrees * Math.PI) / 360;
  const axis = chance.between(0, 2 * Math.PI);
  const tilt = (conditions.tiltDegrees * Math.PI) / 180;
  const centre = [
    size.width / 2 + chance.between(-0.05, 0.05) * size.width,
    size.height / 2 + chance.between(-0.05, 0.05) * size.height,
  ] as const;
  const going = chance.between(0, 2 * Math.PI);
  const far = (conditions.motionPixels * size.height) / 720;
  return {
    size,
    conditions,
    placeOf: inverse(projection({ side, turn, axis, tilt, centre })),
    motion: [Math.cos(going) * far, Math.sin(going) * far],
    // In the middle, where it covers no corner: without one of those nothing is found.
    glare: {
      u: chance.between(0.4, 0.6),
      v: chance.between(0.4, 0.6),
      radius: Math.sqrt(glare / Math.PI),
    },
    seed,
  };
}

interface Pose {
  readonly side: number;
  readonly turn: number;
  readonly axis: number;
  readonly tilt: number;
  readonly centre: readonly [number, number];
}

/** From the code's square to pixels: turned in its plane, tilted about an axis in it, seen from a distance. */
function projection({ side, turn, axis, tilt, centre }: Pose): Homography {
  const [ux, uy] = [Math.cos(axis), Math.sin(axis)];
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)];
  // Rodrigues about (ux, uy, 0), for points with z = 0.
  const tilted = (x: number, y: number): readonly [number, number, number] => {
    const along = (ux * x + uy * y) * (1 - cos);
    return [x * cos + ux * along, y * cos + uy * along, (ux * y - uy * x) * sin];
  };
  const right = tilted(Math.cos(turn), Math.sin(turn));
  const down = tilted(-Math.sin(turn), Math.cos(turn));
  const [cx, cy] = centre;
  const column = ([x, y, z]: readonly [number, number, number]) =>
    [side * x + (cx * z) / DISTANCE, side * y + (cy * z) / DISTANCE, z / DISTANCE] as const;
  const [a, b] = [column(right), column(down)];
  const origin = [0, 1, 2].map((row) => {
    const middle = [cx, cy, 1][row] ?? 0;
    return middle - ((a[row] ?? 0) + (b[row] ?? 0)) / 2;
  });
  return [a[0], b[0], origin[0] ?? 0, a[1], b[1], origin[1] ?? 0, a[2], b[2], origin[2] ?? 0];
}

function inverse([a, b, c, d, e, f, g, h, i]: Homography): Homography {
  const over = 1 / (a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g));
  return [
    (e * i - f * h) * over,
    (c * h - b * i) * over,
    (b * f - c * e) * over,
    (f * g - d * i) * over,
    (a * i - c * g) * over,
    (c * d - a * f) * over,
    (d * h - e * g) * over,
    (b * g - a * h) * over,
    (a * e - b * d) * over,
  ];
}
