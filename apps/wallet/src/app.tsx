import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Path } from '@tallystick/kit';
import { useSurroundings } from './parts/context.ts';
import { AllPayments, OnePayment } from './screens/history.tsx';
import { Home } from './screens/home.tsx';
import { Locked } from './screens/locked.tsx';
import { PurseAndBank } from './screens/money.tsx';
import { Pay } from './screens/pay.tsx';
import { ChangePin } from './screens/pin.tsx';
import { Receive } from './screens/receive.tsx';
import { More } from './screens/settings.tsx';
import { Welcome } from './screens/welcome.tsx';

/** The screen for where somebody is, and for how the purse is. */
export function App({ path }: { readonly path: ReadonlySignal<Path> }): JSX.Element {
  const { device } = useSurroundings();
  const balance = device.balance.value;
  const [place = '', id] = path.value;
  if (balance === null) return <Welcome />;
  if (balance.isLocked) return <Locked balance={balance} />;
  switch (place) {
    case 'pay':
      return <Pay />;
    case 'receive':
      return <Receive />;
    case 'history':
      return id === undefined ? <AllPayments /> : <OnePayment id={id} />;
    case 'money':
      return <PurseAndBank />;
    case 'pin':
      return <ChangePin />;
    case 'settings':
      return <More balance={balance} />;
    default:
      return <Home balance={balance} />;
  }
}
