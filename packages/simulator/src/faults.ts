/** Everything the world does to its devices, by the name under which it is counted. */
export const FAULTS = [
  // Links between two devices.
  'messagesLost',
  'messagesDelayed',
  'messagesDuplicated',
  'messagesReordered',
  'linksCut',
  // Devices.
  'crashes',
  'tornWrites',
  'failedCommits',
  'disksFull',
  'clocksBack',
  'clocksForward',
  'clocksFrozen',
  'lostReportedEarly',
  'lostReportedLate',
  // The way to the backend, and the backend itself.
  'requestsLost',
  'repliesLost',
  'uploadsDelayed',
  'uploadsRepeated',
  'uploadsReordered',
  'listsSuppressed',
  'backendCrashes',
  'backendDisksFull',
  'outages',
  'emergencies',
  // The trusted application, which is no fault but as much of a change.
  'imagesReleased',
  'imagesWithdrawn',
  'imagesUpdated',
  // Attackers.
  'rollbacks',
  'clones',
  'loadsTakenTwice',
  'keysExtracted',
  'acceptedAndVoided',
  'omittedFromSync',
  'claimedTwice',
  'collusions',
  'lostReportedFalsely',
] as const;

export type Fault = (typeof FAULTS)[number];

/** Counts of what the world did to its devices: a run that shows none has proven little. */
export type FaultCounts = Record<Fault, number>;

/**
 * How often each fault happens, in parts per thousand of its occasions: a frame, an effect of a
 * command, a request, an operation of the backend's store, or a turn of the agent that it befalls.
 * What follows from others, such as a reordered upload, has no rate of its own.
 */
export type FaultRates = Readonly<FaultCounts>;

export const DEFAULT_RATES: FaultRates = {
  messagesLost: 40,
  messagesDelayed: 150,
  messagesDuplicated: 40,
  messagesReordered: 40,
  linksCut: 20,
  crashes: 4,
  tornWrites: 6,
  failedCommits: 3,
  disksFull: 12,
  clocksBack: 5,
  clocksForward: 5,
  clocksFrozen: 5,
  lostReportedEarly: 1,
  lostReportedLate: 1,
  requestsLost: 40,
  repliesLost: 60,
  uploadsDelayed: 150,
  uploadsRepeated: 80,
  uploadsReordered: 0,
  listsSuppressed: 60,
  backendCrashes: 1,
  backendDisksFull: 1,
  outages: 2,
  emergencies: 300,
  imagesReleased: 3,
  imagesWithdrawn: 200,
  imagesUpdated: 500,
  rollbacks: 40,
  clones: 15,
  loadsTakenTwice: 25,
  keysExtracted: 15,
  acceptedAndVoided: 20,
  omittedFromSync: 20,
  claimedTwice: 20,
  collusions: 20,
  lostReportedFalsely: 8,
};

/** A world in which nothing goes wrong: how every run ends, so that what is left over shows. */
export const CALM: FaultRates = noFaults();

export function noFaults(): FaultCounts {
  return Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as FaultCounts;
}
