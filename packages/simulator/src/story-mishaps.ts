import type { Mishap } from './fate.ts';
import { personOf } from './people.ts';

/** What went wrong in a deed, in words, one phrase a mishap. */
export function mishapWords({ fault, where, occasion, extent }: Mishap): string {
  const to = personOf(where.replace(/^to /, ''));
  const nth = ordinal(occasion + 1);
  switch (fault) {
    case 'messagesLost':
      return `the ${nth} message to ${to} is lost`;
    case 'linksCut':
      return `the link ends at the ${nth} message to ${to}`;
    case 'messagesDelayed':
      return `the ${nth} message to ${to} is ${lapse(extent)} late`;
    case 'messagesDuplicated':
      return `the ${nth} message to ${to} arrives twice`;
    case 'messagesReordered':
      return `the ${nth} message to ${to} is overtaken`;
    case 'crashes':
      return `${to}'s power fails before the ${nth} effect`;
    case 'tornWrites':
      return `${to}'s power fails in the middle of the ${nth} commit`;
    case 'failedCommits':
      return `the ${nth} commit of ${to}'s device fails`;
    case 'requestsLost':
      return `the ${nth} request of ${to} is lost`;
    case 'repliesLost':
      return `the ${nth} reply to ${to} is lost`;
    case 'uploadsDelayed':
      return `${to}'s upload is ${lapse(extent)} late`;
    case 'uploadsRepeated':
      return `${to}'s upload arrives again ${lapse(extent)} later`;
    case 'listsSuppressed':
      return `somebody keeps the status list from ${to}`;
    case 'backendCrashes':
      return `the backend dies at its ${nth} operation`;
    case 'backendDisksFull':
      return `the backend's disk is full at its ${nth} commit`;
    default:
      return `${fault} befalls ${to}`;
  }
}

function ordinal(count: number): string {
  const isTeen = count % 100 >= 11 && count % 100 <= 13;
  const suffix = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${suffix}`;
}

/** Milliseconds in the largest unit that fits. */
export function lapse(ms: number): string {
  const units = [
    [86_400_000, 'days'],
    [3_600_000, 'hours'],
    [60_000, 'minutes'],
    [1_000, 'seconds'],
  ] as const;
  for (const [size, name] of units) {
    if (ms >= 2 * size) return `${Math.floor(ms / size)} ${name}`;
  }
  return `${ms} ms`;
}
