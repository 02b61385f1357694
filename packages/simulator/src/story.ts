import { currencyOf, formatAmount } from '@tallystick/protocol';
import type { Attack, Deed, Done } from './deeds.ts';
import { inPeople, personOf } from './people.ts';
import { DAY } from './scheme.ts';
import { lapse, mishapWords } from './story-mishaps.ts';
import type { Found } from './violation-kind.ts';

/** A history in words: one line for each deed, and what the audit found in the end. */
export function tell(history: readonly Done[], found: Found, isInCalm: boolean): readonly string[] {
  let before = 0;
  const lines = history.map((done) => {
    const passed = done.at - before;
    before = done.at;
    const sentence = inPeople(sentenceOf(done));
    return passed < DAY * 1_000 ? sentence : `${lapse(passed)} later: ${sentence}`;
  });
  const end = isInCalm ? ['Then everybody syncs, and brings the money home.'] : [];
  const { invariant, detail } = found;
  const [what = ''] = detail.split('\n');
  return [...lines, ...end, `The audit finds: ${invariant}, ${shortened(inPeople(what))}.`];
}

function sentenceOf({ deed, mishaps, outcome }: Done): string {
  const parts = [wordsOf(deed), ...mishaps.map(mishapWords), ...outcomeWords(outcome)];
  return `${parts.join('; ')}.`.replace(/^[a-z]/, (letter) => letter.toUpperCase());
}

function wordsOf(deed: Deed): string {
  const who = personOf(deed.who);
  switch (deed.do) {
    case 'enrol':
      return `${who} opens a purse`;
    case 'load':
      return `${who} loads ${money(deed.amount)}`;
    case 'pay':
      return `${who} pays ${deed.whom} ${money(deed.amount)}`;
    case 'ask':
      return deed.how === 'retry'
        ? `${who} shows ${deed.whom} the payment again`
        : `${who} asks ${deed.whom} to give up the payment`;
    case 'meet':
      return `${who} meets ${deed.whom}`;
    case 'sync':
      return `${who} syncs`;
    case 'redeem':
      return deed.amount === null
        ? `${who} brings all the money home`
        : `${who} brings ${money(deed.amount)} home`;
    case 'reach':
      return deed.isOnline ? `${who} is online again` : `${who} goes offline`;
    case 'set-clock':
      return clockWords(who, deed.clock);
    case 'arrive':
      return `${who} comes along`;
    case 'release-image':
      return deed.withdraws
        ? 'a new version of the trusted application replaces one that is withdrawn'
        : 'a new version of the trusted application comes out';
    case 'update':
      return `${who} takes the newest version`;
    case 'lose':
      return deed.isFound
        ? `${who} loses the device, and somebody finds it`
        : `${who} loses the device`;
    case 'report-lost':
      return deed.manner === 'falsely'
        ? `${who} reports the device lost, and goes on using it`
        : `${who} reports the device lost`;
    case 'refund':
      return 'the backend refunds what was lost';
    case 'outage':
      return deed.isOn
        ? 'the network goes down, and an emergency is declared'
        : 'the network is back, and the emergency is over';
    case 'read-poster':
      return `${who} reads the policy off a poster`;
    case 'fill-disk':
      return deed.isFull ? `${who}'s disk is full` : `${who}'s disk has room again`;
    default:
      return attackWords(who, deed);
  }
}

function attackWords(who: string, deed: Attack): string {
  switch (deed.do) {
    case 'copy-storage':
      return `${who} keeps a copy of the storage`;
    case 'roll-back':
      return `${who} puts the old storage back`;
    case 'clone':
      return `${who} copies the device to ${deed.as}`;
    case 'take-load-twice':
      return `${who} loads ${money(deed.amount)} on two copies of the device at once`;
    case 'forge':
      return `${who} writes ${money(deed.amount)} into the purse with its own key`;
    case 'accept-and-void':
      return `${who} takes ${money(deed.amount)} from ${deed.whom}, then voids it`;
    case 'omit-from-sync':
      return `${who} takes ${money(deed.amount)} from ${deed.whom} past the log`;
    case 'claim-twice':
      return `${who} accepts the last payment once more`;
    case 'collude':
      return `${who} pays ${deed.whom}, who looks away, ${money(deed.amount)} of forged money`;
  }
}

function clockWords(who: string, clock: Extract<Deed, { do: 'set-clock' }>['clock']): string {
  if ('frozenAt' in clock) return `${who}'s clock stands still`;
  if (clock.offset === 0) return `${who}'s clock is set right`;
  const by = lapse(Math.abs(clock.offset) * 1_000);
  return `${who}'s clock jumps ${by} ${clock.offset < 0 ? 'back' : 'forward'}`;
}

function outcomeWords(outcome: Done['outcome']): readonly string[] {
  switch (outcome) {
    case null:
      return ['it is still under way'];
    case 'done':
    case 'paid':
      return [];
    case 'inDoubt':
      return ['nobody can say yet whether it arrived'];
    case 'takenBack':
      return ['the money is back with the payer'];
    default:
      return /^[A-Z_]+$/.test(outcome) ? [`it is refused: ${outcome}`] : [outcome];
  }
}

/** The simulated scheme's currency is the euro. */
function money(amount: bigint): string {
  const euro = currencyOf('EUR');
  return euro.ok ? formatAmount(amount, euro.value) : amount.toString();
}

/** Long identifiers by their first digits. */
function shortened(text: string): string {
  return text.replaceAll(/\b([0-9a-f]{8})[0-9a-f]{8,}\b/g, '$1…');
}
