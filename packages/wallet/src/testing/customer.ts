import { type TestScheme, testScheme } from '@tallystick/trusted-app/testing';
import type { WalletResult } from '../failure.ts';
import { memoryPair } from '../transport/index.ts';
import { createWallet, type Wallet } from '../wallet.ts';
import { Device, type Kept } from './device.ts';
import { Lossy } from './lossy.ts';
import { type Profile, World } from './world.ts';

/** Making its keys takes longer than most tests. */
let scheme: TestScheme | null = null;

/** Somebody with a device that nobody has enrolled yet, and a network to lose things on. */
export class Customer {
  readonly world: World;
  readonly device: Device;
  readonly network: Lossy;
  wallet: Wallet;

  constructor(account = 'ada', world: World | null = null, kept?: Kept) {
    scheme ??= testScheme();
    this.world = world ?? new World(scheme);
    this.device = new Device(account, this.world.timer, kept);
    this.network = new Lossy(this.world.backend);
    this.wallet = this.#open();
  }

  /** Somebody who is enrolled and has loaded that much. */
  static async with(
    account: string,
    load: bigint,
    world: World | null = null,
    profile: Profile = {},
  ): Promise<Customer> {
    const customer = new Customer(account, world);
    customer.world.backend.profiles.set(account, profile);
    const participant = profile.participant === 1 ? 'BETASESS' : 'ALPHSESS';
    demandOk(await customer.wallet.enrol({ participant, account }));
    if (load > 0n) demandOk(await customer.wallet.load(load));
    return customer;
  }

  /** A second device with a copy of all that this one has stored. */
  clone(): Customer {
    return new Customer(this.device.label, this.world, this.device.keep());
  }

  /** Switches the device off and on. */
  restart(): void {
    this.device.restart();
    this.wallet = this.#open();
  }

  /** Lets everybody's time go on, and has the operator publish a list of that time. */
  pass(seconds: number): void {
    this.world.pass(seconds);
    this.world.backend.listVersion += 1;
  }

  /** Pays somebody; the link breaks at the frame of that index. */
  async pay(
    payee: Customer,
    amount: bigint,
    cutAt: number = Number.POSITIVE_INFINITY,
  ): Promise<string> {
    const { a, b } = memoryPair((_, index) => (index >= cutAt ? 'cut' : 'deliver'));
    const both = Promise.all([
      this.wallet.pay(a, async () => ({ approve: true })),
      payee.wallet.getPaid(b, { amount }),
    ]);
    const [paid] = await this.world.timer.run(both);
    return paid.ok ? paid.value.state : paid.error.code;
  }

  #open(): Wallet {
    return createWallet({
      element: this.device,
      backend: this.network,
      pendingStore: this.device.store,
      timer: this.world.timer,
    });
  }
}

export function demandOk<T>(result: WalletResult<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}
