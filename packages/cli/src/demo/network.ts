import type { Fetch } from '@tallystick/wallet';

/** The way from the devices to the backend, which can be taken away. */
export class Network {
  isOnline = true;

  /** Asks like the platform does while online, and fails as it does when there is no network. */
  readonly fetch: Fetch = (url, init) =>
    this.isOnline ? fetch(url, init) : Promise.reject(new TypeError('there is no network'));
}
