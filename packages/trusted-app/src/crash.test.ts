import {
  decodeSigned,
  ED25519,
  encodeProof,
  recordId,
  requestDigest,
  statusDelta,
  timeReset,
} from '@tallystick/protocol';
import { describe, expect, it } from 'vitest';
import { type Command, encodeCommand } from './command.ts';
import {
  answerCommand,
  ask,
  enrolledKey,
  load,
  loadCommand,
  payCommand,
  personalised,
  personaliseCommand,
  receiveCommand,
  restoreCommand,
  settleCommand,
  START,
  tap,
  TestDevice,
  type TestPurse,
  testScheme,
  voidCommand,
} from './testing/index.ts';
import { Books } from './testing/books.ts';

/**
 * The power fails before each effect of each command, and after the last: then the device starts
 * again and the command is repeated, as its wallet would. What comes out is what would have come out
 * without: no money twice, none lost, and no second content at any position.
 */

const scheme = testScheme();
const [alpha, beta] = scheme.participants;
const PIN = Uint8Array.of(1, 2, 3, 4);

interface World {
  readonly ada: TestPurse;
  readonly bo: TestPurse;
  readonly books: Books;
}

function world(): World {
  const ada = personalised(scheme, alpha, 'ada', { pin: PIN, statusIndex: 1 });
  const bo = personalised(scheme, beta, 'bo', { statusIndex: 2 });
  const books = new Books([alpha.issuer.certificate, beta.issuer.certificate]);
  books.watch('ada', ada);
  books.watch('bo', bo);
  fund(ada, books, 10_000n);
  return { ada, bo, books };
}

function issued(device: TestPurse, books: Books, amount: bigint): Command {
  const command = loadCommand(device, alpha, amount) as Extract<Command, { kind: 6 }>;
  const external = requestDigest(command.request);
  books.issue(recordId(decodeSigned(command.payment, external)), amount);
  return command;
}

function fund(device: TestPurse, books: Books, amount: bigint): void {
  device.get(issued(device, books, amount), 6);
}

interface Act {
  readonly device: TestPurse;
  readonly command: Command;
  /** The codes that say it was done already, when it is repeated. */
  readonly done?: string;
}

const acts: Readonly<Record<string, (world: World) => Act>> = {
  'a request': ({ ada }) => ({
    device: ada,
    command: { kind: 4, currency: 978, amount: 5n, expires: START + 9, isStatic: false },
  }),
  'a load': ({ ada, books }) => ({ device: ada, command: issued(ada, books, 50n) }),
  'a receipt': ({ ada, bo }) => ({ device: bo, command: receiveCommand(tap(ada, bo, 30n)) }),
  'a receipt on a terminal': ({ ada, bo }) => ({
    device: bo,
    command: receiveCommand(tap(ada, bo, 30n), false),
  }),
  'a void': ({ ada, bo }) => ({ device: bo, command: voidCommand(tap(ada, bo, 30n)) }),
  'a settlement': ({ ada, bo }) => {
    const tapped = tap(ada, bo, 30n);
    return { device: ada, command: settleCommand(tapped, bo.get(receiveCommand(tapped), 6)) };
  },
  'a restore': ({ ada, bo }) => {
    const tapped = tap(ada, bo, 30n);
    const command = restoreCommand(tapped, bo.get(voidCommand(tapped), 6));
    return { device: ada, command, done: 'NOT_OPEN' };
  },
  'a retry': ({ ada, bo }) => ({
    device: ada,
    command: { kind: 10, paymentId: tap(ada, bo, 30n).id },
  }),
  'a statement': ({ ada }) => ({ device: ada, command: { kind: 11 } }),
  'an answer': ({ ada, bo }) => {
    tap(ada, bo, 30n);
    return { device: ada, command: answerCommand(ada, alpha, ada.get({ kind: 11 }, 4)) };
  },
  'a policy': ({ ada }) => ({
    device: ada,
    command: { kind: 13, policy: scheme.signPolicy({ version: 2 }) },
  }),
  'a status list': ({ ada }) => ({
    device: ada,
    command: {
      kind: 14,
      list: scheme.signList({ version: 2, revoked: [9] }),
      certificate: scheme.operator.certificate,
    },
  }),
  'a delta of it': ({ ada }) => ({
    device: ada,
    command: {
      kind: 22,
      delta: scheme.operator.sign(
        statusDelta.encode({ base: 1, version: 2, issuedAt: START, revoked: [9] }),
      ),
      certificate: scheme.operator.certificate,
    },
  }),
  'a proof': ({ bo }) => {
    const cheat = personalised(scheme, alpha, 'cheat', { statusIndex: 3 });
    load(cheat, alpha, 10n);
    const before = cheat.backup();
    const exhibits = [1n, 2n].map((amount) => {
      cheat.rollback(before);
      const { payment, request } = tap(cheat, bo, amount);
      return { external: requestDigest(request), record: payment };
    });
    const [first, second] = exhibits;
    const { certificate } = cheat;
    const proof = encodeProof({ kind: 1, certificate, first: first!, second: second! });
    return { device: bo, command: { kind: 15, proof } };
  },
  'a time reset': ({ ada }) => ({
    device: ada,
    command: {
      kind: 16,
      reset: scheme.signByRoot(timeReset.encode({ version: 1, floor: START - 5 })),
    },
    done: 'STALE',
  }),
  'the end of a renewal': ({ ada }) => {
    const { enrolment } = ada.get({ kind: 17, alg: ED25519, challenge: new Uint8Array(32) }, 2);
    const certificate = alpha.certify(enrolledKey(enrolment), { statusIndex: 4 });
    return { device: ada, command: { kind: 18, certificate }, done: 'WRONG_KEY' };
  },
  'a lock': ({ ada }) => ({ device: ada, command: { kind: 20 } }),
};

/** Everything that matters about a device, and nothing that depends on when it was cut. */
function summary({ purse }: TestPurse): unknown {
  const { seq, head, balances, open, answered, taken, late, bans, lock, keys, policy } = purse;
  const { ackedTo, keepFrom, floor, syncedAt, epoch, spentTotal, spentCount, listVersion } = purse;
  const money = { seq, head, balances, open, answered, taken, spentTotal, spentCount };
  const issuer = { policy, listVersion, ackedTo, keepFrom, floor, syncedAt, epoch };
  return { ...money, ...issuer, late, bans, lock, keys };
}

describe('a power cut before every effect (INV-FINAL, INV-ONCE, INV-SUPPLY)', () => {
  it.each(Object.keys(acts))('%s', (name) => {
    const whole = world();
    const { device, command } = acts[name]!(whole);
    device.restart();
    device.effects.length = 0;
    expect(device.code(command)).toBe('OK');
    const count = device.effects.length;
    const expected = [whole.ada, whole.bo].map(summary);
    for (let cut = 0; cut <= count; cut++) {
      for (const tears of [false, true]) {
        const again = world();
        const act = acts[name]!(again);
        act.device.restart();
        act.device.tearsCommits = tears;
        // After the last effect it is the reply that is lost.
        act.device.powerAfterEffects = cut < count ? cut : null;
        const reply = act.device.runBytes(encodeCommand(act.command));
        expect(reply === null).toBe(cut < count);
        act.device.restart();
        expect(['OK', act.done]).toContain(act.device.code(act.command));
        expect([again.ada, again.bo].map(summary)).toEqual(expected);
        again.books.check();
      }
    }
  });
});

describe('a commit that fails (TS-TRE-3)', () => {
  it.each(Object.keys(acts))('leaves the purse as it was: %s', (name) => {
    const { ada, bo, books } = world();
    const { device, command } = acts[name]!({ ada, bo, books });
    const before = device.backup();
    const { length } = device.signed;
    device.storageFails = true;
    const code = device.code(command);
    // What commits nothing has nothing to lose either.
    expect(code).toBe(device.storageFails ? 'OK' : 'STORAGE_FAILED');
    expect(device.backup()).toEqual(before);
    expect(device.signed.length === length || code === 'OK').toBe(true);
    device.storageFails = false;
    expect(device.code(command)).toBe('OK');
    books.check();
  });
});

describe('a power cut in a payment above the step-up amount', () => {
  /** What a wallet does after a cut: it pays again, unless an open payment says that it has paid. */
  function resume(ada: TestPurse, command: Command): Uint8Array {
    const [open] = ada.get({ kind: 1 }, 3).open;
    if (open === undefined) return ada.get(command, 1).message;
    return ada.get({ kind: 10, paymentId: open.id }, 1).message;
  }

  it('debits once, and every copy of the payment is the same', () => {
    for (let cut = 0; ; cut++) {
      const { ada, bo, books } = world();
      const request = ask(bo, 6_000n);
      const command = payCommand(request, bo.certificate, { pin: PIN });
      ada.powerAfterEffects = cut;
      ada.tearsCommits = cut % 2 === 0;
      const reply = ada.runBytes(encodeCommand(command));
      ada.powerAfterEffects = null;
      const payment = resume(ada, command);
      ada.restart();
      expect(resume(ada, command)).toEqual(payment);
      expect(ada.purse).toMatchObject({ balances: [4_000n], spentCount: 1, spentTotal: 6_000n });
      const receive = { payment, certificate: ada.certificate, request, wantReceipt: true };
      const answer = bo.get({ kind: 6, ...receive }, 6);
      ada.get({ kind: 8, receipt: answer.message!, certificate: bo.certificate }, 0);
      books.check();
      expect([books.inFlight, bo.get({ kind: 1 }, 3).balance]).toEqual([0n, 6_000n]);
      if (reply !== null) break;
    }
  });
});

describe('a power cut in what makes a key', () => {
  const challenge = new Uint8Array(32);

  it('leaves a device that can be prepared and personalised', () => {
    for (let cut = 0; ; cut++) {
      const device = new TestDevice('new');
      const prepare = (): Uint8Array =>
        device.get({ kind: 2, alg: ED25519, challenge, pin: PIN }, 2).enrolment;
      device.powerAfterEffects = cut;
      device.tearsCommits = true;
      const first = attempted(prepare);
      const certificate = alpha.certify(enrolledKey(first ?? prepare()));
      const command = personaliseCommand(scheme, certificate);
      const second = attempted(() => device.code(command)) ?? device.code(command);
      expect(['OK', 'ALREADY_PERSONALISED']).toContain(second);
      const uncut = device.powerAfterEffects !== null;
      device.powerAfterEffects = null;
      const purse = Object.assign(device, { certificate });
      load(purse, alpha, 100n);
      tap(purse, personalised(scheme, beta, 'bo'), 5n);
      expect(purse.purse.seq).toBe(3);
      if (uncut) break;
    }
  });

  it('leaves a purse that can be renewed', () => {
    for (let cut = 0; ; cut++) {
      const { ada, bo, books } = world();
      const start = (): Uint8Array => ada.get({ kind: 17, alg: ED25519, challenge }, 2).enrolment;
      ada.powerAfterEffects = cut;
      const enrolment = attempted(start);
      ada.powerAfterEffects = null;
      const certificate = alpha.certify(enrolledKey(enrolment ?? start()));
      tap(ada, bo, 5n);
      ada.get({ kind: 18, certificate }, 0);
      tap(ada, bo, 5n, { despiteDoubt: true });
      books.check();
      expect(ada.purse.open.length).toBe(2);
      if (enrolment !== null) break;
    }
  });

  function attempted<T>(run: () => T): T | null {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'the power failed') throw error;
      return null;
    }
  }
});

describe('a power cut at either side of a whole exchange (INV-TORN)', () => {
  /** Pays, delivers and settles, with one cut on the way; then whoever was cut asks again. */
  function exchange(side: 'ada' | 'bo', cut: number): boolean {
    const { ada, bo, books } = world();
    const device = side === 'ada' ? ada : bo;
    device.powerAfterEffects = cut;
    device.tearsCommits = cut % 2 === 1;
    const request = untilDone(() => ask(bo, 40n));
    const pay = payCommand(request, bo.certificate);
    const message = untilDone(() => {
      const [open] = ada.get({ kind: 1 }, 3).open;
      if (open === undefined) return ada.get(pay, 1).message;
      return ada.get({ kind: 10, paymentId: open.id }, 1).message;
    });
    const order = { payment: message, certificate: ada.certificate, request };
    const answer = untilDone(() => bo.get({ kind: 6, ...order, wantReceipt: true }, 6));
    const settle: Command = { kind: 8, receipt: answer.message!, certificate: bo.certificate };
    untilDone(() => ada.get(settle, 0));
    books.check();
    expect(books.inFlight).toBe(0n);
    expect([ada, bo].map((each) => each.get({ kind: 1 }, 3).balance)).toEqual([9_960n, 40n]);
    return device.powerAfterEffects !== null;
  }

  function untilDone<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'the power failed') throw error;
      return run();
    }
  }

  it.each(['ada', 'bo'] as const)(
    '%s ends with what is hers or his, wherever it is cut',
    (side) => {
      let cut = 0;
      while (!exchange(side, cut)) cut++;
      expect(cut).toBeGreaterThan(5);
    },
  );
});
