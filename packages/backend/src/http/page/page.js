/** Shows the supply equation and keeps it current; everything comes from this very server. */

/**
 * @typedef {{ amount: string, currency: string }} Money
 * @typedef {{ participant: string | null, reserve: Money, loss: Money, position: Money,
 *   balances: Money, inFlight: Money, balanced: boolean }} Supply
 * @typedef {{ asOf: string, scheme: { name: string, sandbox: boolean, exponent: number },
 *   participants: { code: string, name: string }[], items: Supply[] }} PublicSupply
 */

const POLL_MS = 2000;

/** @type {(id: string) => HTMLElement} */
const byId = (id) => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
};

/**
 * @param {string} tag
 * @param {string} text
 * @param {Record<string, string>} attributes
 * @returns {HTMLElement}
 */
function element(tag, text = '', attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/**
 * Minor units as text become a readable amount, without rounding.
 * @param {Money} money
 * @param {number} exponent
 * @returns {string}
 */
function format(money, exponent) {
  const negative = money.amount.startsWith('-');
  const digits = money.amount.replace('-', '').padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent).replace(/\B(?=(\d{3})+$)/g, '\u202f');
  const fraction = exponent === 0 ? '' : `.${digits.slice(-exponent)}`;
  return `${negative ? '\u2212' : ''}${whole}${fraction} ${money.currency}`;
}

/**
 * Shows a word on the state; a screen reader hears it only when it changes.
 * @param {'balanced' | 'unbalanced' | 'error'} state
 * @param {string} text
 */
function say(state, text) {
  const line = byId('state');
  if (line.textContent !== text) line.textContent = text;
  line.dataset.state = state;
}

/**
 * @param {Supply[]} items
 * @param {number} exponent
 */
function showTotals(items, exponent) {
  const lines = items.map((item) => {
    const line = element('div', '', { class: 'equation', role: 'group' });
    /** @type {[sign: string, name: string, money: Money][]} */
    const terms = [
      ['', 'Reserve', item.reserve],
      ['+', 'Recognised loss', item.loss],
      ['=', 'Balances on devices', item.balances],
      ['+', 'In flight', item.inFlight],
    ];
    for (const [sign, name, money] of terms) {
      if (sign !== '') line.append(element('span', sign, { class: 'sign' }));
      const term = element('div', '', { class: 'term' });
      term.append(element('span', name), element('strong', format(money, exponent)));
      line.append(term);
    }
    return line;
  });
  byId('totals').replaceChildren(...lines);
}

/**
 * @param {Supply[]} items
 * @param {Map<string, string>} names
 * @param {number} exponent
 */
function showParticipants(items, names, exponent) {
  const table = element('table');
  table.append(
    element('caption', 'By participant: reserve + loss + position = balances + in flight'),
  );
  const head = element('tr');
  for (const name of ['Participant', 'Reserve', 'Loss', 'Position', 'Balances', 'In flight']) {
    head.append(element('th', name, { scope: 'col' }));
  }
  table.append(head);
  for (const item of items) {
    const row = element('tr');
    row.append(element('th', names.get(item.participant ?? '') ?? '', { scope: 'row' }));
    const { reserve, loss, position, balances, inFlight } = item;
    for (const money of [reserve, loss, position, balances, inFlight]) {
      row.append(element('td', format(money, exponent)));
    }
    table.append(row);
  }
  byId('participants').replaceChildren(table);
  byId('participants').hidden = items.length === 0;
}

/** @param {PublicSupply} supply */
function show({ asOf, scheme, participants, items }) {
  const totals = items.filter(({ participant }) => participant === null);
  const parts = items.filter(({ participant }) => participant !== null);
  const names = new Map(participants.map(({ code, name }) => [code, name]));
  byId('scheme').textContent = scheme.sandbox
    ? `${scheme.name}: play money, no real value`
    : scheme.name;
  showTotals(totals, scheme.exponent);
  showParticipants(parts, names, scheme.exponent);
  byId('empty').hidden = totals.some(({ reserve }) => reserve.amount !== '0');
  const balanced = items.every((item) => item.balanced);
  say(
    balanced ? 'balanced' : 'unbalanced',
    balanced ? 'The books balance.' : 'The books do not balance. Run tallystick audit.',
  );
  byId('state').title = `As of ${asOf}`;
}

async function poll() {
  try {
    const response = await fetch('/v1/public/supply', { cache: 'no-store' });
    if (!response.ok) throw new Error(`status ${response.status}`);
    show(/** @type {PublicSupply} */ (await response.json()));
  } catch {
    say('error', 'The backend does not answer; the figures may be old. Asking again…');
  }
}

let wake = () => {};
document.addEventListener('visibilitychange', () => wake());
// A page nobody looks at asks for nothing.
for (;;) {
  if (!document.hidden) await poll();
  await new Promise((resolve) => {
    wake = () => resolve(undefined);
    setTimeout(wake, POLL_MS);
  });
}
