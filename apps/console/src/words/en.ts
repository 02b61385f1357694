import { devices } from './en-devices.ts';
import { ledger } from './en-ledger.ts';

/** What the console says. */
export const words = {
  ...ledger,
  ...devices,
  app: 'Tallystick Console',
  skip: 'Skip to content',
  rooms: 'Rooms',
  loading: 'Loading…',
  again: 'Try again',
  back: 'Back',
  cancel: 'Cancel',
  more: 'Show more',
  none: '–',
  yes: 'Yes',
  no: 'No',
  working: 'One moment…',
  never: 'Never',
  noEnd: 'No end in sight',
  signOut: 'Sign out',
  signedInAs: (name: string) => `Signed in as ${name}`,
  sandbox: 'Sandbox: play money',

  failures: {
    UNREACHABLE: 'The backend does not answer. Check that it runs, then try again.',
    UNAUTHORISED: 'Nobody is signed in any more. Sign in again.',
    FOREIGN_ORIGIN:
      'This page is no console that the backend knows. Open the console at its own address.',
    PASSKEY_CANCELLED: 'No passkey was used. Try again; if none is offered, ask for an invitation.',
    SIGN_IN_REFUSED:
      'That passkey does not sign anybody in here. Use another one, or ask for an invitation.',
    INVITATION_REFUSED:
      'The invitation is not known, was used, or is older than a day. Ask for another one.',
    PASSKEY_EXISTS: 'That passkey is registered already. Sign in with it.',
    LAST_PASSKEY: 'Nobody could sign in with it gone. Register another passkey first.',
    UNKNOWN_PURSE: 'There is no purse with that id.',
    NOT_FOUND: 'There is nothing with that id.',
    POLICY_MOVED: 'Another policy has come into force meanwhile. Compare again.',
    POLICY_SAME: 'The policy in force says that already. There is nothing to sign.',
  } as Readonly<Record<string, string>>,
  failure: (code: string, message: string) =>
    `${message === '' ? 'That did not work' : message} (${code})`,

  signIn: {
    title: 'Sign in',
    lead: 'For those who run this backend.',
    button: 'Sign in with a passkey',
    first: 'Be the first',
    firstLead:
      'Nobody can sign in yet. The operator token, which the backend printed at its first start and keeps in its data folder, lets the first member of staff register a passkey.',
    token: 'Operator token',
    tokenHint: 'It is used once, and not kept in this browser.',
    name: 'Your name',
    nameHint: 'Shown to colleagues beside what you do.',
    label: 'Name of this passkey',
    labelHint: 'Such as the device that has it.',
    labelValue: 'This device',
    register: 'Register a passkey',
    invited: 'I have an invitation',
    invitation: 'Invitation',
    invitationHint: 'A colleague makes it under Staff. It is good for a day, and once.',
    unsupported: 'This browser has no passkeys. Use another one.',
  },

  policy: {
    title: 'Risk policy',
    inForce: (version: number) => `Policy ${version} is in force`,
    issued: 'Signed',
    emergency: 'Emergency mode',
    emergencyOn: 'On: longer windows, lower caps, until you end it.',
    emergencyOff: 'Off',
    declare: 'Declare an emergency',
    end: 'End the emergency',
    confirmDeclare: 'The root signs the next policy at once. Devices take it with their next sync.',
    tiers: 'Ceilings by tier',
    tierColumns: {
      tier: 'Tier',
      paymentMax: 'One payment',
      balanceMax: 'In the purse',
      totalMax: 'Between syncs',
      countMax: 'Payments between syncs',
      stepUpAbove: 'PIN above',
      payerCap: 'From one payer',
      offlineSeconds: 'Days offline',
    },
    windows: 'Windows',
    fields: {
      hopMax: 'Hops',
      acceptMinutes: 'Minutes to accept',
      claimSeconds: 'Days to claim',
      staleSeconds: 'Days until a payer is stale',
      graceSeconds: 'Days of grace before expiry',
      skewSeconds: 'Seconds of skew',
      measurements: 'Images accepted',
    } as Readonly<Record<string, string>>,
    edit: 'Propose another',
    editTitle: 'Propose a policy',
    editText:
      'Rules of normal times. No window may be longer than in the scheme file, since the horizons of lost devices rest on those.',
    compare: 'Compare with the policy in force',
    bad: 'This is no number that fits.',
    diff: (from: number, to: number) => `What policy ${to} changes of policy ${from}`,
    diffColumns: { tier: 'Tier', rule: 'Rule', from: 'Now', to: 'Then' },
    general: 'All',
    sign: (version: number) => `Sign and publish policy ${version}`,
    signText:
      'The root signs it, and devices take it with their next sync. What was signed is not taken back: only the next policy replaces it.',
    change: 'Change it again',
  },

  participants: {
    title: 'Participants',
    accounts: 'Accounts at the sandbox rail',
    columns: {
      account: 'Account',
      participant: 'Participant',
      shop: 'Acceptance point',
      balance: 'Balance',
    },
    empty: 'No accounts yet.',
  },

  lost: {
    title: 'Lost devices',
    lead: 'Reported lost, with the moment after which what is left is refunded.',
    columns: {
      purse: 'Purse',
      account: 'Account',
      reported: 'Reported',
      horizon: 'Refund after',
      refunded: 'Refunded',
    },
    empty: 'No device is reported lost.',
    refund: 'Refund what is due now',
    refunded: (count: number) =>
      count === 1 ? 'One purse was refunded.' : `${count} purses were refunded.`,
  },

  images: {
    title: 'Images',
    lead: 'Trusted applications of the scheme: payees take money from purses that run one of these.',
    columns: {
      version: 'Version',
      state: 'State',
      measurement: 'Measurement',
      until: 'Accepted until',
      registered: 'Registered',
    },
    states: { newest: 'Newest', superseded: 'Superseded', withdrawn: 'Withdrawn' },
    empty: 'No image is registered yet.',
  },

  staff: {
    title: 'Staff',
    members: 'Members',
    columns: {
      name: 'Name',
      since: 'Since',
      passkey: 'Passkey',
      used: 'Last used',
      remove: 'Remove',
    },
    removeKey: (label: string) => `Remove passkey ${label}`,
    removeMember: (name: string) => `Remove ${name}`,
    sure: 'Press again to remove',
    addKey: 'Add a passkey of yours',
    invite: 'Invite a colleague',
    inviteName: 'Their name',
    inviteButton: 'Make an invitation',
    invited: (name: string) => `Invitation for ${name}`,
    invitedText:
      'Give them this code and the address of the console. It is good for a day, once, and is not shown again.',
    deeds: 'What was done',
    deedsText: 'Everything that somebody signed in here has changed, newest first.',
    deedColumns: { at: 'When', name: 'Who', request: 'What' },
    noDeeds: 'Nothing yet.',
  },

  search: {
    title: 'Search',
    hint: 'Any id, or an account',
    button: 'Find',
    nothing: 'Nothing has that id, and no account that name.',
    kinds: { purse: 'Purse', payment: 'Payment', fact: 'Record' },
    by: { id: 'by its id', certificate: 'by one of its certificates', account: 'by its account' },
    of: (purse: string) => `in the log of purse ${purse}`,
  },

  fact: {
    title: 'Record',
    purse: 'Purse',
    position: 'Position',
    kind: 'Kind',
    certificate: 'Signed under',
    algorithm: 'Algorithm',
    inLog: 'In the log under a verified head',
    signature: 'Signature',
    unsigned: 'Covered by a later signed head',
    payload: 'Payload',
  },

  kinds: {
    payment: 'Payment',
    receipt: 'Receipt',
    void: 'Void',
    restore: 'Restore',
    adopt: 'Adoption of issuer data',
    renewal: 'Renewal of its key',
    statement: 'Statement',
  } as Readonly<Record<string, string>>,
};

export type Words = typeof words;
