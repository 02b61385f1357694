import { Failure } from './failure.ts';

/** What a command ends with that was told to stop. */
export function stopped(): Failure {
  return new Failure('STOPPED', 'stopped before the end; run it again');
}

/** Ends a command that was told to stop, at a point where it can clean up behind itself. */
export function demandGoingOn(stop: AbortSignal): void {
  if (stop.aborted) throw stopped();
}
