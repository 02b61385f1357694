import type { WalletNews } from './commands.ts';
import type { Device } from './device.ts';

interface Ends {
  readonly one: Device;
  readonly other: Device;
}

/** What lies between devices: carries frames from one to the other while both are there. */
export class Air {
  readonly #links = new Map<number, Ends>();
  readonly #onFrame: () => void;
  #count = 0;

  /** @param onFrame told of every frame as it passes */
  constructor(onFrame: () => void) {
    this.#onFrame = onFrame;
  }

  /** Holds two devices together; the number by which both know the link. */
  connect(one: Device, other: Device): number {
    this.#links.set(++this.#count, { one, other });
    return this.#count;
  }

  hear(from: Device, news: Exclude<WalletNews, { news: 'environment' }>): void {
    const to = this.#across(from, news.link);
    if (news.news === 'linkEnded') {
      this.#links.delete(news.link);
      to?.pass('linkEnded', news.link);
    } else {
      this.#onFrame();
      to?.pass('frame', news.link, news.frame);
    }
  }

  /** A device is out of reach: whoever it was in contact with notices. */
  lose(device: Device): void {
    for (const link of this.#links.keys()) {
      const other = this.#across(device, link);
      if (other === null) continue;
      this.#links.delete(link);
      other.pass('linkEnded', link);
    }
  }

  #across(from: Device, link: number): Device | null {
    const ends = this.#links.get(link);
    if (ends === undefined) return null;
    if (ends.one === from) return ends.other;
    return ends.other === from ? ends.one : null;
  }
}
