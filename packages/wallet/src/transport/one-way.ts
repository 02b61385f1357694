import type { Transport } from './transport.ts';

/** Narrows an end to its sending half. Its `receive` is null at once: nothing can ever come. */
export function sendOnly(end: Pick<Transport, 'medium' | 'send' | 'close'>): Transport {
  const { medium, send, close } = end;
  return { medium, send, receive: async () => null, close };
}

/** Narrows an end to its receiving half. Its `send` throws: the caller has mistaken its role. */
export function receiveOnly(end: Pick<Transport, 'medium' | 'receive' | 'close'>): Transport {
  const send = async (): Promise<void> => {
    throw new Error('this end of a one-way transport only receives');
  };
  const { medium, receive, close } = end;
  return { medium, send, receive, close };
}
