import { toHex } from '@tallystick/protocol';
import type { Device } from './device.ts';

/** Everything that the app keeps besides the purse, as the address of a file. */
export function exported({ history, settings }: Device): string {
  const payments = history.items.value.map(({ id, frames, amount, ...item }) => ({
    id: toHex(id),
    amount: amount.toString(),
    frames: frames.map(toHex),
    ...item,
  }));
  const { participant, account, language } = settings.value;
  const text = JSON.stringify({ participant, account, language, payments }, null, 1);
  return `data:application/json;charset=utf-8,${encodeURIComponent(text)}`;
}
