/** What a page around an app can say to it: it holds the device in its hands. */
type Word =
  /** It is held to another device, which is at the other end of the port. */
  | { readonly about: 'tap' }
  /** There is a network, or none. */
  | { readonly about: 'network'; readonly isThere: boolean }
  /** Which purse is this? Answered over the port. */
  | { readonly about: 'purse' };

/** An app in a frame, as the page around it knows it. */
export interface Embedded {
  readonly onTap: (port: MessagePort) => void;
  readonly onNetwork: (isThere: boolean) => void;
  /** Reference of its purse's certificate in hex; null while it has none. */
  readonly purse: () => Promise<string | null>;
}

/** Heeds the page around this one, if it is of an origin that may show this app; nobody else is heard. */
export function heedEmbedder(embedders: readonly string[], embedded: Embedded): void {
  addEventListener('message', ({ source, origin, data, ports: [port] }: MessageEvent<unknown>) => {
    if (source !== parent || !embedders.includes(origin)) return;
    const word = wordOf(data);
    if (word?.about === 'network') embedded.onNetwork(word.isThere);
    if (port === undefined) return;
    if (word?.about === 'tap') embedded.onTap(port);
    if (word?.about === 'purse') {
      embedded.purse().then((purse) => port.postMessage(purse), reportError);
    }
  });
}

function wordOf(data: unknown): Word | null {
  if (typeof data !== 'object' || data === null || !('about' in data)) return null;
  const { about } = data;
  if (about === 'tap' || about === 'purse') return { about };
  const isThere = 'isThere' in data ? data.isThere : null;
  return about === 'network' && typeof isThere === 'boolean' ? { about, isThere } : null;
}

/** An app in a frame of this page. */
export class EmbeddedApp {
  readonly #frame: HTMLIFrameElement;
  readonly #origin: string;

  constructor(frame: HTMLIFrameElement, origin: string) {
    this.#frame = frame;
    this.#origin = origin;
  }

  tap(port: MessagePort): void {
    this.#say({ about: 'tap' }, port);
  }

  tellNetwork(isThere: boolean): void {
    this.#say({ about: 'network', isThere });
  }

  /** Null while it has none, and where the app does not answer in time. */
  purse(patienceMs: number): Promise<string | null> {
    const { port1, port2 } = new MessageChannel();
    return new Promise((resolve) => {
      const answer = (purse: string | null): void => {
        port1.close();
        resolve(purse);
      };
      port1.addEventListener('message', ({ data }: MessageEvent<unknown>) =>
        answer(typeof data === 'string' ? data : null),
      );
      port1.start();
      setTimeout(() => answer(null), patienceMs);
      this.#say({ about: 'purse' }, port2);
    });
  }

  #say(word: Word, ...ports: readonly MessagePort[]): void {
    this.#frame.contentWindow?.postMessage(word, this.#origin, [...ports]);
  }
}
