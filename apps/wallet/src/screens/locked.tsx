import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Button, Field, Notice, pinBytes, Screen } from '@tallystick/kit';
import type { Balance } from '@tallystick/wallet';
import { useSurroundings, useWords } from '../parts/context.ts';

/** A purse that its holder has locked. */
export function Locked({ balance }: { readonly balance: Balance }): JSX.Element {
  const { device } = useSurroundings();
  const { locked: says } = useWords();
  const [pin, setPin] = useState('');
  const [isWrong, setWrong] = useState(false);
  const tries = balance.pinTriesLeft ?? 0;
  const unlock = async (): Promise<void> => {
    const unlocked = await device.wallet.purse.unlock(pinBytes(pin));
    setPin('');
    setWrong(!unlocked.ok);
    await device.refresh();
  };
  return (
    <Screen title={says.title}>
      <p>{says.text}</p>
      {tries === 0 ? (
        <Notice tone="bad" icon="lock" urgent>
          {says.noTries}
        </Notice>
      ) : (
        <form
          class="card"
          onSubmit={(event) => {
            event.preventDefault();
            unlock().catch(reportError);
          }}
        >
          <Field
            label={says.pin}
            value={pin}
            onInput={setPin}
            problem={isWrong ? says.wrong(tries) : undefined}
            secret
            digits
            autoComplete="current-password"
          />
          <Button kind="main" submits>
            {says.unlock}
          </Button>
        </form>
      )}
    </Screen>
  );
}
