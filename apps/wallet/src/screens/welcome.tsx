import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import {
  Button,
  Choice,
  Field,
  LANGUAGES,
  type LanguageCode,
  Notice,
  Screen,
} from '@tallystick/kit';
import { useFailure, useMoney, useSurroundings, useWords } from '../parts/context.ts';
import { PIN_DIGITS_MIN, pinBytes } from '../parts/pin.ts';

/** What a new purse keeps, in minor units, where its holder says nothing else. */
const FIRST = 100_00n;

/** Makes the purse: a bank, a PIN, and the first money. */
export function Welcome(): JSX.Element {
  const { device, speech } = useSurroundings();
  const { welcome: says, working } = useWords();
  const money = useMoney();
  const explain = useFailure();
  const scheme = device.scheme.value;
  const [participant, setParticipant] = useState('');
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [isChecked, setChecked] = useState(false);
  const [isWorking, setWorking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    device.learnScheme().catch(reportError);
  }, [device.online.value]);

  const chosen = participant === '' ? (scheme?.participants[0]?.code ?? '') : participant;
  const pinProblem = pin.length < PIN_DIGITS_MIN ? says.pinTooShort : undefined;
  const againProblem = again === pin ? undefined : says.pinDiffers;
  const begin = async (): Promise<void> => {
    setChecked(true);
    if (pinProblem !== undefined || againProblem !== undefined || isWorking) return;
    setWorking(true);
    const begun = await device.begin(chosen, pinBytes(pin), FIRST);
    setWorking(false);
    if (!begun.ok) setProblem(explain(begun.error));
  };

  return (
    <Screen
      title={says.title}
      foot={
        <Button kind="main" disabled={scheme === null || isWorking} onPress={() => void begin()}>
          {isWorking ? working : says.start}
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
          <Field
            label={says.pin}
            value={pin}
            onInput={setPin}
            hint={says.pinHint}
            problem={isChecked ? pinProblem : undefined}
            secret
            digits
            autoComplete="new-password"
            maxLength={32}
          />
          <Field
            label={says.pinAgain}
            value={again}
            onInput={setAgain}
            problem={isChecked ? againProblem : undefined}
            secret
            digits
            autoComplete="new-password"
            maxLength={32}
          />
          <p class="quiet">
            {says.first(money(FIRST))} {says.lesson}
          </p>
        </>
      )}
      {problem !== null && (
        <Notice tone="bad" urgent>
          {problem}
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
