import { type Bytes, decodeFrame, type Frame } from '@tallystick/protocol';
import { seededRandom } from '@tallystick/tre';
import type { WalletResult } from '../failure.ts';
import type { PaymentOutcome } from '../payments/payment-outcome.ts';
import { meet } from '../session/meet.ts';
import type { Parts } from '../session/parts.ts';
import { answerDoubts, getPaid } from '../session/payee.ts';
import { pay } from '../session/payer.ts';
import { memoryPair } from '../transport/index.ts';
import type { Device } from './device.ts';
import { yes } from './pair.ts';
import { EUR, World } from './world.ts';

/** Two shops and a customer, whose purse was put back after it had paid the first. */
export class Forked {
  readonly world: World = new World();
  readonly devices: Map<string, Device> = new Map();

  /** Somebody with a device, whose wallet tells what it has seen. */
  async join(label: string, load = 1_000n): Promise<Parts> {
    this.devices.set(label, await this.world.device(label, { load }));
    return this.open(label);
  }

  /** The wallet on a device, freshly started. */
  open(label: string, draw: (length: number) => Bytes = seededRandom(label)): Parts {
    const device = this.devices.get(label);
    if (device === undefined) throw new RangeError(`nobody is called ${label}`);
    return this.world.parts(device, {}, draw);
  }

  /** A copy of a device, as it is now. */
  copy(label: string, as: string): Parts {
    const device = this.devices.get(label);
    if (device === undefined) throw new RangeError(`nobody is called ${label}`);
    this.devices.set(as, this.world.revive(label, device.keep()));
    return this.open(as);
  }

  async pay(payer: Parts, payee: Parts, amount = 10n): Promise<WalletResult<PaymentOutcome>> {
    const { a, b } = memoryPair();
    const both = Promise.all([pay(payer, a, yes), getPaid(payee, b, { currency: EUR, amount })]);
    return (await this.world.timer.run(both))[0];
  }

  /** Two devices meet, and nothing is paid; what they sent each other. */
  async meet(visitor: Parts, host: Parts): Promise<Frame[]> {
    const frames: Frame[] = [];
    const { a, b } = memoryPair((frame) => {
      frames.push(decodeFrame(frame));
      return 'deliver';
    });
    await this.world.timer.run(Promise.all([meet(visitor, a), answerDoubts(host, b)]));
    return frames;
  }
}
