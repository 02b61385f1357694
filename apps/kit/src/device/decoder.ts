import { type Decoder, openDecoder } from '@tallystick/wallet/browser';

/** The reader of codes, started when it is first wanted. */
export function lazyDecoder(): () => Promise<Decoder | null> {
  let opening: Promise<Decoder | null> | null = null;
  return () => {
    opening ??= openDecoder().then((opened) => {
      if (opened.ok) return opened.value;
      opening = null;
      return null;
    });
    return opening;
  };
}
