export { decodeBase45, encodeBase45 } from './base45.ts';
export { type Joinable, joinable } from './joinable.ts';
export { type Direction, type Fault, type FaultHook, memoryOneWay, memoryPair } from './memory.ts';
export {
  encodeQr,
  QrAssembler,
  type QrCode,
  type QrErrorCode,
  type QrResult,
  type QrScan,
} from './qr.ts';
export { qrDuplex, qrReceiver, type QrScanner, qrSender, type ShowQr } from './qr-transport.ts';
export type { Transport } from './transport.ts';
