/** Lays the table: devices in frames, and what is done with them. */
import '@tallystick/kit/styles.css';
import './playground.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { Table } from './bench/table.ts';
import { Tour } from './bench/tour.ts';
import type { Setting } from './setting.ts';

/** Put in when the page is built. */
declare const PLAYGROUND: Setting;

const LOOK_EVERY_MS = 1_500;

const table = new Table(PLAYGROUND);
render(
  <App table={table} tour={new Tour(table)} />,
  document.getElementById('app') ?? document.body,
);

async function look(): Promise<void> {
  if (!document.hidden) await table.look();
  setTimeout(() => void look().catch(reportError), LOOK_EVERY_MS);
}
look().catch(reportError);
