import type { Tear } from '../bench/tap.ts';

/** All that the page says. */
export const words = {
  title: 'Tallystick',
  /** The same names within a sentence. */
  named: { shop: 'the shop’s till' } as Readonly<Record<string, string>>,
  lead: 'Two phones pay each other without any network. The money is final at once, and the bank’s books balance when they come back.',
  skip: 'To the devices',
  names: { ada: 'Ada’s phone', ben: 'Ben’s phone', shop: 'The shop’s till' } as Readonly<
    Record<string, string>
  >,

  network: 'Network',
  networkHint:
    'The device’s connections are refused for real: its app and its purse run from what the browser keeps.',
  on: 'on',
  off: 'off',
  hold: (one: string, other: string) => `Hold ${one} to ${other}`,
  tap: 'Hold together',
  tapHint: 'On one device choose “Get paid” and show the code; then hold the other to it.',
  tear: 'Tear the next tap',
  tears: {
    none: 'Not at all',
    payment: 'before the payment arrives',
    receipt: 'before the receipt arrives',
  } satisfies Record<Tear | 'none', string>,

  more: 'What a thief or the bank can do',
  steal: 'Copy its memory',
  putBack: 'Put the copy back',
  stealHint:
    'Whoever has the files of this device can do this. No software here can prevent it; what follows, shows.',
  revoke: 'Revoke its purse',
  revoked:
    'Revoked. Others refuse it once they have heard: from the bank, or from a device that has.',
  notYet: 'It has no purse yet.',
  isOff: 'Off: somebody has its files.',
  failed: (why: string) => `That did not work (${why}). Try again.`,

  wire: 'On the wire',
  wireEmpty: 'Nothing has gone between the devices yet.',
  wireAll: 'These bytes are all that goes between them: no server, no network.',
  frames: {
    0: 'unreadable',
    1: 'request',
    2: 'payment',
    3: 'receipt',
    4: 'payment, shown again',
    5: 'void',
    6: 'status list',
    7: 'fork proof',
    8: 'refusal',
    9: 'newest revocations',
    10: 'witnesses',
    11: 'question about a payment',
    12: 'exhibit',
  } as Readonly<Record<number, string>>,
  compare: 'question for newer revocations',
  bytes: (count: number) => `${count} bytes`,
  torn: 'torn: it never arrived',
  arrow: (from: string, to: string) => `from ${from} to ${to}`,

  books: 'The bank’s books',
  booksEmpty: 'The bank does not answer.',
  reserve: 'Set aside for purses',
  loss: 'Covered from the fund',
  balances: 'In purses, as last heard',
  inFlight: 'Under way between purses',
  balanced: 'They balance.',
  unbalanced: 'They do not balance!',
  operator: 'The operator',

  tour: {
    title: 'Two minutes',
    start: 'Start the tour',
    next: 'Next',
    back: 'Back',
    end: 'End the tour',
    again: 'From the start',
    place: (at: number, of: number) => `Step ${at} of ${of}`,
    done: 'Done.',
    steps: {
      open: [
        'Open two purses',
        'On each phone type a PIN such as 2468, twice, and press “Open my purse”. Each gets play money, some of it in the purse.',
      ],
      cutOff: [
        'Take the network away',
        'Switch off “Network” under both phones. From here on the two cannot reach anything but each other.',
      ],
      ask: [
        'Ben asks',
        'On Ben’s phone: “Get paid”, an amount such as 5.00, “Show my code”. Then press “Hold Ada’s phone to Ben’s phone”.',
      ],
      pay: [
        'Ada pays',
        'Ada’s phone shows who asks and how much. Press “Pay”. Ben’s phone says that the money is his: final, and his to spend at once.',
      ],
      wire: [
        'Three messages',
        'A request, a payment, a receipt: see them under “On the wire”. Each is signed by a purse. Ben’s phone checked Ada’s payment all by itself.',
      ],
      tear: [
        'Tear a tap',
        'Choose “before the receipt arrives” under “Tear the next tap”, and let Ben ask Ada again. Ada’s phone cannot know whether Ben has it, and says so.',
      ],
      reconnect: [
        'Back on the network',
        'Switch both networks on. Each phone tells the bank its half; the halves are matched, the payment in doubt is settled, and the books balance.',
      ],
      roll: [
        'Now cheat',
        'Switch the networks off again. Under Ada’s phone press “Copy its memory”, pay Ben, then “Put the copy back”: the money is there again. Ben’s phone remembers Ada’s, and refuses a second payment. The shop has not met her: set up its till while it has a network, and pay there.',
      ],
      caught: [
        'And be caught',
        'Switch the networks on. The bank now has two payments from one place in Ada’s log, both signed by her purse: proof for anybody, see “Forks” at the operator’s. Ben and the shop keep their money; Ada’s purse is revoked, and what is lost is bounded by its limits.',
      ],
    },
  },
} as const;
