import {
  attempt,
  type Bytes,
  decodeFrame,
  decodePayload,
  decodeSigned,
  type Frame,
  payment as paymentCodec,
  request as requestCodec,
} from '@tallystick/protocol';

/** What a frame between two devices is, as far as anybody can read it. */
export interface Explained {
  /** Kind of the frame (TS-SES-1); 0 where it does not read. */
  readonly kind: Frame['kind'] | 0;
  /** Minor units; null where it names no amount. */
  readonly amount: bigint | null;
  /** Why a device refuses; null where it does not. */
  readonly code: string | null;
}

export function explain(bytes: Bytes): Explained {
  const frame = attempt(() => decodeFrame(bytes));
  if (!frame.ok) return { kind: 0, amount: null, code: null };
  const amount = attempt(() => amountIn(frame.value));
  return {
    kind: frame.value.kind,
    amount: amount.ok ? amount.value : null,
    code: frame.value.kind === 8 ? frame.value.code : null,
  };
}

function amountIn(frame: Frame): bigint | null {
  switch (frame.kind) {
    case 1:
      return decodePayload(decodeSigned(frame.request).payload, requestCodec, 'request').amount;
    case 2:
    case 4:
      return decodePayload(decodeSigned(frame.payment).payload, paymentCodec, 'payment').value
        .amount;
    default:
      return null;
  }
}
