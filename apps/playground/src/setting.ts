/** A device on the table: an app, and the element that has its purse. */
export interface DeviceSetting {
  /** As the page and its controls name it. */
  readonly name: string;
  readonly kind: 'phone' | 'till';
  /** Origin of the app. */
  readonly app: string;
  readonly element: string;
}

/** What the page is built with. */
export interface Setting {
  readonly devices: readonly DeviceSetting[];
  /** Origin of the operator's console; null where there is none. */
  readonly console: string | null;
}
