/** The participant of the sandbox that the examples' shops bank with. */
export const PARTICIPANT = 'ALPHSESS';

/** Opens an account of a sandbox; `acceptancePoint` is what payers are shown of a shop. */
export async function openAccount(
  backend: string,
  account: string,
  acceptancePoint: string | null,
): Promise<void> {
  const response = await fetch(`${backend}/v1/sandbox/accounts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ participant: PARTICIPANT, account, acceptancePoint }),
  });
  if (!response.ok) throw new Error(`no account: ${response.status}`);
}
