import { Icon, to } from '@tallystick/kit';
import type { JSX } from 'preact';
import { matchOf, toneOf } from '../data/match.ts';
import type { PayeeHalf, PayerHalf, PaymentRow } from '../data/shapes.ts';
import { useWords } from '../parts/context.ts';
import { Shown, useLoaded } from '../parts/loaded.tsx';
import { Amount, Card, Chip, Facts, Id, PurseLink, Time } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';

/** One payment, with what each side's shard knows of it side by side. */
export function OnePayment({ id }: { readonly id: string }): JSX.Element {
  const { payment: says, payments } = useWords();
  const loaded = useLoaded<PaymentRow>(`/v1/payments/${id}`, true);
  return (
    <Room title={says.title} back={{ href: to('payments'), label: payments.title }}>
      <Shown loaded={loaded}>
        {(row) => (
          <>
            <Card title={says.title}>
              <Facts
                of={[
                  [says.id, <Id of={row.id} />],
                  [says.amount, <Amount of={row.amount} />],
                  [
                    says.state,
                    <Chip tone={toneOf(matchOf(row))}>{payments.states[matchOf(row)]}</Chip>,
                  ],
                  [says.hop, row.hop],
                  [says.acceptBy, <Time of={row.acceptBy} />],
                  [
                    says.record,
                    <a href={to('facts', row.id)}>
                      <Id of={row.id} short />
                    </a>,
                  ],
                ]}
              />
            </Card>
            <div class="columns halves">
              <Payer half={row.payer} isLoad={row.payer === null && row.payee !== null} />
              <Payee half={row.payee} isUnload={row.payer !== null && row.payer.unload !== null} />
            </div>
          </>
        )}
      </Shown>
    </Room>
  );
}

function Payer(props: { readonly half: PayerHalf | null; readonly isLoad: boolean }): JSX.Element {
  const { half, isLoad } = props;
  const { payment: says } = useWords();
  if (half === null) {
    return (
      <Card title={says.payer}>
        <p class="quiet">{isLoad ? says.missingIssuer : says.missing}</p>
      </Card>
    );
  }
  const flags = ['inLog', 'accepted', 'voided', 'closed', 'restored'] as const;
  return (
    <Card title={says.payer}>
      <Facts
        of={[
          [says.purse, <PurseLink of={half.purse} />],
          [says.certificate, <Id of={half.certificate} />],
          [says.position, half.seq],
          ...(half.unload === null ? [] : [[says.unload, half.unload] as const]),
        ]}
      />
      <Checks of={flags.map((flag) => [says.flags[flag], half[flag]] as const)} />
    </Card>
  );
}

function Payee(props: {
  readonly half: PayeeHalf | null;
  readonly isUnload: boolean;
}): JSX.Element {
  const { half, isUnload } = props;
  const { payment: says } = useWords();
  if (half === null) {
    return (
      <Card title={says.payee}>
        <p class="quiet">{isUnload ? says.missingIssuer : says.missing}</p>
      </Card>
    );
  }
  const flags = ['addressed', 'received', 'credited', 'voided', 'closed'] as const;
  return (
    <Card title={says.payee}>
      <Facts of={[[says.purse, <PurseLink of={half.purse} />]]} />
      <Checks of={flags.map((flag) => [says.flags[flag], half[flag]] as const)} />
    </Card>
  );
}

/** What is so, and what is not, in words for whoever sees no sign. */
function Checks({ of }: { readonly of: readonly (readonly [string, boolean])[] }): JSX.Element {
  const { yes, no } = useWords();
  return (
    <ul class="checks">
      {of.map(([name, is]) => (
        <li key={name} class={is ? 'is' : undefined}>
          <Icon name={is ? 'check' : 'cross'} size={16} />
          <span>
            <span class="unseen">{is ? yes : no}: </span>
            {name}
          </span>
        </li>
      ))}
    </ul>
  );
}
