import {
  amountField,
  type Bytes,
  type Codec,
  currencyField,
  decodeCbor,
  encodeCbor,
  equal,
  label,
  LIMITS,
  nullable,
  oneOf,
  totalField,
  tuple,
} from '@tallystick/protocol';
import { accept, type Outcome, refuse } from '../outcome.ts';
import type { Documents, Page, Store } from '../store/port.ts';
import type { Account, AccountName, Movement, Rail, RecordedMovement } from './rail.ts';

interface AccountBody {
  readonly participant: string;
  readonly account: string;
  readonly currency: number;
  readonly balance: bigint;
  readonly acceptancePoint: string | null;
}

interface MovementBody {
  readonly participant: string;
  readonly account: string;
  readonly currency: number;
  readonly amount: bigint;
  readonly sign: 1 | -1;
}

const names = { participant: label(11), account: label(34), currency: currencyField };
const accountBody: Codec<AccountBody> = tuple<AccountBody>({
  ...names,
  balance: totalField,
  acceptancePoint: nullable(label(LIMITS.nameBytes)),
});
const movementBody: Codec<MovementBody> = tuple<MovementBody>({
  ...names,
  amount: amountField,
  sign: oneOf(1, -1),
});

const ACCOUNTS = 'rail/account/';
const MOVEMENTS = 'rail/movement/';

/** Play money: accounts kept among the store's documents, in memory or PostgreSQL. */
export function createSandboxRail(store: Pick<Store, 'exclusive'>): Rail {
  const onAccount = <T>(
    name: AccountName,
    work: (documents: Documents) => Promise<T>,
  ): Promise<T> => store.exclusive(placeOf(name), work);

  const move = (movement: Movement, sign: 1 | -1): Promise<Outcome<null>> =>
    onAccount(movement, (documents) => moveOnce(documents, movement, sign));

  return {
    open: (account) =>
      onAccount(account, async (documents) => {
        if ((await documents.get(placeOf(account))) !== null) {
          return refuse('ACCOUNT_EXISTS', account.account);
        }
        await putAccount(documents, account);
        return accept(account);
      }),
    account: (name) => onAccount(name, (documents) => readAccount(documents, name)),
    accounts: (after, limit) => page(store, ACCOUNTS, after, limit, (_, body) => toAccount(body)),
    debit: (movement) => move(movement, -1),
    credit: (movement) => move(movement, 1),
    movements: (after, limit) => page(store, MOVEMENTS, after, limit, toMovement),
  };
}

async function moveOnce(
  documents: Documents,
  movement: Movement,
  sign: 1 | -1,
): Promise<Outcome<null>> {
  const place = `${MOVEMENTS}${movement.key}`;
  const done = await documents.get(place);
  const { participant, currency, amount } = movement;
  const body = encodeCbor(
    movementBody.encode({ participant, account: movement.account, currency, amount, sign }),
  );
  if (done !== null) {
    // The key names one movement for ever: another under it is a mistake of ours.
    if (!equal(done, body)) throw new Error(`the rail has another movement ${movement.key}`);
    return accept(null);
  }
  const account = await readAccount(documents, movement);
  if (account === null) return refuse('UNKNOWN_ACCOUNT', movement.account);
  if (account.currency !== currency) return refuse('WRONG_CURRENCY', movement.account);
  const balance = account.balance + BigInt(sign) * amount;
  if (balance < 0n) return refuse('INSUFFICIENT_FUNDS', movement.account);
  await putAccount(documents, { ...account, balance });
  await documents.put(place, body);
  return accept(null);
}

async function page<T>(
  store: Pick<Store, 'exclusive'>,
  prefix: string,
  after: string,
  limit: number,
  read: (key: string, body: Bytes) => T,
): Promise<Page<T>> {
  const found = await store.exclusive('rail/report', (documents) =>
    documents.list(prefix, after === '' ? '' : `${prefix}${after}`, limit),
  );
  const keyOf = ({ key }: { readonly key: string }): string => key.slice(prefix.length);
  const last = found.at(-1);
  return {
    rows: found.map((each) => read(keyOf(each), each.value)),
    next: last === undefined || found.length < limit ? null : keyOf(last),
  };
}

function placeOf({ participant, account }: AccountName): string {
  return `${ACCOUNTS}${participant}/${account}`;
}

async function readAccount(documents: Documents, name: AccountName): Promise<Account | null> {
  const body = await documents.get(placeOf(name));
  return body === null ? null : toAccount(body);
}

function putAccount(documents: Documents, account: Account): Promise<void> {
  const { participant, currency, balance, acceptancePoint } = account;
  const body = { participant, account: account.account, currency, balance, acceptancePoint };
  return documents.put(placeOf(account), encodeCbor(accountBody.encode(body)));
}

function toAccount(body: Bytes): Account {
  return accountBody.decode(decodeCbor(body), 'account');
}

function toMovement(key: string, body: Bytes): RecordedMovement {
  const { sign, ...movement } = movementBody.decode(decodeCbor(body), 'movement');
  return { key, ...movement, direction: sign === 1 ? 'credit' : 'debit' };
}
