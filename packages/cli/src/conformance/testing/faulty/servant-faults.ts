import { attempt, decodeFrame, encodeFrame, ES256, normaliseSignature } from '@tallystick/protocol';
import { withSignature } from '../../rig/spoil.ts';
import type { Servant } from '../../own/orders.ts';
import { ORDER, type Order, type Report } from '../../pipe/messages.ts';
import type { Fault } from './fault.ts';

function around(
  change: (order: Order, next: (order: Order) => Promise<Report>) => Promise<Report>,
): (servant: Servant) => Servant {
  return (servant) => ({
    carryOut: (order) => change(order, (given) => servant.carryOut(given)),
    close: () => servant.close(),
  });
}

const never = new Promise<Report>(() => undefined);

function kindOf(frame: Uint8Array): number | null {
  const read = attempt(() => decodeFrame(frame));
  return read.ok ? read.value.kind : null;
}

/** Wallets that misbehave at the pipe. */
export const servantFaults: readonly Fault[] = [
  {
    name: 'mends-frames',
    says: 'cuts off what follows a frame, and takes the rest',
    caughtBy: ['form/frame-trailing', 'payer/damaged-answers'],
    servant: around((order, next) => {
      if (order.kind !== ORDER.deliver) return next(order);
      const read = attempt(() => decodeFrame(order.frame));
      const isTrailing = !read.ok && read.error.code === 'TRAILING_BYTES';
      return next(isTrailing ? { ...order, frame: order.frame.slice(0, -1) } : order);
    }),
  },
  {
    name: 'mends-high-s',
    says: 'brings high-S signatures low before it looks at them',
    caughtBy: ['payee/high-s'],
    servant: around((order, next) => {
      if (order.kind !== ORDER.deliver) return next(order);
      const read = attempt(() => decodeFrame(order.frame));
      if (!read.ok || read.value.kind !== 2) return next(order);
      const payment = withLowS(read.value.payment);
      return next({ ...order, frame: encodeFrame({ ...read.value, payment }) });
    }),
  },
  {
    name: 'refunds-on-refusal',
    says: 'gives its holder the money back as soon as the payee refuses',
    caughtBy: ['payer/refusal-is-no-void'],
    servant: (servant) => {
      let paid = 0n;
      let before = 0n;
      return around(async (order, next) => {
        if (order.kind === ORDER.pay) before = await balanceOf(next);
        if (order.kind === ORDER.deliver && kindOf(order.frame) === 8) {
          paid = before - (await balanceOf(next));
        }
        const report = await next(order);
        return report.kind === 2 ? { ...report, balance: report.balance + paid } : report;
      })(servant);
    },
  },
  {
    name: 'hangs-on-voids',
    says: 'never answers who asks for a void',
    caughtBy: ['payee/void', 'payee/void-after-accept'],
    servant: around((order, next) => {
      const isAsked = order.kind === ORDER.deliver && isVoidAsked(order.frame);
      return isAsked ? never : next(order);
    }),
  },
  {
    name: 'crashes-on-noise',
    says: 'ends when a frame does not read',
    caughtBy: ['form/frame-noise', 'form/frame-nested', 'payer/damaged-answers'],
    servant: around((order, next) => {
      if (order.kind === ORDER.deliver && kindOf(order.frame) === null) throw new Error('noise');
      return next(order);
    }),
  },
  {
    name: 'garbles',
    says: 'has a byte wrong in most of what it says',
    caughtBy: ['payee/accept', 'payer/pay', 'sync/whole-log'],
    servant: (servant) => {
      let drawn = 1;
      // Lehmer's generator: enough to hit many places, the same ones each time.
      const draw = (below: number): number => {
        drawn = (drawn * 48_271) % 0x7fff_ffff;
        return drawn % below;
      };
      const garbled = (bytes: Uint8Array): Uint8Array => {
        const at = draw(bytes.length);
        return draw(4) === 0
          ? bytes
          : bytes.map((byte, index) => (index === at ? draw(256) : byte));
      };
      return around(async (order, next) => {
        const report = await next(order);
        return report.kind === 2 ? report : { ...report, out: report.out.map(garbled) };
      })(servant);
    },
  },
  {
    name: 'talks-too-much',
    says: 'reports frames that are none',
    caughtBy: ['payee/offer'],
    servant: around(async (order, next) => {
      const report = await next(order);
      return order.kind === ORDER.offer ? { kind: 0, out: [Uint8Array.of(1, 2, 3)] } : report;
    }),
  },
];

/** A signature is the end of its message. */
function withLowS(payment: Uint8Array): Uint8Array {
  return withSignature(payment, normaliseSignature(ES256, payment.slice(-64)));
}

function isVoidAsked(frame: Uint8Array): boolean {
  const read = attempt(() => decodeFrame(frame));
  return read.ok && read.value.kind === 4 && read.value.voidIt;
}

async function balanceOf(next: (order: Order) => Promise<Report>): Promise<bigint> {
  const report = await next({ kind: ORDER.state });
  return report.kind === 2 ? report.balance : 0n;
}
