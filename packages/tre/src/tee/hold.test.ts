import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { hold } from './hold.ts';

const held = new URL('./hold.ts', import.meta.url).href;

test('a name is held once, until its holder dies', async () => {
  const name = `tallystick test ${process.pid}`;
  const program = `const { hold } = await import(${JSON.stringify(held)});
    console.log(await hold(${JSON.stringify(name)}));
    setInterval(() => undefined, 1_000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  const [said] = (await once(holder.stdout, 'data')) as [Buffer];
  expect(said.toString().trim()).toBe('true');
  expect(await hold(name, 50)).toBe(false);
  // Whoever waits gets it as soon as the one before is gone.
  const waiting = hold(name);
  holder.kill('SIGKILL');
  expect(await waiting).toBe(true);
});
