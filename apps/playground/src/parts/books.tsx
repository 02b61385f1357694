import type { JSX } from 'preact';
import { formatMoney, Icon } from '@tallystick/kit';
import type { Table } from '../bench/table.ts';
import { words } from '../words/en.ts';

/** The supply equation, as the bank has it now. */
export function Books({ table }: { readonly table: Table }): JSX.Element {
  const supply = table.supply.value;
  if (supply === null) {
    return (
      <section class="card">
        <h2>{words.books}</h2>
        <p class="quiet">{words.booksEmpty}</p>
      </section>
    );
  }
  const money = (amount: bigint): string => formatMoney(amount, supply.currency, 'en');
  const rows = ['reserve', 'loss', 'balances', 'inFlight'] as const;
  return (
    <section class="card">
      <h2>{words.books}</h2>
      <dl class="facts">
        {rows.flatMap((row) => [
          <dt key={`${row} name`}>{words[row]}</dt>,
          <dd key={row} class="money">
            {money(supply[row])}
          </dd>,
        ])}
      </dl>
      <p class={supply.isBalanced ? 'verdict' : 'verdict bad'} role="status">
        <Icon name={supply.isBalanced ? 'check' : 'warn'} />
        {supply.isBalanced ? words.balanced : words.unbalanced}
      </p>
    </section>
  );
}
