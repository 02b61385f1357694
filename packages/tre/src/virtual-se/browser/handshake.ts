/**
 * What windows say to each other before there is a port, each only to the origin that it means, and each heeded only
 * from the window and origin that it must come from (TS-TRE-8).
 */

/** The app to the element's document: it may have a port. */
export const HELLO = 'tallystick: an app is here';
/** The element's document to the app, with a port to a worker of its own. */
export const PORT = 'tallystick: here is the port';
/** The element's document to the app: its worker has ended, however it did. */
export const ENDED = 'tallystick: the element has ended';

/** What the element's document hands to its worker, with the other end of the port. */
export interface Assignment {
  /** Origin of the app. */
  readonly app: string;
  /** A lock that the worker keeps for as long as it lives. */
  readonly life: string;
}
/** The worker to its document: it has that lock. */
export const ALIVE = 'tallystick: alive';
