import { common } from '@tallystick/kit/words/en';

/** What the terminal says. Every other language has the same, and says it in its own way. */
export const words = {
  ...common,

  app: 'Tallystick Terminal',
  opening: 'Opening the till…',

  unavailable: {
    title: 'The till does not open',
    text: 'Nothing in it is lost.',
    reasons: {
      BUSY: 'It is open in another tab or window. Close it there, then try again.',
      TAMPERED:
        'What is stored on this device was changed or damaged. Report the till lost at your bank: what is left is paid to the shop.',
      STORAGE_FAILED: 'This device has no space left. Free some, then try again.',
      BACKEND_UNREACHABLE: 'The first start needs the network once. Connect, then try again.',
      HARDWARE_FAILED: 'The place where the till keeps its money does not answer. Reload the page.',
    } as Readonly<Record<string, string>>,
    other: (code: string) => `Try again. If that does not help, tell your bank: ${code}.`,
  },

  welcome: {
    title: 'Set up a till',
    lead: 'Take payments from phones, with or without a network. The money is the shop’s as soon as this till says so.',
    bank: 'The shop’s bank',
    sandbox: 'This is a sandbox: the shop gets accounts with play money.',
    shop: 'Name of the shop',
    shopHint: 'Payers see it before they pay.',
    shopMissing: 'Give the shop a name.',
    tooLong: 'Name and till are too long together.',
    lane: 'This till',
    firstLane: 'Till 1',
    laneHint:
      'Each till of a shop has its own code and its own report. Set up the others on devices of their own.',
    laneMissing: 'Give the till a name, such as its number.',
    pin: 'A PIN for cashiers',
    pinWhy: 'It is asked for before refunds, the report and the takings.',
    refunds: 'Money for refunds',
    refundsHint:
      'A till that takes money cannot pay any out. Refunds come from a purse beside it, which each contact with the bank fills up to this.',
    none: 'No refunds here',
    start: 'Open the till',
    offline:
      'The bank does not answer. Setting up a till needs the network once; selling does not.',
  },

  network: {
    offline: 'No network. Sales and refunds go on; they settle later.',
    unreached: 'The bank did not answer. Nothing is lost; it will be asked again.',
    refused: (reason: string) => `The bank did not take this: ${reason}`,
    syncing: 'Talking to the bank…',
    sync: 'Talk to the bank now',
    update: 'A newer version of the till is there. Reload this page to have it.',
    tampered:
      'What is stored on this device was changed from outside, so the till has locked itself. Go online: the bank checks it and unlocks it.',
  },

  sell: {
    menu: 'More',
    amount: 'Amount',
    total: 'Total',
    add: 'Add to the list',
    list: 'List',
    line: (number: number) => `Line ${number}`,
    remove: (amount: string) => `Remove ${amount}`,
    clear: 'Clear all',
    charge: (amount: string) => `Charge ${amount}`,
    nothing: 'Charge',
    counter: 'Counter code',
    queue: (count: number) => (count === 1 ? '1 not settled yet' : `${count} not settled yet`),
    settled: 'All settled',
  },

  charge: {
    title: 'Charge',
    empty: 'There is nothing to charge yet.',
    show: 'Show this to the customer',
    request: (amount: string) => `Request for ${amount}`,
    thenPayment: 'The customer scans it and pays. Then hold their phone before this camera.',
    paid: (amount: string) => `${amount} paid`,
    yours: 'The money is the shop’s now.',
    receipt: 'Receipt for the customer’s phone',
    receiptWhy: 'Let them scan it, so that their phone knows that it arrived.',
    next: 'Next customer',
    earlier: (amount: string) => `An earlier payment of ${amount} has arrived`,
    earlierText:
      'It was begun before and pays nothing of this sale. Show its receipt, then charge again.',
    chargeAgain: 'Charge again',
    failed: 'Not paid',
  },

  counter: {
    title: 'Code on the counter',
    text: 'Payers scan it, type the amount, and show their payment to this till.',
    label: 'Code of this till; the payer types the amount',
    print: 'Print this code',
    scan: 'Hold the customer’s payment before the camera.',
    accepted: (amount: string) => `${amount} paid`,
    repeated: (amount: string) => `${amount}: shown before, counted once`,
    refused: 'Not paid',
    poster: 'Scan to pay, with or without a network',
  },

  sales: {
    title: 'Sales and refunds',
    empty: 'Nothing yet. What is sold or paid back here is listed here.',
    sale: 'Sale',
    atCounter: 'Sale by the code on the counter',
    refund: 'Refund',
    missing: 'This payment is not on this till.',
    states: {
      taken: 'not settled yet',
      settled: 'in the bank’s books',
      inDoubt: 'not confirmed yet',
      cameBack: 'came back',
    },
    when: 'When',
    state: 'State',
    number: 'Number',
    lines: 'List',
    refundOf: 'Refund of',
    refunds: 'Refunds of this sale',
    left: 'May still be paid back',
    refundThis: 'Refund',
  },

  refund: {
    title: 'Refund',
    amount: 'How much to pay back?',
    most: (amount: string) => `At most ${amount}`,
    next: (amount: string) => `Pay back ${amount}`,
    look: (amount: string) =>
      `Ask the customer to open “Get paid”, type ${amount}, and hold their code before this camera.`,
    stranger: 'That is a code, but nobody asks for money in it.',
    show: 'Show this to the customer',
    showing: (amount: string) => `Refund of ${amount}`,
    thenReceipt: 'Let them scan it. Then hold their receipt before this camera.',
    stop: 'Stop here',
    paid: (amount: string) => `${amount} paid back`,
    inDoubt: 'Not confirmed yet',
    inDoubtText:
      'The money has left the refund purse. If the customer’s screen shows it, all is well. If not, go online: it comes back by itself.',
    cameBack: 'The money is in the refund purse again.',
    differs: (asked: string, amount: string) =>
      `The customer asks for ${asked}, and the refund is ${amount}. Have them type the same amount.`,
    failed: 'Nothing was paid back',
    nothingLeft: 'All of this sale was paid back.',
    noPurse: (amount: string) =>
      `The refund purse has ${amount} for one refund now. Fill it up under “Takings and refunds”, or pay back less.`,
  },

  queue: {
    title: 'Not settled yet',
    text: 'The money is the shop’s already. It is in the bank’s books once this till was online.',
    empty: 'Everything is in the bank’s books.',
    count: 'Payments',
    amount: 'Sum',
  },

  report: {
    title: 'End of day',
    day: 'Day',
    lane: 'Till',
    sales: 'Sales',
    refunds: 'Refunds',
    net: 'Net',
    settled: 'In the bank’s books',
    outstanding: 'Not settled yet',
    amount: 'Amount',
    count: 'Count',
    print: 'Print',
    save: 'Save as a table (CSV)',
    empty: 'Nothing was sold or paid back on this day.',
    kept: 'Settled payments stay on this till for 90 days. Save the report for longer.',
  },

  takings: {
    title: 'Takings and refunds',
    inTill: 'Takings in this till',
    payOut: 'Bring the takings to the bank',
    paidOut: (amount: string) => `${amount} went to the shop’s account.`,
    none: 'There are no takings in this till.',
    needsNetwork: 'This needs the network.',
    refundPurse: 'Refund purse',
    available: 'One refund, at most',
    failed: 'That did not work',
  },

  gate: {
    pin: 'Cashier’s PIN',
    why: 'Only cashiers go on from here.',
    open: 'Go on',
  },

  more: {
    title: 'More',
    language: 'Language',
    changePin: 'Change the PIN',
    currentPin: 'The PIN of now',
    newPin: 'New PIN',
    pinChanged: 'The PIN is changed.',
    about:
      'The till’s money is in a closed place in this browser that this page cannot look into. It takes money and pays none out, so that a stolen till is no purse for whoever has it.',
  },

  /** What a failure means to a cashier, by its code. */
  failures: {
    DECLINED: 'It was declined.',
    TIMED_OUT: 'Nobody paid in time. Charge again.',
    LINK_ENDED: 'It was ended before it was complete. Charge again.',
    INSUFFICIENT_FUNDS:
      'There is not enough in the refund purse. Fill it up under “Takings and refunds”.',
    OVER_PAYMENT_LIMIT: 'That is more than one refund may be. Pay back in parts.',
    OVER_TOTAL_LIMIT: 'The refund purse has to go online before it pays more.',
    OVER_COUNT_LIMIT: 'The refund purse has to go online before it pays more.',
    OFFLINE_TOO_LONG: 'The refund purse has to go online before it pays more.',
    OVER_BALANCE_CEILING: 'The till is full. Bring the takings to the bank.',
    OVER_PAYER_CAP:
      'This customer has paid here as much as a till may take from one purse before it is online. Go online, or take another payment.',
    NEEDS_SYNC: 'The till has to go online first.',
    PAYER_STALE:
      'The customer’s purse has not been online for too long. They have to go online first.',
    REQUEST_EXPIRED: 'The code is too old. Charge again.',
    PAST_ACCEPT_BY:
      'That payment is too old. The customer gets it back at their next contact with their bank.',
    CERTIFICATE_EXPIRED:
      'The customer’s purse has not been online for too long. They have to go online first.',
    REVOKED: 'The customer’s purse is blocked by its bank. Take another payment.',
    WRONG_PAYEE: 'That payment is for another till.',
    WRONG_AMOUNT: 'That payment is for another amount. Charge again.',
    BAD_SIGNATURE:
      'That payment is not for this sale. Have the customer scan this till’s code first.',
    MALFORMED: 'That is no payment. Have the customer show theirs again.',
    UNEXPECTED_FRAME: 'That is no payment. Have the customer show theirs again.',
    PIN_WRONG: 'That was not it.',
    PIN_BLOCKED: 'Too many wrong PINs. Go online: the bank gives new tries.',
    PIN_REQUIRED: 'This needs the PIN.',
    LOCKED: 'The till is locked. Go online: the bank checks it.',
    PEER_REFUSED: 'The customer’s phone refused.',
    BACKEND_UNREACHABLE: 'The bank did not answer. Nothing is lost.',
    ELEMENT_FAILED: 'The till’s purse did not answer. Reload this page, then look at the sales.',
    STORE_FAILED: 'This device has no space left. Free some, then try again.',
  } as Readonly<Record<string, string>>,
  failure: (code: string, message: string) => `${message} (${code})`,
};

export type Words = typeof words;
