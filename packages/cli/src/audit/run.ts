import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import {
  audit,
  type AuditReport,
  connect,
  findRunningEmbedded,
  openPostgresStore,
  readTrust,
  startEmbedded,
  startPool,
} from '@tallystick/backend';
import { type Call, printJson } from '../command/command.ts';
import { Failure } from '../command/failure.ts';
import { DATABASE_FOLDER, DEFAULT_DATA } from '../trust/places.ts';

/** What `audit --json` prints. */
export interface AuditOutput extends AuditReport {
  /** The same as `agrees`. */
  readonly ok: boolean;
  readonly scheme: string;
  readonly database: 'embedded' | 'external';
  /** Whether a running backend's own embedded database was looked at. */
  readonly joined: boolean;
}

/** A database to look at, and how to let go of it. */
interface Opened {
  readonly url: string;
  readonly joined: boolean;
  readonly close: () => Promise<void>;
}

/** Differences that are printed for a person; JSON has them all. */
const SHOWN = 20;

/** Audits a ledger; 0 when nothing differs. */
export async function runAudit(call: Call): Promise<number> {
  const { runtime, json, progress, values } = call;
  progress.say('opening the database');
  const opened = await openDatabase(call);
  try {
    const { report, scheme } = await auditAt(opened.url, call);
    const database = values.isSet('database-url') ? 'external' : 'embedded';
    const { joined } = opened;
    progress.clear();
    if (json) {
      const output: AuditOutput = { ok: report.agrees, scheme, database, joined, ...report };
      printJson(runtime, output);
    } else {
      runtime.writeOut(`${inWords(report, scheme)}\n`);
    }
    if (!report.agrees) runtime.writeError(`tallystick audit: ${accusation(report)}\n`);
    return report.agrees ? 0 : 1;
  } finally {
    await opened.close();
  }
}

/** The named database; else the embedded one of the data folder, joined where its backend runs. */
async function openDatabase({ values, runtime }: Call): Promise<Opened> {
  const url = values.text('database-url');
  if (url !== undefined) return { url, joined: false, close: () => Promise.resolve() };
  const data = resolve(runtime.workingFolder, values.text('data') ?? DEFAULT_DATA);
  const directory = join(data, DATABASE_FOLDER);
  if (!existsSync(directory)) {
    throw new Failure(
      'NO_LEDGER',
      `there is no database in ${data}: name its folder with --data, or give --database-url`,
    );
  }
  const running = await findRunningEmbedded(directory);
  if (running !== null) return { url: running, joined: true, close: () => Promise.resolve() };
  const embedded = await startEmbedded({ directory, log: () => undefined });
  return { url: embedded.url, joined: false, close: () => embedded.stop() };
}

async function auditAt(
  url: string,
  { progress }: Call,
): Promise<{ readonly report: AuditReport; readonly scheme: string }> {
  const store = await openPostgresStore(await connect<unknown>(url));
  const pool = startPool({ workers: availableParallelism() });
  try {
    const trust = await readTrust(store);
    if (trust === null) {
      throw new Failure(
        'NO_LEDGER',
        'this database holds no ledger yet: start serve or demo on it first',
      );
    }
    progress.say('reading the facts and verifying every signature');
    const report = await audit({
      store,
      trust,
      verifyMany: pool.verifyMany,
      progress: ({ facts, purses }) =>
        progress.say(
          purses === 0
            ? `${facts} facts read, and every signature verified`
            : `${facts} facts read; the shards of ${purses} purses compared`,
        ),
    });
    return { report, scheme: trust.anchor.scheme };
  } finally {
    await pool.close();
    await store.close();
  }
}

function inWords(report: AuditReport, scheme: string): string {
  const { purses, facts, payments, postings, signatures, undelivered, differences } = report;
  const lines = [
    `The ledger of ${scheme}, worked out again from its facts:`,
    `  ${purses} purses, ${facts} facts, ${payments} payments, ${postings} postings`,
    `  ${signatures} signatures verified again`,
  ];
  if (undelivered > 0) {
    lines.push(`  ${undelivered} messages are under way: what they will change was not compared`);
  }
  for (const { subject, purse, name, stored, computed } of differences.slice(0, SHOWN)) {
    const whose = purse === '' ? '' : ` of purse ${purse}`;
    lines.push(`  DIFFERS  ${subject} ${name}${whose}: ${stored}, but ${computed}`);
  }
  if (differences.length > SHOWN) lines.push(`  and ${differences.length - SHOWN} more (--json)`);
  if (report.agrees) lines.push('It agrees with what is stored, to the last minor unit.');
  return lines.join('\n');
}

function accusation({ differences }: AuditReport): string {
  const [first] = differences;
  const where = first === undefined ? '' : `, first the ${first.subject} ${first.name}`;
  return (
    `${differences.length} differences between the ledger and its facts${where};` +
    ' stop the backend and look at who wrote to the database'
  );
}
