import { describe, expect, test } from 'vitest';
import { type Account, type Accounts, chooseAccount } from './account.ts';

const ROOT = { uid: 0, gid: 0 };
const NOBODY = { uid: 65_534, gid: 65_534 };

/** A machine with these users, on which root may or may not create others. */
function machine(
  self: number | undefined,
  users: Record<string, Account> = {},
  create: (users: Record<string, Account>) => void = () => {
    throw Object.assign(new Error('no such command'), { code: 'ENOENT' });
  },
): Accounts {
  const known = { ...users };
  return {
    self,
    lookUp: (name) => Promise.resolve(known[name] ?? null),
    create: async () => create(known),
  };
}

async function choose(
  accounts: Accounts,
  owner: Account | null = null,
): Promise<{ account: Account | null; log: string[] }> {
  const log: string[] = [];
  const existing = owner && { path: '/db/data', owner };
  const account = await chooseAccount(accounts, existing, (line) => log.push(line));
  return { account, log };
}

describe('the user PostgreSQL runs as', () => {
  test('is ours where users have no numbers, and where we are not root', async () => {
    expect((await choose(machine(undefined))).account).toBeNull();
    expect((await choose(machine(1000))).account).toBeNull();
    expect((await choose(machine(1000), { uid: 1000, gid: 1000 })).account).toBeNull();
  });

  test('cannot be somebody else when we are not root', async () => {
    await expect(choose(machine(1000), { uid: 1001, gid: 1 })).rejects.toMatchObject({
      code: 'EMBEDDED_OTHER_OWNER',
      message: expect.stringContaining('/db/data belongs to another user (number 1001)') as string,
    });
  });

  test('is the owner of existing data when we are root', async () => {
    const owner = { uid: 1000, gid: 100 };
    const users = { tallystick: { uid: 999, gid: 999 } };
    expect((await choose(machine(0, users), owner)).account).toEqual(owner);
  });

  test('is never root, even if the data are', async () => {
    await expect(choose(machine(0), ROOT)).rejects.toMatchObject({ code: 'EMBEDDED_OTHER_OWNER' });
    const users = { tallystick: ROOT, postgres: ROOT, nobody: ROOT };
    await expect(choose(machine(0, users))).rejects.toMatchObject({ code: 'EMBEDDED_NO_ACCOUNT' });
  });

  test('is one of its own before a shared one', async () => {
    const tallystick = { uid: 999, gid: 998 };
    const postgres = { uid: 101, gid: 104 };
    expect((await choose(machine(0, { tallystick, postgres }))).account).toEqual(tallystick);
    expect((await choose(machine(0, { postgres, nobody: NOBODY }))).account).toEqual(postgres);
  });

  test('is created where there is none', async () => {
    const made = { uid: 997, gid: 997 };
    const { account, log } = await choose(
      machine(0, { nobody: NOBODY }, (users) => {
        users.tallystick = made;
      }),
    );
    expect(account).toEqual(made);
    expect(log).toEqual([expect.stringContaining('creating the system user tallystick')]);
  });

  test('is found when somebody else creates it at the same moment', async () => {
    const made = { uid: 997, gid: 997 };
    let attempts = 0;
    const accounts = machine(0, {}, (users) => {
      attempts += 1;
      if (attempts === 2) users.tallystick = made;
      throw new Error('the list of users is locked');
    });
    expect((await choose(accounts)).account).toEqual(made);
  });

  test('is nobody as a last resort, and says so', async () => {
    const { account, log } = await choose(machine(0, { nobody: NOBODY }));
    expect(account).toEqual(NOBODY);
    expect(log.at(-1)).toContain('runs as nobody');
  });
});
