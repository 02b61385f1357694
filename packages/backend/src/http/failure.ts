import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { VerificationUnavailable } from '../verification/pool.ts';
import { problem } from './problem.ts';

/** Answers a request that failed rather than was refused; what went wrong stays in the log. */
export function answerFailure(
  error: Error,
  context: Context,
  log: (line: string) => void,
): Response {
  if (error instanceof HTTPException && error.status < 500) {
    return problem(context, 'BAD_REQUEST', error.message);
  }
  log(`${context.req.method} ${context.req.path} failed: ${error.stack ?? error.message}`);
  if (error instanceof VerificationUnavailable || isConnectionLoss(error)) {
    context.header('Retry-After', '1');
    return problem(context, 'UNAVAILABLE');
  }
  return problem(context, 'INTERNAL');
}

/** SQLSTATE classes 08 (connection), 53 (resources) and 57 (operator intervention), or a dead socket. */
function isConnectionLoss(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return /^(?:08|53|57)|^E(?:CONN|PIPE)/.test(code) || /Connection terminated/.test(error.message);
}
