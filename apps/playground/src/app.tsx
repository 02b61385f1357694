import type { JSX } from 'preact';
import type { Table } from './bench/table.ts';
import type { Tour } from './bench/tour.ts';
import { Between } from './parts/between.tsx';
import { Books } from './parts/books.tsx';
import { DeviceFrame } from './parts/device-frame.tsx';
import { TourCard } from './parts/tour-card.tsx';
import { Wire } from './parts/wire.tsx';
import { words } from './words/en.ts';

/** The table, with everything on it. */
export function App({ table, tour }: { readonly table: Table; readonly tour: Tour }): JSX.Element {
  return (
    <>
      <a class="skip" href="#devices">
        {words.skip}
      </a>
      <header class="head">
        <h1>{words.title}</h1>
        <p>{words.lead}</p>
      </header>
      <main class="table">
        <div class="middle">
          <TourCard tour={tour} />
          <Between table={table} />
          <Wire table={table} />
          <Books table={table} />
        </div>
        <div class="devices" id="devices">
          {table.devices.map((device) => (
            <DeviceFrame key={device.setting.name} device={device} table={table} />
          ))}
        </div>
        {table.console !== null && (
          <section class="device desk" aria-label={words.operator}>
            <header>
              <h2>{words.operator}</h2>
            </header>
            <iframe
              title={words.operator}
              src={`${table.console}/`}
              allow="publickey-credentials-get; publickey-credentials-create"
            />
          </section>
        )}
      </main>
    </>
  );
}
