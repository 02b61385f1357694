import type { ReadonlySignal } from '@preact/signals';
import type { JSX } from 'preact';
import { type Path, to } from '@tallystick/kit';
import { useEffect } from 'preact/hooks';
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
  const { device, go, nearby } = useSurroundings();
  const balance = device.balance.value;
  const [place = '', id] = path.value;
  const tap = nearby.tap.value;
  // Who holds a phone to another wants to pay, unless they have said that they want to be paid.
  useEffect(() => {
    if (tap !== null && place !== 'receive') go(to('pay'));
  }, [tap, place]);
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
