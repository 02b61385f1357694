import { CUT_AT, TEXTS_MAX } from '../optical/bounds.ts';

/** What the page says to the worker that reads codes: its machine once, then pictures one at a time. */
export type Order =
  | { readonly kind: 'start'; readonly wasm: ArrayBuffer }
  | { readonly kind: 'read'; readonly picture: ImageBitmap };

/** What the worker answers, once to each order. */
export type Answer =
  | { readonly kind: 'started' }
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | { readonly kind: 'failed'; readonly message: string };

const MESSAGE_CHARACTERS_MAX = 1_000;

/** The order, or null where it is none. */
export function asOrder(data: unknown): Order | null {
  if (!isRecord(data)) return null;
  const { kind, wasm, picture } = data;
  if (kind === 'start' && wasm instanceof ArrayBuffer) return { kind, wasm };
  if (kind === 'read' && picture instanceof ImageBitmap) return { kind, picture };
  return null;
}

/**
 * The answer, or null where it is none. The worker has had hostile pictures in its hands: it is believed
 * no more than whoever drew them.
 */
export function asAnswer(data: unknown): Answer | null {
  if (!isRecord(data)) return null;
  const { kind, texts, message } = data;
  if (kind === 'started') return { kind };
  if (kind === 'texts' && Array.isArray(texts) && texts.length <= TEXTS_MAX) {
    return texts.every(isText) ? { kind, texts } : null;
  }
  if (kind === 'failed' && typeof message === 'string') {
    return { kind, message: message.slice(0, MESSAGE_CHARACTERS_MAX) };
  }
  return null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= CUT_AT;
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null;
}
