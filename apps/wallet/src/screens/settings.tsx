import type { JSX } from 'preact';
import { Button, LanguageChoice, LinkButton, Notice, Screen, to } from '@tallystick/kit';
import { toHex } from '@tallystick/protocol';
import type { Balance } from '@tallystick/wallet';
import { exported } from '../device/export.ts';
import { useMoney, useSurroundings, useWords } from '../parts/context.ts';

/** Everything that is seldom wanted. */
export function More({ balance }: { readonly balance: Balance }): JSX.Element {
  const { device, speech, go } = useSurroundings();
  const { settings: says, back, homeScreen } = useWords();
  const money = useMoney();
  const date = new Intl.DateTimeFormat(speech.language.value, { dateStyle: 'long' });
  const lock = async (): Promise<void> => {
    await device.wallet.purse.lock();
    await device.refresh();
    go(to());
  };
  return (
    <Screen title={says.title} back={{ href: to(), label: back }}>
      <LanguageChoice
        label={says.language}
        value={speech.language.value}
        onChange={(code) => {
          speech.speak(code).catch(reportError);
          device.change({ language: code }).catch(reportError);
        }}
      />
      <section class="card">
        <h2>{says.limits}</h2>
        <dl class="facts">
          <dt>{says.limitAvailable}</dt>
          <dd class="money">{money(balance.available)}</dd>
          <dt>{says.limitUntil}</dt>
          <dd>{date.format(balance.offlineUntil * 1_000)}</dd>
        </dl>
        <Button
          disabled={device.isSyncing.value || !device.online.value}
          onPress={() => void device.sync().catch(reportError)}
        >
          {device.isSyncing.value ? homeScreen.syncing : says.sync}
        </Button>
      </section>
      <section class="card">
        <p class="quiet">{says.lockHint}</p>
        <Button icon="lock" onPress={() => void lock().catch(reportError)}>
          {says.lock}
        </Button>
        <LinkButton href={to('pin')}>{says.changePin}</LinkButton>
      </section>
      <Notice tone="warn" title={says.lost}>
        {says.lostText}
      </Notice>
      <section class="card">
        <p class="quiet">{says.exportText}</p>
        <a class="button" href={exported(device)} download="tallystick.json">
          {says.export}
        </a>
      </section>
      <p class="quiet">{says.about}</p>
      <Measurement title={says.version} />
    </Screen>
  );
}

/** Which trusted application guards this purse. */
function Measurement({ title }: { readonly title: string }): JSX.Element {
  const { device } = useSurroundings();
  const measurement = device.measurement.value;
  return (
    <p class="quiet">
      {title} <code>{measurement === null ? '' : toHex(measurement).slice(0, 16)}</code>
    </p>
  );
}
