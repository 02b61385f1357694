import { COMMAND, isPurse, type Purse, step } from '@tallystick/trusted-app';

/** A trusted application in which one thing is broken, for one kind of command. */
function broken(kind: number, breaking: (purse: Purse) => Purse): typeof step {
  return (state, event) => {
    const { stored } = state;
    const isMeant = event.kind === 'command' && event.bytes[1] === kind;
    if (!isMeant || stored === null || !isPurse(stored)) return step(state, event);
    return step({ ...state, stored: breaking(stored) }, event);
  };
}

/** Forgets what it has accepted whenever a payment comes. */
export const forgetful: typeof step = broken(COMMAND.receive, (purse) => ({
  ...purse,
  answered: [],
}));

/** Goes on spending what it has spent: each payment finds the purse as full as it ever was. */
export const generous: typeof step = broken(COMMAND.pay, ({ balances, ...purse }) => ({
  ...purse,
  balances: balances.map((each, hop) => (hop === 0 ? each + 100n : each)),
}));
