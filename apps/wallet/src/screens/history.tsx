import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Notice, Screen, to } from '@tallystick/kit';
import { KIND } from '../device/history.ts';
import { proofOf } from '../device/proof.ts';
import { useMoney, useSurroundings, useWords } from '../parts/context.ts';
import { changeOf, Items, useName, useStates } from '../parts/items.tsx';

/** All payments that this device knows of. */
export function AllPayments(): JSX.Element {
  const { device } = useSurroundings();
  const { history: says, back, homeScreen } = useWords();
  const items = device.history.items.value;
  return (
    <Screen title={says.title} back={{ href: to(), label: back }}>
      {items.length === 0 ? <p class="quiet">{homeScreen.empty}</p> : <Items items={items} />}
    </Screen>
  );
}

/** One payment, with what proves it. */
export function OnePayment({ id }: { readonly id: string }): JSX.Element {
  const { device, speech } = useSurroundings();
  const { item: says, history, back } = useWords();
  const money = useMoney('exceptZero');
  const name = useName();
  const states = useStates();
  const item = device.history.find(id);
  const home = { href: to('history'), label: back };
  if (item === undefined) {
    return (
      <Screen title={says.title} back={home}>
        <Notice tone="warn">{history.missing}</Notice>
      </Screen>
    );
  }
  const proof = proofOf(item.id, item.frames);
  const date = new Intl.DateTimeFormat(speech.language.value, {
    dateStyle: 'full',
    timeStyle: 'medium',
  });
  return (
    <Screen title={says.title} back={home}>
      <p class="money display">{money(changeOf(item))}</p>
      <dl class="facts card">
        <dt>{says.who}</dt>
        <dd>{name(item)}</dd>
        <dt>{says.when}</dt>
        <dd>{date.format(item.at * 1_000)}</dd>
        <dt>{says.state}</dt>
        <dd>{states(item)}</dd>
        <dt>{says.id}</dt>
        <dd>
          <code>{id}</code>
        </dd>
      </dl>
      {proof.length > 0 && <Proof lines={proof} />}
      <section class="card">
        <h2>{says.privacy}</h2>
        <p class="quiet">{item.kind === KIND.received ? says.privacyPayee : says.privacyPayer}</p>
        <p class="quiet">{says.privacyBank}</p>
      </section>
    </Screen>
  );
}

/** The messages of a payment, for whoever wants to check it. */
function Proof({ lines }: { readonly lines: readonly string[] }): JSX.Element {
  const { item: says } = useWords();
  const [isCopied, setCopied] = useState(false);
  const text = lines.join('\n');
  const share = async (): Promise<void> => {
    if ('share' in navigator) await navigator.share({ text }).catch(() => undefined);
    else {
      await (navigator as Navigator).clipboard.writeText(text);
      setCopied(true);
    }
  };
  return (
    <section class="card">
      <h2>{says.proof}</h2>
      <p class="quiet">{says.proofText}</p>
      <Button icon="share" onPress={() => void share().catch(reportError)}>
        {isCopied ? says.copied : says.share}
      </Button>
    </section>
  );
}
