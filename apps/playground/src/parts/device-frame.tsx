import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Notice } from '@tallystick/kit';
import type { Device } from '../bench/device.ts';
import type { Table } from '../bench/table.ts';
import { words } from '../words/en.ts';
import { Switch } from './switch.tsx';

/** A device as it lies on the table: its app, and what can be done to it. */
export function DeviceFrame({ device, table }: Of): JSX.Element {
  const { setting, isReachable, isRunning } = device;
  const name = words.names[setting.name] ?? setting.name;
  const [failed, setFailed] = useState<string | null>(null);
  const cutOff = async (): Promise<void> => {
    const done = await device.setReachable(!isReachable.value);
    setFailed(done ? null : 'network');
  };
  return (
    <section class={`device ${setting.kind}`} aria-label={name}>
      <header>
        <h2>{name}</h2>
        <Switch
          label={words.network}
          isOn={isReachable.value}
          says={isReachable.value ? words.on : words.off}
          onPress={() => void cutOff().catch(reportError)}
        />
      </header>
      {isRunning.value ? (
        <iframe
          title={name}
          src={`${setting.app}/`}
          allow="clipboard-write"
          onLoad={({ currentTarget }) => device.seat(currentTarget)}
        />
      ) : (
        <p class="gone" role="status">
          {words.isOff}
        </p>
      )}
      {failed !== null && <Notice tone="bad">{words.failed(failed)}</Notice>}
      <Threats device={device} table={table} />
    </section>
  );
}

interface Of {
  readonly device: Device;
  readonly table: Table;
}

/** What others than its holder can do. */
function Threats({ device, table }: Of): JSX.Element {
  const [failed, setFailed] = useState<string | null>(null);
  const purse = device.purse.value;
  const isRevoked = purse !== null && table.revoked.value.has(purse);
  const hasNone = purse === null;
  const run = (work: () => Promise<string | null>) => (): void => {
    work().then(setFailed, reportError);
  };
  const revoke = async (): Promise<string | null> =>
    (await table.revoke(device)) ? null : 'revocation';
  return (
    <details>
      <summary>{words.more}</summary>
      <div class="threats">
        {hasNone && <p class="quiet">{words.notYet}</p>}
        <Button disabled={hasNone} onPress={run(() => device.steal())}>
          {words.steal}
        </Button>
        <Button disabled={!device.hasCopy.value} onPress={run(() => device.putBack())}>
          {words.putBack}
        </Button>
        <p class="quiet">{words.stealHint}</p>
        <Button disabled={hasNone || isRevoked} onPress={run(revoke)}>
          {words.revoke}
        </Button>
        {isRevoked && <p role="status">{words.revoked}</p>}
        {failed !== null && <Notice tone="bad">{words.failed(failed)}</Notice>}
      </div>
    </details>
  );
}
