import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import {
  Button,
  Choice,
  LanguageChoice,
  NewPin,
  Notice,
  pinBytes,
  Screen,
  useTask,
} from '@tallystick/kit';
import { useFailure, useMoney, useSurroundings, useWords } from '../parts/context.ts';

/** What a new purse keeps, in minor units, where its holder says nothing else. */
const FIRST = 100_00n;

/** Makes the purse: a bank, a PIN, and the first money. */
export function Welcome(): JSX.Element {
  const { device, speech } = useSurroundings();
  const { welcome: says, newPin, settings, working } = useWords();
  const money = useMoney();
  const scheme = device.scheme.value;
  const [participant, setParticipant] = useState('');
  const [pin, setPin] = useState<string | null>(null);
  const [isChecked, setChecked] = useState(false);
  useEffect(() => {
    device.learnScheme().catch(reportError);
  }, [device.online.value]);

  const chosen = participant === '' ? (scheme?.participants[0]?.code ?? '') : participant;
  const begin = useTask(useFailure(), async () => {
    setChecked(true);
    if (pin === null) return null;
    const begun = await device.begin(chosen, pinBytes(pin), FIRST);
    return begun.ok ? null : begun.error;
  });

  return (
    <Screen
      title={says.title}
      foot={
        <Button kind="main" disabled={scheme === null || begin.isRunning} onPress={begin.start}>
          {begin.isRunning ? working : says.start}
        </Button>
      }
    >
      <p>{says.lead}</p>
      <ul class="points">
        {says.points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      {scheme === null ? (
        <Notice tone="warn" icon="offline">
          {says.offline}
        </Notice>
      ) : (
        <>
          <Choice
            label={says.bank}
            value={chosen}
            options={scheme.participants.map(({ code, name }) => ({ value: code, label: name }))}
            onChange={setParticipant}
          />
          {scheme.isSandbox && <p class="quiet">{says.sandbox}</p>}
          <NewPin label={says.pin} says={newPin} isChecked={isChecked} onChange={setPin} />
          <p class="quiet">
            {says.first(money(FIRST))} {says.lesson}
          </p>
        </>
      )}
      {begin.problem !== null && (
        <Notice tone="bad" urgent>
          {begin.problem}
        </Notice>
      )}
      <LanguageChoice
        label={settings.language}
        value={speech.language.value}
        onChange={(code) => {
          speech.speak(code).catch(reportError);
          device.change({ language: code }).catch(reportError);
        }}
      />
    </Screen>
  );
}
