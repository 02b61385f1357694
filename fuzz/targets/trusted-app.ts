import { concat, ED25519, equal } from '@tallystick/protocol';
import { createNativeVerifier } from '@tallystick/backend';
import {
  boot,
  COMMAND,
  type Command,
  decodeStored,
  encodeCommand,
  isPurse,
  readReply,
  step,
} from '@tallystick/trusted-app';
import {
  type Backup,
  encodeStored,
  TEST_MEASUREMENT,
  type TestDevice,
} from '@tallystick/trusted-app/testing';
import { mustHold, type Target } from '../engine/target.ts';
import { BOUNDS } from './defaults.ts';
import { resigned } from './resign.ts';
import { checkChange } from './books.ts';
import { type Cast, cast } from './cast.ts';

/** The trusted application: hostile commands, hostile hosts, hostile storage. */
export function trustedAppTargets(): Target[] {
  const parts = cast();
  return [hostileCommands(parts), hostileHost(parts), hostileStorage(parts)];
}

/** The first byte chooses a purse in some state, the rest is a command for it (TS-PUR-3). */
function hostileCommands({ devices, commands, signers }: Cast): Target {
  const starts = devices.map((device) => device.backup());
  devices.forEach(verifyNatively);
  return {
    ...BOUNDS,
    name: 'ta-step',
    inputMax: 300_000,
    // A full replay memory is read back after every change, and a list unpacked for every question.
    memoryMax: 67_108_864,
    msMax: 1_000,
    seeds: commands.flatMap((command) =>
      devices.map((_, at) => concat(Uint8Array.of(at), encodeCommand(command))),
    ),
    deepen: (input, random) =>
      concat(input.subarray(0, 1), resigned(input.subarray(1), signers, random)),
    run: (input) => {
      const at = (input[0] ?? 0) % devices.length;
      const [device, start] = [devices[at], starts[at]];
      if (device === undefined || start === undefined) throw new RangeError('no such device');
      const reply = device.runBytes(input.subarray(1));
      mustHold(reply !== null, 'a command had no reply');
      const read = readReply(reply);
      const after = device.backup();
      forget(device);
      // A wrong PIN costs a try: the one refusal that is remembered.
      const mayChange = read.ok || read.error.code === 'PIN_WRONG';
      if (!isSame(start, after)) {
        device.rollback(start);
        mustHold(mayChange, `${read.ok ? '' : read.error.code} changed the state`);
        checkChange(start, after, mayChange && !read.ok);
      }
    },
  };
}

/** A bounded memory of verdicts, natively worked out: signatures are most of the time otherwise. */
function verifyNatively(device: TestDevice): void {
  const verify = createNativeVerifier(64);
  device.meddle = (effect) => (effect.kind === 'verify' ? verify(effect.check) : undefined);
}

/** The device keeps lists for tests that look at them; here they would only grow. */
function forget(device: TestDevice): void {
  device.effects.length = 0;
  device.signed.length = 0;
}

function isSame(one: Backup, other: Backup): boolean {
  if (one.logEnd !== other.logEnd || one.log.size !== other.log.size) return false;
  if (one.stored === other.stored) return true;
  if (one.stored === null || other.stored === null) return false;
  return equal(one.stored, other.stored);
}

/** Answers of every wrong shape, by number; none of them is a yes. */
const WRONG: readonly unknown[] = [
  null,
  false,
  undefined,
  0,
  1,
  -1,
  Number.NaN,
  2 ** 53,
  'true',
  {},
  [],
  new Uint8Array(0),
  new Uint8Array(7),
  new Uint8Array(31),
  new Uint8Array(32),
  new Uint8Array(33),
  new Uint8Array(63),
  new Uint8Array(64).fill(0xff),
  new Uint8Array(70_000),
];

/**
 * The first byte chooses a sound command, each byte after it how one effect is answered: honestly, or
 * by something of a wrong shape (TS-TRE-2).
 */
function hostileHost({ devices, commands }: Cast): Target {
  const device = devices[0];
  if (device === undefined) throw new RangeError('there is a device');
  const start = device.backup();
  const verify = createNativeVerifier(64);
  return {
    ...BOUNDS,
    name: 'ta-host',
    inputMax: 64,
    msMax: 1_000,
    seeds: commands.map((_, at) => Uint8Array.of(at, 128, 128, 128, 128, 128, 128, 128)),
    run: (input) => {
      const command = commands[(input[0] ?? 0) % commands.length];
      if (command === undefined) throw new RangeError('no such command');
      let at = 1;
      device.meddle = (effect) => {
        const choice = input[at++] ?? 128;
        if (choice < 128) return WRONG[choice % WRONG.length] as never;
        return effect.kind === 'verify' ? verify(effect.check) : undefined;
      };
      execute(device, command);
      device.meddle = null;
      device.restart();
      const after = device.backup();
      forget(device);
      if (isSame(start, after)) return;
      device.rollback(start);
      checkChange(start, after, false);
    },
  };
}

/** Runs a command; an application that ends because its environment failed it is as it should be. */
function execute(device: TestDevice, command: Command): void {
  try {
    mustHold(device.runBytes(encodeCommand(command)) !== null, 'a command had no reply');
  } catch (error) {
    const isFault = error instanceof TypeError && error.message.startsWith(FAULT);
    if (!isFault) throw error;
  }
}

const FAULT = 'the environment answered';

const PROBES: readonly Command[] = [
  { kind: COMMAND.status },
  { kind: COMMAND.state },
  { kind: COMMAND.request, currency: 978, amount: 5n, expires: 4_000_000_000, isStatic: false },
  { kind: COMMAND.startRenewal, alg: ED25519, challenge: new Uint8Array(32) },
];

/** What an environment kept, changed outside: it boots or is refused, and then answers (TS-TRE-3). */
function hostileStorage({ devices }: Cast): Target {
  const identity = { environment: 'test', measurement: TEST_MEASUREMENT };
  return {
    ...BOUNDS,
    name: 'ta-stored',
    inputMax: 1_100_000,
    memoryMax: 67_108_864,
    msMax: 1_000,
    seeds: devices.flatMap(({ stored }) => (stored === null ? [] : [stored])),
    run: (input) => {
      const booted = boot(identity, input, 3);
      if (!booted.ok) {
        mustHold(booted.error.code === 'TAMPERED', `refused with ${booted.error.code}`);
        return;
      }
      const { state } = booted.value;
      const locked = state.stored !== null && isPurse(state.stored) && state.stored.lock !== 0;
      const again = locked ? null : encodeStored(decodeStored(input));
      mustHold(again === null || equal(again, input), 'an accepted state has another encoding');
      for (const probe of PROBES) {
        const turn = step(state, { kind: 'command', bytes: encodeCommand(probe) });
        mustHold(turn.reply !== null || turn.effects.length === 1, 'neither effect nor reply');
      }
    },
  };
}
