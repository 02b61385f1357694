import {
  type Bytes,
  decodePurseCertificate,
  encodeProof,
  LIMITS,
  requestDigest,
  statusDelta,
  timeReset,
} from '@tallystick/protocol';
import { describe, expect, it } from 'vitest';
import { type Command, encodeCommand } from './command.ts';
import { readReply } from './reply.ts';
import {
  answerCommand,
  ask,
  type Backup,
  enrolledKey,
  load,
  payCommand,
  personalised,
  receiveCommand,
  restoreCommand,
  settleCommand,
  START,
  tap,
  type TestPurse,
  testScheme,
  voidCommand,
} from './testing/index.ts';
import {
  bytesSpoilers,
  claimsSpoilers,
  payloadSpoilers,
  signedSpoilers,
  type Spoiler,
} from './testing/spoil.ts';

/**
 * Whatever message a command carries, whatever way it is broken: the code that stands first in the
 * table, nothing changed, and the same command with the message as it was made still works.
 */

const scheme = testScheme();
const [alpha, beta] = scheme.participants;

interface World {
  readonly ada: TestPurse;
  readonly bo: TestPurse;
}

/** A command that succeeds, and the purse it is for. */
interface Sound {
  readonly device: TestPurse;
  readonly command: Command;
}

const sound: Readonly<Record<string, (world: World) => Sound>> = {
  pay: ({ ada, bo }) => ({ device: ada, command: payCommand(ask(bo, 5n), bo.certificate) }),
  receive: ({ ada, bo }) => ({ device: bo, command: receiveCommand(tap(ada, bo, 5n)) }),
  void: ({ ada, bo }) => ({ device: bo, command: voidCommand(tap(ada, bo, 5n)) }),
  settle: ({ ada, bo }) => {
    const tapped = tap(ada, bo, 5n);
    return { device: ada, command: settleCommand(tapped, bo.get(receiveCommand(tapped), 6)) };
  },
  'restore by void': ({ ada, bo }) => {
    const tapped = tap(ada, bo, 5n);
    return { device: ada, command: restoreCommand(tapped, bo.get(voidCommand(tapped), 6)) };
  },
  'restore by closure': ({ ada, bo }) => {
    const { id } = tap(ada, bo, 5n);
    const evidence = alpha.close(id, id, START);
    return {
      device: ada,
      command: { kind: 9, evidence, certificate: alpha.issuer.certificate },
    };
  },
  'import answer': ({ ada }) => ({
    device: ada,
    command: answerCommand(ada, alpha, ada.get({ kind: 11 }, 4)),
  }),
  'adopt policy': ({ ada }) => ({
    device: ada,
    command: { kind: 13, policy: scheme.signPolicy({ version: 2 }) },
  }),
  'import list': ({ ada }) => ({
    device: ada,
    command: {
      kind: 14,
      list: scheme.signList({ version: 2, revoked: [8] }),
      certificate: scheme.operator.certificate,
    },
  }),
  'import delta': ({ ada }) => ({
    device: ada,
    command: {
      kind: 22,
      delta: scheme.operator.sign(
        statusDelta.encode({ base: 1, version: 2, issuedAt: START, revoked: [8] }),
      ),
      certificate: scheme.operator.certificate,
    },
  }),
  'reset time': ({ ada }) => ({
    device: ada,
    command: {
      kind: 16,
      reset: scheme.signByRoot(timeReset.encode({ version: 1, floor: START - 1 })),
    },
  }),
  'finish renewal': ({ ada }) => {
    const { enrolment } = ada.get({ kind: 17, alg: -7, challenge: new Uint8Array(32) }, 2);
    const certificate = alpha.certify(enrolledKey(enrolment));
    return { device: ada, command: { kind: 18, certificate } };
  },
  'check proof': ({ ada, bo }) => {
    const before = ada.backup();
    const exhibits = [1n, 2n].map((amount) => {
      ada.rollback(before);
      const { payment, request } = tap(ada, bo, amount);
      return { external: requestDigest(request), record: payment };
    });
    const [first, second] = exhibits;
    const { certificate } = ada;
    const proof = encodeProof({ kind: 1, certificate, first: first!, second: second! });
    return { device: bo, command: { kind: 15, proof } };
  },
};

const [message, claims] = [
  [...signedSpoilers, ...payloadSpoilers],
  [...signedSpoilers, ...claimsSpoilers],
];
const tooLong = (bytes: number): Spoiler => ({
  name: 'too long',
  code: 'OVERSIZED',
  spoil: () => new Uint8Array(bytes + 1),
});

/** The messages of each command, and the ways to spoil them. */
const fields: readonly [command: string, field: string, spoilers: readonly Spoiler[]][] = [
  ['pay', 'request', message],
  ['pay', 'certificate', claims],
  ['receive', 'payment', message],
  ['receive', 'certificate', claims],
  ['receive', 'request', message],
  ['void', 'payment', message],
  ['void', 'certificate', claims],
  ['void', 'request', message],
  ['settle', 'receipt', message],
  ['settle', 'certificate', claims],
  ['restore by void', 'evidence', message],
  ['restore by void', 'certificate', claims],
  ['restore by closure', 'evidence', message],
  ['restore by closure', 'certificate', claims],
  ['import answer', 'answer', message],
  ['import answer', 'certificate', claims],
  ['adopt policy', 'policy', message],
  ['import list', 'list', claims],
  ['import list', 'certificate', claims],
  ['reset time', 'reset', message],
  ['finish renewal', 'certificate', claims],
  ['check proof', 'proof', bytesSpoilers],
];

const MAX: Readonly<Record<string, number>> = {
  list: LIMITS.listBytes + 1024,
  proof: LIMITS.frameBytes,
};

const rows = fields.flatMap(([command, field, spoilers]) =>
  [...spoilers, tooLong(MAX[field] ?? LIMITS.messageBytes)].map(
    (spoiler) => [command, field, spoiler.name, spoiler.code, spoiler] as const,
  ),
);

function world(): World {
  const ada = personalised(scheme, alpha, 'ada');
  const bo = personalised(scheme, beta, 'bo');
  load(ada, alpha, 1_000n);
  return { ada, bo };
}

const made = new Map<string, Sound & { readonly before: Backup }>();

/** The sound command, made once; its purse stands before it again each time. */
function ready(name: string): Sound & { readonly before: Backup } {
  let found = made.get(name);
  if (found === undefined) {
    const { device, command } = sound[name]!(world());
    found = { device, command, before: device.backup() };
    made.set(name, found);
  }
  // Nothing is remembered as verified either: every signature counts.
  found.device.rollback(found.before);
  return found;
}

describe('a broken message (TS-ERR-1, INV-VERIFY)', () => {
  it.each(rows)('%s with a %s that is %s: %s', (name, field, _, code, { spoil }) => {
    const { device, command, before } = ready(name);
    const good = (command as unknown as Record<string, Bytes>)[field]!;
    const broken = { ...command, [field]: spoil(good) } as Command;
    expect(device.code(broken)).toBe(code);
    expect(device.backup()).toEqual(before);
    expect(device.code(command)).toBe('OK');
  });
});

describe('a broken command (TS-PUR-3)', () => {
  const { ada } = world();
  const encoded = encodeCommand({ kind: 13, policy: new Uint8Array(4) });
  const commands: readonly [string, Bytes, string][] = [
    ['nothing', new Uint8Array(0), 'MALFORMED'],
    ['cut short', encoded.slice(0, -1), 'MALFORMED'],
    ['too long', new Uint8Array(LIMITS.frameBytes * 4 + 1), 'OVERSIZED'],
    ['trailing', Uint8Array.of(...encoded, 0), 'TRAILING_BYTES'],
    ['non-canonical', Uint8Array.of(0x98, 2, ...encoded.slice(1)), 'NON_CANONICAL'],
    ['of no kind', Uint8Array.of(0x80), 'WRONG_KIND'],
    ['of an unknown kind', Uint8Array.of(0x81, 0), 'WRONG_KIND'],
    ['of a kind that is no number', Uint8Array.of(0x81, 0x61, 0x31), 'WRONG_KIND'],
    ['without its field', Uint8Array.of(0x81, 13), 'MISSING_FIELD'],
    ['with a field too many', Uint8Array.of(0x82, 1, 0), 'BAD_FIELD'],
    ['with text for bytes', Uint8Array.of(0x82, 13, 0x61, 0x31), 'BAD_FIELD'],
    ['with a PIN too short', Uint8Array.of(0x82, 21, 0x43, 1, 2, 3), 'BAD_FIELD'],
  ];

  it.each(commands)('%s', (_, bytes, code) => {
    const before = ada.backup();
    const reply = readReply(ada.runBytes(bytes)!);
    expect(reply.ok ? 'OK' : reply.error.code).toBe(code);
    expect(ada.backup()).toEqual(before);
  });

  it('leaves the purse at work', () => {
    expect(decodePurseCertificate(ada.get({ kind: 1 }, 3).certificate).profile.tier).toBe(1);
  });
});
