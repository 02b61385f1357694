/** What the page of the tests offers to whoever drives the browser. Bytes are hex, amounts decimal. */
export interface PageApp {
  /** Opens a purse that keeps its keys and state in this page, enrols it and loads that much. */
  openPurse(account: string, participant: 'ALPHSESS' | 'BETASESS', load: string): Promise<void>;
  balance(): Promise<string>;
  /** Starts the camera; null, or the code that it failed with. */
  openCamera(patienceMs?: number): Promise<string | null>;
  closeCamera(): Promise<void>;
  /** Whether what the camera sees is shown. */
  isLooking(): Promise<boolean>;
  /** The state that a payment came to, or its code. It begins when the camera sees a request. */
  pay(): Promise<string>;
  /** What a request came to once the contact has ended: the amount that was accepted, or a code. */
  getPaid(amount: string): Promise<string>;
  endContact(): Promise<void>;
  /** Kinds of the frames that were shown, in order, and of how many codes each. */
  shown(): Promise<readonly { readonly kind: number; readonly parts: number }[]>;
  showFrame(frame: string): Promise<void>;
  showText(text: string): Promise<void>;
  /** Shows what is no code. */
  showRubbish(): Promise<void>;
  /** What became of what the camera read since the last call, without repetitions: frames, codes of refusals. */
  seen(): Promise<readonly string[]>;
  /** Why the camera ended by itself, where it did. */
  ended(): Promise<string | null>;
  /** Uses a store of this page: what it gave. */
  store(use: 'put' | 'get' | 'list' | 'remove', key: string, value?: string): Promise<unknown>;
  /** Takes the database of a wallet's store away, and says what a load comes to then, and the balance. */
  loseStore(): Promise<string>;
}
