/** Names for a story: nobody remembers who wallet-3 was. */
const WALLETS = ['Ana', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gina', 'Hugo', 'Ines', 'Jon'];
const TERMINALS = ['the bakery', 'the kiosk', 'the cinema', 'the florist'];
const ATTACKERS = ['Mallory', 'Oscar', 'Trudy', 'Sybil'];

const AGENT = /\b(wallet|terminal|attacker)-(\d+)(?:'(\d+))?/g;

/** What a story calls an agent. */
export function personOf(agent: string): string {
  return inPeople(agent);
}

/** A text with every agent in it called by its name in stories. */
export function inPeople(text: string): string {
  return text.replaceAll(AGENT, (_, role: string, number: string, copy: string | undefined) => {
    const names = role === 'wallet' ? WALLETS : role === 'terminal' ? TERMINALS : ATTACKERS;
    const index = Number(number);
    const name = names[index] ?? `${names[index % names.length]} ${index}`;
    return copy === undefined ? name : `${name}'s copy ${copy}`;
  });
}
