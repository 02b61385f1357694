import {
  attempt,
  type Bytes,
  decodeFrame,
  decodePayload,
  decodeSigned,
  encodeFrame,
  equal,
  type Frame,
  receipt as receiptCodec,
  recordId,
  requestDigest,
  toHex,
} from '@tallystick/protocol';

/** The frames of one payment as they went by: what was asked, what was paid, and its receipt where there was one. */
interface Exchange {
  readonly offer: FrameOf<1>;
  readonly payment: FrameOf<2>;
  readonly receipt: FrameOf<3> | null;
}
type FrameOf<K extends Frame['kind']> = Extract<Frame, { kind: K }>;

/**
 * Of the frames that a contact brought, those of one payment. A camera sees whatever is held before it, an old receipt
 * among it: what is about another payment is left out.
 */
export function framesOf(id: Bytes, frames: readonly Bytes[]): readonly Bytes[] {
  const found = exchangeOf(id, frames);
  if (found === null) return [];
  const { offer, payment, receipt } = found;
  return [offer, payment, ...(receipt === null ? [] : [receipt])].map(encodeFrame);
}

/**
 * What to type to check a payment, a line for the payment and one for its receipt: whoever has the scheme's trust file
 * needs nothing else. Empty where the frames do not hold both what was asked and what was paid.
 */
export function proofOf(id: Bytes, frames: readonly Bytes[]): readonly string[] {
  const found = exchangeOf(id, frames);
  if (found === null) return [];
  const { offer, payment, receipt } = found;
  // A payer whom the payee knows has left its certificate out.
  const payer = payment.certificate === null ? [] : [payment.certificate];
  const certificates = [offer.certificate, ...payer].flatMap(certificateOption);
  const paid = [toHex(payment.payment), '--request', toHex(offer.request), ...certificates];
  const received =
    receipt === null ? [] : [[toHex(receipt.receipt), ...certificateOption(offer.certificate)]];
  return [paid, ...received].map((args) => ['tallystick inspect', ...args].join(' '));
}

function certificateOption(certificate: Bytes): readonly string[] {
  return ['--certificate', toHex(certificate)];
}

function exchangeOf(id: Bytes, frames: readonly Bytes[]): Exchange | null {
  const read = frames.flatMap((bytes) => {
    const frame = attempt(() => decodeFrame(bytes));
    return frame.ok ? [frame.value] : [];
  });
  const receipt = ofKind(read, 3).find((each) => isAbout(id, () => paymentIn(each))) ?? null;
  for (const offer of ofKind(read, 1)) {
    const payment = ofKind(read, 2).find((each) => isAbout(id, () => idOf(each, offer)));
    if (payment !== undefined) return { offer, payment, receipt };
  }
  return null;
}

function ofKind<K extends Frame['kind']>(frames: readonly Frame[], kind: K): FrameOf<K>[] {
  return frames.filter((frame): frame is FrameOf<K> => frame.kind === kind);
}

/** What does not read is about nothing. */
function isAbout(id: Bytes, read: () => Bytes): boolean {
  const found = attempt(read);
  return found.ok && equal(found.value, id);
}

function idOf({ payment }: FrameOf<2>, { request }: FrameOf<1>): Bytes {
  return recordId(decodeSigned(payment, requestDigest(request)));
}

function paymentIn({ receipt }: FrameOf<3>): Bytes {
  return decodePayload(decodeSigned(receipt).payload, receiptCodec, 'receipt').paymentId;
}
