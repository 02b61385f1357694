import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import {
  Button,
  Choice,
  Field,
  LanguageChoice,
  NewPin,
  Notice,
  Screen,
  useTask,
} from '@tallystick/kit';
import { LIMITS } from '@tallystick/protocol';
import { displayName } from '../device/settings.ts';
import { useFailure, useSurroundings, useWords } from '../parts/context.ts';
import { RefundLevel } from './takings.tsx';

/** What a new refund purse is filled up to, in minor units, where the shop says nothing else. */
const FIRST = 100_00n;

/** Makes the till: a bank, a name, a cashier's PIN, and money to pay back from. */
export function Welcome(): JSX.Element {
  const { till, speech } = useSurroundings();
  const { welcome: says, newPin, more, working } = useWords();
  const explain = useFailure();
  const scheme = till.scheme.value;
  const known = till.settings.value;
  const [participant, setParticipant] = useState(known.participant ?? '');
  const [shop, setShop] = useState(known.shop ?? '');
  const [lane, setLane] = useState(known.lane ?? says.firstLane);
  const [level, setLevel] = useState(FIRST);
  const [pin, setPin] = useState<string | null>(null);
  const [isChecked, setChecked] = useState(false);
  useEffect(() => {
    till.learnScheme().catch(reportError);
  }, [till.online.value]);

  const chosen = participant === '' ? (scheme?.participants[0]?.code ?? '') : participant;
  const names = { shop: shop.trim(), lane: lane.trim() };
  const isTooLong = bytesOf(displayName(names) ?? '') > LIMITS.nameBytes;
  const begin = useTask(explain, async () => {
    setChecked(true);
    if (pin === null || names.shop === '' || names.lane === '' || isTooLong) return null;
    const begun = await till.begin({ participant: chosen, ...names, pin }, level);
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
            label={says.shop}
            value={shop}
            onInput={setShop}
            hint={says.shopHint}
            problem={problemOf(isChecked && names.shop === '', says.shopMissing)}
            maxLength={48}
          />
          <Field
            label={says.lane}
            value={lane}
            onInput={setLane}
            hint={says.laneHint}
            problem={
              problemOf(isChecked && names.lane === '', says.laneMissing) ??
              problemOf(isTooLong, says.tooLong)
            }
            maxLength={24}
          />
          <NewPin label={says.pin} says={newPin} isChecked={isChecked} onChange={setPin} />
          <p class="quiet">{says.pinWhy}</p>
          <RefundLevel value={level} onChange={setLevel} />
        </>
      )}
      {begin.problem !== null && (
        <Notice tone="bad" urgent>
          {begin.problem}
        </Notice>
      )}
      <LanguageChoice
        label={more.language}
        value={speech.language.value}
        onChange={(code) => {
          speech.speak(code).catch(reportError);
          till.change({ language: code }).catch(reportError);
        }}
      />
    </Screen>
  );
}

function problemOf(isOne: boolean, words: string): string | undefined {
  return isOne ? words : undefined;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
