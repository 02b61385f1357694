import type { JSX } from 'preact';
import { Button, Choice } from '@tallystick/kit';
import type { Device } from '../bench/device.ts';
import type { Table } from '../bench/table.ts';
import type { Tear } from '../bench/tap.ts';
import { words } from '../words/en.ts';

/** What is done with two devices: held together, and torn apart. */
export function Between({ table }: { readonly table: Table }): JSX.Element {
  const tear = table.tear.value ?? 'none';
  const change = (to: Tear | 'none'): void => {
    table.tear.value = to === 'none' ? null : to;
  };
  return (
    <section class="card">
      <h2>{words.tap}</h2>
      <p class="quiet">{words.tapHint}</p>
      {pairsOf(table.devices).map(([one, other]) => (
        <Button
          key={`${one.setting.name} ${other.setting.name}`}
          kind="main"
          disabled={!one.isRunning.value || !other.isRunning.value}
          onPress={() => table.hold(one, other)}
        >
          {words.hold(nameOf(one), nameOf(other))}
        </Button>
      ))}
      <Choice
        label={words.tear}
        value={tear}
        options={TEARS.map((value) => ({ value, label: words.tears[value] }))}
        onChange={change}
      />
    </section>
  );
}

const TEARS = ['none', 'payment', 'receipt'] as const;

function pairsOf(devices: readonly Device[]): readonly (readonly [Device, Device])[] {
  return devices.flatMap((one, index) =>
    devices.slice(index + 1).map((other) => [one, other] as const),
  );
}

function nameOf({ setting }: Device): string {
  const { name } = setting;
  return words.named[name] ?? words.names[name] ?? name;
}
