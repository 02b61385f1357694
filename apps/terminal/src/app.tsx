import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Path } from '@tallystick/kit';
import { useSurroundings } from './parts/context.ts';
import { Charge } from './screens/charge.tsx';
import { OnCounter } from './screens/counter.tsx';
import { ChangePin, More } from './screens/more.tsx';
import { Queue } from './screens/queue.tsx';
import { Refund } from './screens/refund.tsx';
import { EndOfDay } from './screens/report.tsx';
import { OneSale, Sales } from './screens/sales.tsx';
import { Sell } from './screens/sell.tsx';
import { Takings } from './screens/takings.tsx';
import { Welcome } from './screens/welcome.tsx';

/** The screen for where somebody is, and for how the till is. */
export function App({ path }: { readonly path: ReadonlySignal<Path> }): JSX.Element {
  const { till } = useSurroundings();
  const [place = '', id] = path.value;
  if (!till.isReady.value) return <Welcome />;
  switch (place) {
    case 'charge':
      return <Charge />;
    case 'counter':
      return <OnCounter />;
    case 'sales':
      return id === undefined ? <Sales /> : <OneSale id={id} />;
    case 'refund':
      return <Refund id={id ?? ''} />;
    case 'queue':
      return <Queue />;
    case 'report':
      return <EndOfDay />;
    case 'takings':
      return <Takings />;
    case 'pin':
      return <ChangePin />;
    case 'more':
      return <More />;
    default:
      return <Sell />;
  }
}
