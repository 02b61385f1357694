export { Lens } from './lens.ts';
export { type FrameSize, LiveCamera } from './live-camera.ts';
