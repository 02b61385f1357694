import type { Transport } from './transport.ts';

/** Narrows an end to its sending half. Its `receive` is null at once: nothing can ever come. */
export function sendOnly(end: Pick<Transport, 'send' | 'close'>): Transport {
  return { kind: 'one-way', send: end.send, receive: async () => null, close: end.close };
}

/** Narrows an end to its receiving half. Its `send` throws: the caller has mistaken its role. */
export function receiveOnly(end: Pick<Transport, 'receive' | 'close'>): Transport {
  const send = async (): Promise<void> => {
    throw new Error('this end of a one-way transport only receives');
  };
  return { kind: 'one-way', send, receive: end.receive, close: end.close };
}
