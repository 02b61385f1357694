import type { ReadonlySignal } from '@preact/signals';
import { type Path, Waiting } from '@tallystick/kit';
import type { JSX } from 'preact';
import { useSurroundings, useWords } from './parts/context.ts';
import { Shell } from './parts/shell.tsx';
import { OneFact } from './screens/fact.tsx';
import { OneFork } from './screens/fork.tsx';
import { Forks } from './screens/forks.tsx';
import { Images } from './screens/images.tsx';
import { LostDevices } from './screens/lost.tsx';
import { OverviewRoom } from './screens/overview.tsx';
import { Participants } from './screens/participants.tsx';
import { OnePayment } from './screens/payment.tsx';
import { Payments } from './screens/payments.tsx';
import { ProposePolicy } from './screens/policy-proposal.tsx';
import { PolicyRoom } from './screens/policy.tsx';
import { OnePurse } from './screens/purse.tsx';
import { Purses } from './screens/purses.tsx';
import { RevokePurse } from './screens/revoke.tsx';
import { Found } from './screens/search.tsx';
import { SignIn } from './screens/sign-in.tsx';
import { StaffRoom } from './screens/staff.tsx';

/** The room for where somebody is, once it is known who that is. */
export function App({ path }: { readonly path: ReadonlySignal<Path> }): JSX.Element {
  const { session } = useSurroundings();
  const { loading } = useWords();
  const now = session.value;
  if (now === null) return <Waiting>{loading}</Waiting>;
  const places = path.value;
  // Whoever signs in is where the address says.
  if (now.member === null) return <SignIn isFirst={now.isFirst} />;
  return (
    <Shell place={places[0] ?? ''}>
      {/* Another address is another room, with nothing left of the one before. */}
      <Room key={places.join('/')} places={places} />
    </Shell>
  );
}

function Room({ places }: { readonly places: Path }): JSX.Element {
  const [place = '', id, act] = places;
  switch (place) {
    case 'payments':
      return id === undefined ? <Payments /> : <OnePayment id={id} />;
    case 'forks':
      return id === undefined ? <Forks /> : <OneFork digest={id} />;
    case 'purses':
      if (id === undefined) return <Purses />;
      return act === 'revoke' ? <RevokePurse id={id} /> : <OnePurse id={id} />;
    case 'policy':
      return id === 'propose' ? <ProposePolicy /> : <PolicyRoom />;
    case 'participants':
      return <Participants />;
    case 'lost':
      return <LostDevices />;
    case 'images':
      return <Images />;
    case 'staff':
      return <StaffRoom />;
    case 'search':
      return <Found wanted={id ?? ''} />;
    case 'facts':
      return <OneFact id={id ?? ''} />;
    default:
      return <OverviewRoom />;
  }
}
