import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button, Choice, LANGUAGES, type LanguageCode, Notice, Screen } from '@tallystick/kit';
import { useMoney, useSurroundings, useWords } from '../parts/context.ts';
import { NewPin } from '../parts/new-pin.tsx';
import { pinBytes } from '../parts/pin.ts';
import { useTask } from '../parts/task.ts';

/** What a new purse keeps, in minor units, where its holder says nothing else. */
const FIRST = 100_00n;

/** Makes the purse: a bank, a PIN, and the first money. */
export function Welcome(): JSX.Element {
  const { device, speech } = useSurroundings();
  const { welcome: says, working } = useWords();
  const money = useMoney();
  const scheme = device.scheme.value;
  const [participant, setParticipant] = useState('');
  const [pin, setPin] = useState<string | null>(null);
  const [isChecked, setChecked] = useState(false);
  useEffect(() => {
    device.learnScheme().catch(reportError);
  }, [device.online.value]);

  const chosen = participant === '' ? (scheme?.participants[0]?.code ?? '') : participant;
  const begin = useTask(async () => {
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
          <NewPin label={says.pin} isChecked={isChecked} onChange={setPin} />
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
      <Language
        value={speech.language.value}
        onChange={(code) => {
          speech.speak(code).catch(reportError);
          device.change({ language: code }).catch(reportError);
        }}
      />
    </Screen>
  );
}

export function Language(props: {
  readonly value: LanguageCode;
  readonly onChange: (code: LanguageCode) => void;
}): JSX.Element {
  const { settings } = useWords();
  return (
    <Choice
      label={settings.language}
      value={props.value}
      options={LANGUAGES.map(({ code, name }) => ({ value: code, label: name, lang: code }))}
      onChange={props.onChange}
    />
  );
}
