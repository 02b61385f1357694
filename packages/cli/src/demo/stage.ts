import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { RunningServer, SchemeTier } from '@tallystick/backend';
import { currencyRow, decodePurseCertificate } from '@tallystick/protocol';
import type { TpmManufacturer } from '@tallystick/tre/tpm';
import type { Runtime } from '../command/runtime.ts';
import { type Environment, plain } from '../environments/index.ts';
import { Holder, value } from './holder.ts';
import type { Keepsake } from './keepsake.ts';
import type { Narrator } from './narrator.ts';
import { Network } from './network.ts';
import { Operator } from './operator.ts';
import { type PaymentReport, toMoney } from './report.ts';

/** Everything a scene works with. */
export interface Stage {
  readonly server: RunningServer;
  readonly operator: Operator;
  readonly network: Network;
  readonly narrator: Narrator;
  readonly keepsake: Keepsake;
  readonly cast: Cast;
  readonly environment: Environment;
  /** Payments in the order in which they were made. */
  readonly payments: PaymentReport[];
  readonly checks: { readonly name: string; readonly holds: boolean }[];
}

interface Cast {
  readonly ada: Holder;
  readonly ben: Holder;
  readonly cleo: Holder;
  readonly cafe: Holder;
}

/** What everybody's account holds at the start, in minor units. */
const ACCOUNT_BALANCE = 100_00n;

export interface StageOptions {
  readonly server: RunningServer;
  readonly operatorToken: string;
  /** Where the purses' storage goes. */
  readonly folder: string;
  readonly runtime: Runtime;
  readonly narrator: Narrator;
  readonly keepsake: Keepsake;
  /** Where the people's purses run; the shop's runs in the plain process. */
  readonly environment: Environment;
  /** Who makes their TPMs, where they have any. */
  readonly tpmMaker: TpmManufacturer | null;
}

/** Opens accounts and purses for three people and a shop, at two participants. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const { server, operatorToken, folder, runtime, narrator, keepsake } = options;
  const { environment, tpmMaker } = options;
  const { scheme, publisher } = server.backend.authority;
  const [alpha, beta] = scheme.participants;
  if (alpha === undefined || beta === undefined) {
    throw new Error('the story needs two participants');
  }
  const operator = new Operator(server.url, operatorToken);
  const network = new Network();
  // So that the story can be told again on the same database.
  const run = randomBytes(4).toString('hex');
  const enter = async (
    name: string,
    participant: { readonly code: string; readonly name: string },
    acceptancePoint: string | null = null,
  ): Promise<Holder> => {
    const account = `${name.toLowerCase().replaceAll(/[^a-z]/g, '')}-${run}`;
    const holder = new Holder({
      name,
      participant: participant.code,
      participantName: participant.name,
      acceptancePoint,
      account,
      folder: join(folder, account),
      publisher,
      environment: acceptancePoint === null ? environment : plain,
      backendUrl: server.url,
      network,
      nowMs: runtime.nowMs,
      tpmMaker,
      setVariable: runtime.setVariable,
    });
    const balance = toMoney(ACCOUNT_BALANCE, scheme.currency);
    await operator.openAccount({
      participant: participant.code,
      account,
      balance,
      acceptancePoint,
    });
    await holder.open();
    const enrolled = await holder.wallet.enrol({ participant: participant.code, account });
    value(enrolled, `the enrolment of ${name}`);
    return holder;
  };
  const cast: Cast = {
    ada: await enter('Ada', alpha),
    ben: await enter('Ben', beta),
    cleo: await enter('Cleo', alpha),
    cafe: await enter('Café', beta, 'Café Zoë, lane 3'),
  };
  const history = { payments: [], checks: [] };
  return { server, operator, network, narrator, keepsake, cast, environment, ...history };
}

/** Everybody on stage, in order of appearance. */
export function everybody({ cast }: Stage): readonly Holder[] {
  return [cast.ada, cast.ben, cast.cleo, cast.cafe];
}

/** The tier of somebody's purse: what its environment, and the evidence for that, are worth. */
export async function tierOf({ server }: Stage, holder: Holder): Promise<SchemeTier> {
  const { profile } = decodePurseCertificate(await holder.certificate());
  const { tiers } = server.backend.authority.scheme;
  const tier = tiers.find((each) => each.tier === profile.tier);
  if (tier === undefined) throw new Error(`the scheme has no tier ${profile.tier}`);
  return tier;
}

/** The alphabetic code of the scheme's currency. */
export function currencyCode({ server }: Stage): string {
  return currencyRow(server.backend.authority.scheme.currency).alpha;
}

/** Notes that something had to hold. */
export function demandThat(stage: Stage, name: string, holds: boolean): void {
  stage.checks.push({ name, holds });
  if (!holds) stage.narrator.say('', `!! this should hold and does not: ${name}`);
}

/** Who holds what, in one line. */
export async function sayHoldings(stage: Stage): Promise<void> {
  const { narrator } = stage;
  const parts: string[] = [];
  for (const holder of everybody(stage)) {
    parts.push(`${holder.name} ${narrator.money(await holder.balance())}`);
  }
  narrator.say('', `in the purses now: ${parts.join(' · ')}`);
}
