export { decoderFiles } from './decoder-site.ts';
