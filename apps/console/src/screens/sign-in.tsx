import { Button, Field, Notice } from '@tallystick/kit';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Grant, register, signIn } from '../data/passkey.ts';
import { useSurroundings, useWords } from '../parts/context.ts';
import { useTask } from '../parts/task.ts';

/** The only room for whoever is not signed in. */
export function SignIn({ isFirst }: { readonly isFirst: boolean }): JSX.Element {
  const { api, refreshSession } = useSurroundings();
  const { signIn: says, app, working } = useWords();
  const [isInvited, setInvited] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${says.title} – ${app}`;
    // Whoever types elsewhere on a page that this is a frame of goes on typing there.
    if (document.hasFocus()) heading.current?.focus();
  }, [says, app]);
  const task = useTask(async () => {
    const failed = await signIn(api);
    if (failed === null) await refreshSession();
    return failed;
  });
  return (
    <main class="door">
      <h1 ref={heading} tabIndex={-1}>
        {app}
      </h1>
      <p class="lead">{says.lead}</p>
      {!('credentials' in navigator) && <Notice tone="bad">{says.unsupported}</Notice>}
      {!isFirst && (
        <section class="card" aria-label={says.title}>
          <Button kind="main" icon="lock" onPress={task.start}>
            {task.isRunning ? working : says.button}
          </Button>
          {task.problem !== null && (
            <Notice tone="bad" urgent>
              {task.problem}
            </Notice>
          )}
        </section>
      )}
      {isFirst && <Registration kind="token" />}
      {!isFirst && !isInvited && (
        <Button kind="plain" onPress={() => setInvited(true)}>
          {says.invited}
        </Button>
      )}
      {!isFirst && isInvited && <Registration kind="invitation" />}
    </main>
  );
}

/** Registers a passkey: with the operator's token, or an invitation. */
function Registration({ kind }: { readonly kind: 'token' | 'invitation' }): JSX.Element {
  const { api, refreshSession } = useSurroundings();
  const { signIn: says, working } = useWords();
  const [secret, setSecret] = useState('');
  const [name, setName] = useState('');
  const [label, setLabel] = useState(says.labelValue);
  const isToken = kind === 'token';
  const isReady = secret.trim() !== '' && label.trim() !== '' && (!isToken || name.trim() !== '');
  const task = useTask(async () => {
    const given = secret.trim();
    const grant: Grant = isToken ? { token: given, name: name.trim() } : { invitation: given };
    const failed = await register(api, grant, label.trim());
    if (failed === null) await refreshSession();
    return failed;
  });
  return (
    <form
      class="card"
      aria-label={isToken ? says.first : says.invited}
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) task.start();
      }}
    >
      <h2>{isToken ? says.first : says.invited}</h2>
      {isToken && <p class="quiet">{says.firstLead}</p>}
      <Field
        label={isToken ? says.token : says.invitation}
        hint={isToken ? says.tokenHint : says.invitationHint}
        value={secret}
        onInput={setSecret}
        secret={isToken}
        maxLength={128}
      />
      {isToken && <Field label={says.name} hint={says.nameHint} value={name} onInput={setName} />}
      <Field label={says.label} hint={says.labelHint} value={label} onInput={setLabel} />
      <Button kind="main" submits disabled={!isReady}>
        {task.isRunning ? working : says.register}
      </Button>
      {task.problem !== null && (
        <Notice tone="bad" urgent>
          {task.problem}
        </Notice>
      )}
    </form>
  );
}
