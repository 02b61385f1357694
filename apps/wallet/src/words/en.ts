import { common } from '@tallystick/kit/words/en';

/** What the wallet says. Every other language has the same, and says it in its own way. */
export const words = {
  ...common,

  app: 'Tallystick Wallet',
  opening: 'Opening your purse…',

  unavailable: {
    title: 'Your purse does not open',
    text: 'Nothing in it is lost.',
    reasons: {
      BUSY: 'It is open in another tab or window. Close it there, then try again.',
      TAMPERED:
        'What is stored on this device was changed or damaged. Report the device lost at your bank: what is left is paid back.',
      STORAGE_FAILED: 'This device has no space left. Free some, then try again.',
      BACKEND_UNREACHABLE: 'The first start needs the network once. Connect, then try again.',
      HARDWARE_FAILED: 'The place where your purse lives does not answer. Reload the page.',
    } as Readonly<Record<string, string>>,
    other: (code: string) => `Try again. If that does not help, tell your bank: ${code}.`,
  },

  welcome: {
    title: 'Money that works without a network',
    lead: 'Pay and get paid from phone to phone. No signal needed, on either side.',
    points: [
      'Money is on this phone, like cash in a purse.',
      'What you receive is yours at once, and you can spend it at once.',
      'Go online now and then: your bank fills the purse up, and checks the books.',
    ],
    bank: 'Your bank',
    sandbox: 'This is a sandbox: you get an account with play money.',
    pin: 'A PIN for larger amounts',
    first: (amount: string) => `The purse is filled up to ${amount}.`,
    start: 'Open my purse',
    offline: 'Your bank does not answer. Opening a purse needs the network once; paying does not.',
    lesson:
      'Money in the purse is like cash: if the phone is lost, the bank pays it back only after some weeks.',
  },

  homeScreen: {
    total: 'Your money',
    inPurse: 'On this phone',
    atBank: 'At the bank',
    available: (amount: string) => `Up to ${amount} can be paid right now, also without a network`,
    pay: 'Pay',
    receive: 'Get paid',
    recent: 'Lately',
    all: 'All payments',
    empty: 'Nothing yet. Pay somebody, or get paid: both work without a network.',
    menu: 'More',
    offline: 'No network. You can pay and get paid all the same.',
    syncing: 'Talking to your bank…',
    syncFailed: 'Your bank did not answer. Nothing is lost; it will be asked again.',
    syncRefused: (reason: string) => `Your bank did not take this: ${reason}`,
    daysLeft: (days: number) =>
      days === 1
        ? 'One more day without a network, then the purse has to go online before it pays.'
        : `${days} more days without a network, then the purse has to go online before it pays.`,
    mustSync: 'This purse has to go online before it pays again. It can still be paid.',
    inDoubt: (amount: string) => `${amount} are on their way, and not confirmed yet.`,
    inDoubtNext: 'Go online: then it is paid, or back here.',
    update: 'A newer version of your purse is there. Reload this page to have it.',
    tampered:
      'What is stored on this device was changed from outside, so the purse has locked itself. Go online: your bank checks it and unlocks it.',
  },

  pay: {
    title: 'Pay',
    look: 'Hold the other’s code before the camera.',
    stranger: 'That is a code, but nobody asks for money in it.',
    ask: (amount: string) => `Pay ${amount}?`,
    askOpen: 'How much?',
    to: 'To',
    nobody: 'Somebody with a private purse',
    unverified: 'Compare it with who is standing in front of you.',
    pin: 'Your PIN',
    pinWhy: 'This amount needs your PIN.',
    pinWrong: 'That was not it.',
    inDoubt: (amount: string) =>
      `An earlier payment of ${amount} to the same is not confirmed yet. Pay again only if you are sure: both may go through.`,
    confirm: (amount: string) => `Pay ${amount}`,
    despite: 'Pay all the same',
    show: 'Show this code',
    showing: (amount: string) => `Your payment of ${amount}`,
    thenReceipt: 'Let them scan it. Then hold their receipt before your camera.',
    oneWay: 'Let them scan it. It is paid when their screen says so.',
    stop: 'Stop here',
    paid: (amount: string) => `${amount} paid`,
    inDoubtTitle: 'Not confirmed yet',
    inDoubtText:
      'The money has left this purse. If the other’s screen shows it, all is well. If not, go online: it comes back by itself.',
    takenBack: 'Taken back: the money is here again.',
    failed: 'Nothing was paid',
  },

  receive: {
    title: 'Get paid',
    amount: 'How much?',
    any: 'Let the payer choose',
    next: 'Show my code',
    show: 'Show this code',
    request: (amount: string) => `Request for ${amount}`,
    open: 'Request; the payer chooses the amount',
    thenPayment: 'Let the payer scan it. Then hold their payment before your camera.',
    accepted: (amount: string) => `${amount} received`,
    yours: 'It is yours now, also without a network.',
    earlier: (amount: string) => `An earlier payment of ${amount} has arrived`,
    earlierText: 'It was begun before, and pays nothing of what you ask for now.',
    receipt: 'Show them the receipt',
    receiptWhy: 'So that their phone knows that it arrived.',
    failed: 'Nothing was received',
    risk: 'Once this phone says “received”, the money is yours. Before that it is not, whatever the other screen shows.',
  },

  history: {
    title: 'Payments',
    kinds: { loaded: 'From the bank', unloaded: 'To the bank' },
    states: {
      inDoubt: 'not confirmed yet',
      done: 'done, without a network',
      settled: 'in the bank’s books',
      takenBack: 'came back',
    },
    privately: 'A private purse',
    missing: 'This payment is not on this device.',
  },

  item: {
    title: 'Payment',
    when: 'When',
    who: 'Other side',
    state: 'State',
    id: 'Number',
    proof: 'Proof',
    proofText:
      'Whoever has these messages can check that this payment was made, with “tallystick inspect”.',
    share: 'Share the proof',
    copied: 'Copied',
    privacy: 'Who sees what',
    privacyPayer: 'The payee sees a number of this purse, the amount, and nothing else of you.',
    privacyPayee: 'You see a number of the payer’s purse, and the amount: no name, no balance.',
    privacyBank: 'The banks see the whole payment, once the devices are online.',
  },

  money: {
    title: 'Purse and bank',
    keep: 'Keep filled up to',
    keepHint: 'At each contact with your bank the purse is filled up to this.',
    never: 'Not by itself',
    load: 'Fill up now',
    loadAmount: 'How much into the purse?',
    loaded: (amount: string) => `${amount} went into the purse.`,
    redeem: 'Bring money to the bank',
    redeemAmount: 'How much to the bank?',
    redeemed: (amount: string) => `${amount} went to the bank.`,
    needsNetwork: 'This needs the network.',
    lesson: 'Money in the purse is like cash: keep in it what you may need without a network.',
    failed: 'That did not work',
  },

  settings: {
    changePin: 'Change the PIN',
    newPin: 'New PIN',
    pinChanged: 'The PIN is changed.',
    title: 'More',
    language: 'Language',
    sync: 'Talk to the bank now',
    lock: 'Lock this purse',
    lockHint: 'Nobody pays from it until your PIN unlocks it.',
    lost: 'If the phone is lost',
    lostText:
      'Report it at your bank. The purse is revoked: shops refuse it as soon as they hear of it. What is left comes back once everything that it can have paid must have surfaced, which takes weeks.',
    export: 'Save my data',
    exportText: 'Everything that this app keeps besides the purse itself, as a file.',
    limits: 'Limits now',
    limitAvailable: 'One payment, at most',
    limitUntil: 'Pays without a network until',
    version: 'Version of the purse',
    about:
      'Your purse runs in a closed place in this browser that this page cannot look into. It does not protect against who has this device unlocked.',
  },

  locked: {
    title: 'Locked',
    text: 'You have locked this purse.',
    pin: 'Your PIN',
    unlock: 'Unlock',
    wrong: (tries: number) =>
      `That was not it. ${tries === 1 ? 'One more try' : `${tries} more tries`}.`,
    noTries: 'No more tries. Go online: your bank unlocks it.',
  },

  /** What a failure means to a holder, by its code. */
  failures: {
    DECLINED: 'You said no.',
    TIMED_OUT: 'Nobody answered in time. Nothing is lost; start again.',
    LINK_ENDED: 'It was ended before it was complete. Nothing is lost; start again.',
    INSUFFICIENT_FUNDS: 'There is not enough in the purse.',
    OVER_BALANCE_LIMIT: 'No more fits into this purse.',
    NEEDS_SYNC: 'The purse has to go online first.',
    PAYER_STALE: 'The payer’s purse has not been online for too long.',
    REQUEST_EXPIRED: 'The request is too old. Have a new one shown.',
    CERTIFICATE_EXPIRED: 'One of the two purses has not been online for too long.',
    REVOKED: 'This purse is blocked by its bank.',
    WRONG_PAYEE: 'That is your own code.',
    PIN_WRONG: 'The PIN was wrong.',
    PIN_REQUIRED: 'This amount needs a PIN, and none was set.',
    LOCKED: 'The purse is locked.',
    PEER_REFUSED: 'The other device refused.',
    BACKEND_UNREACHABLE: 'Your bank did not answer. Nothing is lost.',
    ELEMENT_FAILED: 'Your purse did not answer. Reload this page, then look at your payments.',
    STORE_FAILED: 'This device has no space left. Free some, then try again.',
  } as Readonly<Record<string, string>>,
  failure: (code: string, message: string) => `${message} (${code})`,
};

export type Words = typeof words;
