import { Failure } from './failure.ts';

/** Ends a command that was told to stop, at a point where it can clean up behind itself. */
export function demandGoingOn(stop: AbortSignal): void {
  if (stop.aborted) throw new Failure('STOPPED', 'stopped before the end; run it again');
}
