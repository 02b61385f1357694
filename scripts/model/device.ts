import { type Bytes, decodeEntry, ES256, recordId, toHex } from '@tallystick/protocol';
import {
  type Backup,
  enrolledKey,
  type Outcome,
  personaliseCommand,
  TestDevice,
  type TestParticipant,
  type TestScheme,
} from '@tallystick/trusted-app/testing';

type Command = Parameters<TestDevice['run']>[0];

/** The power fails on purpose. */
class PowerCut extends Error {}

/** A real trusted application in a purse of the model. */
export class RealPurse {
  readonly device: TestDevice;
  readonly home: TestParticipant;
  readonly certificate: Bytes;
  /** Its name at the backend. */
  id = '';
  backup: Backup | null = null;

  constructor(scheme: TestScheme, home: TestParticipant, label: string) {
    this.device = new TestDevice(label);
    this.home = home;
    const { enrolment } = this.device.get(
      { kind: 2, alg: ES256, challenge: new Uint8Array(32), pin: null },
      2,
    );
    this.certificate = home.certify(enrolledKey(enrolment));
    // The model has no hops: the limit is out of its traces' reach.
    const policy = scheme.signPolicy({ hopMax: 23 });
    this.device.get({ ...personaliseCommand(scheme, this.certificate), policy }, 0);
  }

  /** Runs a command; `before` or `after` cuts the power around its commit. Null when it was cut. */
  run(command: Command, cut: string): Outcome | null {
    let isCommitted = false;
    this.device.committed = () => {
      isCommitted = true;
    };
    this.device.meddle = ({ kind }) => {
      const isNow = cut === 'before' ? kind === 'commit' : cut === 'after' && isCommitted;
      if (isNow) throw new PowerCut();
      return undefined;
    };
    try {
      return this.device.run(command);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.device.meddle = null;
      this.device.restart();
      return null;
    } finally {
      this.device.meddle = null;
      this.device.committed = null;
    }
  }

  /** Id of the record at the end of the committed log. */
  newest(): string {
    const bytes = this.device.log.get(this.device.purse.seq);
    if (bytes === undefined) throw new Error('the log lacks its last entry');
    return toHex(recordId(decodeEntry(bytes).record));
  }

  /** The log entries from one position to another, as they are uploaded. */
  entries(from: number, to: number): Bytes[] {
    return Array.from({ length: to - from + 1 }, (_, index) => {
      const bytes = this.device.log.get(from + index);
      if (bytes === undefined) throw new Error(`the log lacks entry ${from + index}`);
      return bytes;
    });
  }

  request(amount: bigint, expires: number): Bytes {
    const command = { kind: 4, currency: 978, amount, expires, isStatic: false } as const;
    return this.device.get(command, 1).message;
  }

  snapshot(): void {
    this.backup = this.device.backup();
  }

  rollBack(): void {
    if (this.backup === null) throw new Error('no snapshot was taken');
    this.device.rollback(this.backup);
  }
}
