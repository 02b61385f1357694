/** A broken promise, as the auditor words it. */
export interface Found {
  readonly invariant: string;
  readonly detail: string;
}

/** What remains of a violation when the same thing happens to others, with other amounts. */
export function kindOf({ invariant, detail }: Found): string {
  const [sentence = ''] = detail.split('\n');
  const plain = sentence
    .replaceAll(/\b(?:wallet|terminal|attacker)-\d+(?:'\d+)?/g, 'somebody')
    .replaceAll(/\b[0-9a-f]{16,}\b/g, 'something')
    .replaceAll(/-?\d+/g, '0');
  return `${invariant}: ${plain}`;
}
