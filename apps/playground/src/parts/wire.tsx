import type { JSX } from 'preact';
import { formatMoney } from '@tallystick/kit';
import { type Currency, toHex } from '@tallystick/protocol';
import type { Table } from '../bench/table.ts';
import type { Passed } from '../bench/tap.ts';
import { words } from '../words/en.ts';

/** The refusal that refuses nothing: it says how new the sender's status list is (TS-SES-2). */
const COMPARE = 'STALE';

/** Everything that went between the devices, the newest first. */
export function Wire({ table }: { readonly table: Table }): JSX.Element {
  const passed = table.passed.value;
  const currency = table.supply.value?.currency;
  return (
    <section class="card wire" aria-live="polite">
      <h2>{words.wire}</h2>
      <p class="quiet">{passed.length === 0 ? words.wireEmpty : words.wireAll}</p>
      <ol class="list" reversed>
        {passed
          .map((frame, index) => <Line key={index} frame={frame} currency={currency} />)
          .toReversed()}
      </ol>
    </section>
  );
}

function Line(props: {
  readonly frame: Passed;
  readonly currency: Currency | undefined;
}): JSX.Element {
  const { frame, currency } = props;
  const { from, to, kind, amount, code, bytes, isTorn } = frame;
  const name = (of: string): string => words.named[of] ?? words.names[of] ?? of;
  return (
    <li class={isTorn ? 'torn' : undefined}>
      <details>
        <summary>
          <strong>{code === COMPARE ? words.compare : words.frames[kind]}</strong>
          {amount !== null && currency !== undefined && (
            <span class="money">{formatMoney(amount, currency, 'en')}</span>
          )}
          {code !== null && code !== COMPARE && <span>{code}</span>}
          <span class="quiet">{words.arrow(name(from), name(to))}</span>
          <span class="quiet">{isTorn ? words.torn : words.bytes(bytes.length)}</span>
        </summary>
        <code>{toHex(bytes)}</code>
      </details>
    </li>
  );
}
