import { formatMoney, Notice, to } from '@tallystick/kit';
import type { ComponentChildren, JSX } from 'preact';
import { type Branch, type Fork, readFork } from '../data/fork.ts';
import { fromBase64url } from '../data/passkey.ts';
import type { ForkRow } from '../data/shapes.ts';
import { LANGUAGE, timeText, useWords } from '../parts/context.ts';
import { Shown, useLoaded } from '../parts/loaded.tsx';
import { Card, Chip, Facts, Id, PurseLink, Time } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';

const NAMES = ['A', 'B'] as const;

/** One fork: a log that parts in two, with the record and the signature at the beginning of each branch. */
export function OneFork({ digest }: { readonly digest: string }): JSX.Element {
  const { fork: says, forks } = useWords();
  const loaded = useLoaded<ForkRow>(`/v1/forks/${digest}`);
  return (
    <Room title={says.title} back={{ href: to('forks'), label: forks.title }}>
      <Shown loaded={loaded}>{(row) => <Proof row={row} />}</Shown>
    </Room>
  );
}

function Proof({ row }: { readonly row: ForkRow }): JSX.Element {
  const { fork: says } = useWords();
  const fork = readFork(fromBase64url(row.wire));
  return (
    <>
      {fork === null ? (
        <Notice tone="warn">{says.unreadable}</Notice>
      ) : (
        <>
          <p class="lead">{says.text[row.kind](row.purse, fork.seq)}</p>
          <Diagram fork={fork} />
        </>
      )}
      <Card title={says.proof} lead={says.checked}>
        <Facts
          of={[
            [says.culprit, <PurseLink of={row.purse} />],
            [says.certificate, <Id of={row.certificate} />],
            [says.found, <Time of={row.time} />],
            [says.digest, <Id of={row.digest} />],
          ]}
        />
        <p class="quiet">{says.proofText}</p>
        <pre tabIndex={0} aria-label={says.proof}>
          <code>tallystick inspect {row.wire}</code>
        </pre>
      </Card>
    </>
  );
}

/** The picture is made of the very parts that are read out: a trunk, where it parts, and two branches. */
function Diagram({ fork }: { readonly fork: Fork }): JSX.Element {
  const { fork: says } = useWords();
  const [first] = fork.branches;
  return (
    <figure class="fork" aria-label={says.parted(fork.seq)}>
      <div class="trunk">
        <strong>{fork.seq === 1 ? says.trunkFirst : says.trunk(fork.seq)}</strong>
        {fork.isOneTrunk ? (
          <small>
            {says.head} <Id of={first.head} short />
          </small>
        ) : (
          <small>{says.noTrunk}</small>
        )}
      </div>
      <Parting />
      <p class="parted">
        <Chip tone="bad">{says.parted(fork.seq)}</Chip>
      </p>
      <div class="branches">
        {fork.branches.map((branch, at) => (
          <BranchCard key={branch.signature} name={NAMES[at] ?? ''} of={branch} />
        ))}
      </div>
      {fork.steps > 0 && <figcaption class="quiet">{says.steps(fork.steps)}</figcaption>}
    </figure>
  );
}

/** The line that parts; what it says is written around it. */
function Parting(): JSX.Element {
  return (
    <svg class="parting" viewBox="0 0 400 60" preserveAspectRatio="none" aria-hidden="true">
      <path d="M200 0v14C200 44 100 24 100 60M200 14C200 44 300 24 300 60" />
    </svg>
  );
}

function BranchCard({ name, of }: { readonly name: string; readonly of: Branch }): JSX.Element {
  const { fork: says, kinds } = useWords();
  const { fields } = says;
  const { amount, currency, payee, about, acceptBy } = of;
  const facts: (readonly [string, ComponentChildren])[] = [
    [fields.kind, kinds[of.kind] ?? of.kind],
    [fields.position, of.seq],
  ];
  if (amount !== null && currency !== null) {
    facts.push([
      fields.amount,
      <span class="money">{formatMoney(amount, currency, LANGUAGE)}</span>,
    ]);
  }
  if (payee !== null) facts.push([fields.payee, <Id of={payee} />]);
  if (acceptBy !== null) facts.push([fields.acceptBy, timeText(acceptBy)]);
  if (about !== null)
    facts.push([
      fields.about,
      <a href={to('payments', about)}>
        <Id of={about} short />
      </a>,
    ]);
  facts.push(
    [
      fields.id,
      <a href={to('facts', of.id)}>
        <Id of={of.id} short />
      </a>,
    ],
    [fields.head, <Id of={of.head} short />],
    [fields.certificate, <Id of={of.certificate} />],
    [fields.signature, <Id of={of.signature} />],
  );
  return (
    <section class="card branch">
      <h2>{says.branch(name)}</h2>
      <Facts of={facts} />
    </section>
  );
}
