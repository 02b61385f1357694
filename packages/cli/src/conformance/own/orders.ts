import type { Seconds } from '@tallystick/protocol';
import { ORDER, type Order, type Report } from '../pipe/messages.ts';
import { codeOf, Device, type OpenElement, type Outcome } from './device.ts';

const ACCOUNT = { participant: 'ALPHSESS', account: 'conformance' };

/** Whoever carries out orders. */
export interface Servant {
  carryOut(order: Order): Promise<Report>;
  close(): Promise<void>;
}

/** The own wallet under the orders of chapter 22. */
export class OwnWallet implements Servant {
  readonly #openElement: OpenElement;
  #clock: Seconds = 0;
  #device: Device | null = null;

  constructor(openElement: OpenElement) {
    this.#openElement = openElement;
  }

  async carryOut(order: Order): Promise<Report> {
    if (order.kind === ORDER.open) return this.#open(order.folder);
    const device = this.#device;
    if (device === null) return { kind: 1, code: 'nothing is open', out: [] };
    switch (order.kind) {
      case ORDER.clock:
        this.#clock = order.time;
        return reportOf({ code: null, out: [] });
      case ORDER.state:
        return stateOf(device);
      case ORDER.adopt:
        return reportOf(await adopt(device, order));
      case ORDER.deliver:
        return reportOf(await device.deliver(order.frame));
      case ORDER.end:
        return reportOf(await device.hangUp());
      case ORDER.reply:
        return reportOf(await device.reply(order.body));
      default:
        // What begins something ends the contact before it.
        await device.hangUp();
        return reportOf(await begin(device, order));
    }
  }

  async close(): Promise<void> {
    await this.#device?.close();
    this.#device = null;
  }

  async #open(folder: string): Promise<Report> {
    await this.close();
    this.#device = await Device.open(folder, () => this.#clock, this.#openElement);
    return reportOf({ code: null, out: [] });
  }
}

type Beginning = Extract<Order, { readonly kind: 3 | 4 | 5 | 6 | 8 | 9 | 10 }>;

function begin(device: Device, order: Beginning): Promise<Outcome> {
  const { wallet, desk } = device;
  switch (order.kind) {
    case ORDER.enrol: {
      const sent = desk.expect('enrol', order.challenge);
      const pin = order.pin === null ? {} : { pin: order.pin };
      return device.begin(sent, wallet.enrol({ ...ACCOUNT, ...pin }));
    }
    case ORDER.load:
      return device.begin(desk.expect('load'), wallet.load(order.amount));
    case ORDER.sync:
      return device.begin(desk.expect('sync'), wallet.sync());
    case ORDER.renew:
      return device.begin(desk.expect('renew', order.challenge), wallet.renew(order.alg));
    case ORDER.offer: {
      const { amount } = order;
      if (order.isStatic) return device.openTill(amount);
      return device.meet((wire) => wallet.getPaid(wire, { amount }));
    }
    case ORDER.ask: {
      const how = order.voidIt ? 'void' : 'retry';
      return device.meet((wire) => wallet.resolve(wire, order.paymentId, how));
    }
    case ORDER.pay:
      return pay(device, order);
  }
}

function pay(device: Device, order: Extract<Order, { readonly kind: 9 }>): Promise<Outcome> {
  const { amount, despiteDoubt, pin } = order;
  let again: string | null = null;
  const approval = {
    approve: true,
    despiteDoubt,
    ...(amount === null ? {} : { amount }),
    ...(pin === null ? {} : { pin }),
  };
  return device.meet(
    (wire) =>
      device.wallet.pay(wire, async (question) => {
        again = question.again;
        // The holder of this wallet types a PIN once.
        return again === null ? approval : { approve: false };
      }),
    order.offer,
    () => again,
  );
}

async function adopt(
  device: Device,
  { what, message, certificate }: Extract<Order, { readonly kind: 13 }>,
): Promise<Outcome> {
  const { purse } = device.wallet;
  const tasks = [
    () => purse.adoptPolicy(message),
    () => purse.importList(message, certificate),
    () => purse.resetTime(message),
  ] as const;
  return { code: codeOf(await tasks[what]()), out: [] };
}

async function stateOf({ wallet }: Device): Promise<Report> {
  const status = await wallet.purse.status();
  if (!status.ok) return { kind: 1, code: status.error.code, out: [] };
  const { balance, open } = status.value;
  const inDoubt = open.filter(({ accepted }) => !accepted).map(({ id }) => id);
  return { kind: 2, balance, inDoubt };
}

function reportOf({ code, out }: Outcome): Report {
  return code === null ? { kind: 0, out } : { kind: 1, code, out };
}
