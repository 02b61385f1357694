/** An emulated smartcard, in a process of its own. Its only argument is JSON. */
import { fromHex, publicKey, unwrap, attempt } from '@tallystick/protocol';
import { Applet } from '../applet.ts';
import type { StaticKeys } from '../scp03.ts';
import type { ChipArguments } from './arguments.ts';
import { EmulatedChip } from './chip.ts';
import { insertInto } from './vpcd.ts';

const given = JSON.parse(process.argv[2] ?? '') as ChipArguments;
const bytesOf = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);
const transport: StaticKeys = {
  enc: bytesOf(given.transport.enc),
  mac: bytesOf(given.transport.mac),
};
const publisher = unwrap(
  attempt(() => publicKey(given.publisher.alg, bytesOf(given.publisher.key))),
);
const { folder, stretchCost } = given;
const chip = await EmulatedChip.on({ folder, publisher, transport, stretchCost });
const applet = new Applet(chip);
await insertInto(given.port, {
  process: (apdu) => applet.process(apdu),
  reset: async () => applet.reset(),
});
await chip.off();
