import { Button, Field, Notice, to } from '@tallystick/kit';
import { currencyOf } from '@tallystick/protocol';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import {
  type Draft,
  draftOf,
  nameOf,
  readDraft,
  TIER_FIELDS,
  type TierField,
} from '../data/rules.ts';
import type { Overview, PolicyPreview, PolicyStanding, Rules } from '../data/shapes.ts';
import { useSurroundings, useWords } from '../parts/context.ts';
import { Shown, useLoaded } from '../parts/loaded.tsx';
import { Card } from '../parts/pieces.tsx';
import { Room } from '../parts/room.tsx';
import { Table } from '../parts/table.tsx';
import { useTask } from '../parts/task.ts';
import { ruleText, tierName } from './policy.tsx';

/** Another policy: typed, compared with the one in force, and only then signed. */
export function ProposePolicy(): JSX.Element {
  const { policy: says } = useWords();
  const standing = useLoaded<PolicyStanding>('/v1/policies/current');
  const overview = useLoaded<Overview>('/v1/overview');
  return (
    <Room
      title={says.editTitle}
      lead={says.editText}
      back={{ href: to('policy'), label: says.title }}
    >
      <Shown loaded={standing}>
        {(of) => (
          <Shown loaded={overview}>
            {({ scheme }) => <Proposal of={of} alpha={scheme.currency} />}
          </Shown>
        )}
      </Shown>
    </Room>
  );
}

interface Compared {
  readonly rules: Rules;
  readonly preview: PolicyPreview;
}

function Proposal({ of, alpha }: { of: PolicyStanding; alpha: string }): JSX.Element {
  const { api, go } = useSurroundings();
  const read = currencyOf(alpha);
  const currency = read.ok ? read.value : 0;
  const [draft, setDraft] = useState<Draft>(() => draftOf(of.rules, currency));
  const [bad, setBad] = useState<ReadonlySet<string>>(new Set());
  const [compared, setCompared] = useState<Compared | null>(null);
  const comparing = useTask(async () => {
    const typed = readDraft(draft, of.rules.tiers, currency);
    setBad(typed.bad);
    if (typed.bad.size > 0) return null;
    const previewed = await api.post<PolicyPreview>('/v1/policy-previews', typed.rules);
    if (!previewed.ok) return previewed.error;
    setCompared({ rules: typed.rules, preview: previewed.value });
    return null;
  });
  const signing = useTask(async () => {
    if (compared === null) return null;
    const { rules, preview } = compared;
    const signed = await api.post('/v1/policies', { ...rules, basis: preview.basis });
    if (!signed.ok) return signed.error;
    go(to('policy'));
    return null;
  });
  if (compared !== null) {
    return (
      <Diff
        of={of}
        alpha={alpha}
        preview={compared.preview}
        signing={signing}
        onChange={() => setCompared(null)}
      />
    );
  }
  return <Form of={of} draft={draft} bad={bad} onDraft={setDraft} comparing={comparing} />;
}

function Form(props: {
  readonly of: PolicyStanding;
  readonly draft: Draft;
  readonly bad: ReadonlySet<string>;
  readonly onDraft: (draft: Draft) => void;
  readonly comparing: ReturnType<typeof useTask>;
}): JSX.Element {
  const { of, draft, bad, onDraft, comparing } = props;
  const { policy: says, working } = useWords();
  const faultOf = (name: string): string | undefined => (bad.has(name) ? says.bad : undefined);
  const setTier = (at: number, field: TierField, value: string): void =>
    onDraft({
      ...draft,
      tiers: draft.tiers.map((row, index) => (index === at ? { ...row, [field]: value } : row)),
    });
  return (
    <form
      class="proposal"
      onSubmit={(event) => {
        event.preventDefault();
        comparing.start();
      }}
    >
      <fieldset class="card">
        <legend>{says.windows}</legend>
        {(['hopMax', 'staleSeconds'] as const).map((field) => (
          <Field
            key={field}
            label={says.fields[field] ?? field}
            value={draft[field]}
            problem={faultOf(field)}
            onInput={(value) => onDraft({ ...draft, [field]: value })}
          />
        ))}
      </fieldset>
      {of.rules.tiers.map(({ tier }, at) => (
        <fieldset key={tier} class="card">
          <legend>{tierName(of, tier)}</legend>
          {TIER_FIELDS.map((field) => (
            <Field
              key={field}
              label={says.tierColumns[field]}
              value={draft.tiers[at]?.[field] ?? ''}
              problem={faultOf(nameOf(tier, field))}
              onInput={(value) => setTier(at, field, value)}
            />
          ))}
        </fieldset>
      ))}
      {comparing.problem !== null && (
        <Notice tone="bad" urgent>
          {comparing.problem}
        </Notice>
      )}
      {bad.size > 0 && (
        <Notice tone="bad" urgent>
          {says.bad}
        </Notice>
      )}
      <div class="acts">
        <Button kind="main" submits>
          {comparing.isRunning ? working : says.compare}
        </Button>
      </div>
    </form>
  );
}

function Diff(props: {
  readonly of: PolicyStanding;
  readonly alpha: string;
  readonly preview: PolicyPreview;
  readonly signing: ReturnType<typeof useTask>;
  readonly onChange: () => void;
}): JSX.Element {
  const { of, alpha, preview, signing, onChange } = props;
  const { policy: says, working } = useWords();
  const { diffColumns, tierColumns, fields } = says;
  const ruleName = (field: string): string =>
    (tierColumns as Readonly<Record<string, string>>)[field] ?? fields[field] ?? field;
  const title = says.diff(preview.basis, preview.version);
  return (
    <Card title={title}>
      <Table
        caption={title}
        rows={preview.changes}
        keyOf={({ tier, field }) => `${tier} ${field}`}
        columns={[
          {
            name: diffColumns.tier,
            of: ({ tier }) => (tier === null ? says.general : tierName(of, tier)),
          },
          { name: diffColumns.rule, of: ({ field }) => ruleName(field) },
          {
            name: diffColumns.from,
            isNumber: true,
            of: ({ field, from }) => <del>{ruleText(field, from, alpha)}</del>,
          },
          {
            name: diffColumns.to,
            isNumber: true,
            of: ({ field, to: then }) => <ins>{ruleText(field, then, alpha)}</ins>,
          },
        ]}
      />
      <p class="quiet">{says.signText}</p>
      {signing.problem !== null && (
        <Notice tone="bad" urgent>
          {signing.problem}
        </Notice>
      )}
      <div class="acts">
        <button type="button" class="button danger" onClick={signing.start}>
          {signing.isRunning ? working : says.sign(preview.version)}
        </button>
        <Button onPress={onChange}>{says.change}</Button>
      </div>
    </Card>
  );
}
