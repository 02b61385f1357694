import type { Result } from '@tallystick/protocol';
import type { Finding } from '../attack.ts';
import { finding } from '../attempt.ts';
import type { Purse } from '../purse.ts';

/** One way to carry an attack out, by what it is. */
export type Ways = Readonly<Record<string, () => Promise<Result<unknown>>>>;

/**
 * Tries several ways of one attack. It is prevented where each was refused and all of them together changed nothing;
 * the remark says what became of each, and the refusal is that of the first.
 */
export async function attemptEach(purse: Purse, ran: string, ways: Ways): Promise<Finding> {
  const before = await purse.hash();
  const codes: (string | null)[] = [];
  const said: string[] = [];
  for (const [what, work] of Object.entries(ways)) {
    const code = refusalOf(await work());
    codes.push(code);
    said.push(`${what}: ${code ?? 'accepted'}`);
  }
  const after = await purse.hash();
  const isRefused = codes.every((code) => code !== null);
  return finding(isRefused && before === after ? 'prevented' : 'succeeded', {
    ran,
    before,
    after,
    refusal: isRefused ? (codes[0] ?? null) : null,
    remark: said.join('; '),
  });
}

/** The code that something was refused with. */
export function refusalOf(result: Result<unknown>): string | null {
  return result.ok ? null : result.error.code;
}
