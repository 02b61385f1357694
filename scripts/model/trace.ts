/** What a trace of `spec/model/tallystick.qnt` is made of; names and meanings are the model's. */
interface Entry {
  readonly owner: number;
  readonly seq: number;
  readonly kind: string;
  readonly ref: number;
}

export interface ModelPurse {
  readonly seq: number;
  readonly head: number;
  readonly balance: number;
  readonly open: ReadonlyMap<number, boolean>;
  readonly answered: ReadonlyMap<number, { readonly accepted: boolean; readonly seq: number }>;
  readonly floor: number;
  readonly synced: number;
  readonly epoch: number;
  readonly acked: number;
  readonly list: number;
}

interface ModelLedger {
  readonly reserve: number;
  readonly inFlight: number;
  readonly float: ReadonlyMap<number, number>;
  readonly loss: ReadonlyMap<number, number>;
  readonly standing: ReadonlyMap<number, string>;
  readonly payer: ReadonlyMap<number, string>;
  readonly payee: ReadonlyMap<number, string>;
}

export interface ModelWorld {
  readonly entries: readonly Entry[];
  readonly purses: ReadonlyMap<number, ModelPurse>;
  readonly office: {
    readonly epochs: ReadonlyMap<number, number>;
    readonly lists: readonly { readonly revoked: readonly number[] }[];
    readonly ledger: ModelLedger;
  };
}

export interface ModelStep {
  readonly act: string;
  readonly x: number;
  readonly about: number;
  readonly also: number;
  readonly amount: number;
  readonly flag: boolean;
  readonly cut: string;
  readonly code: string;
}

export interface ModelState {
  readonly world: ModelWorld;
  readonly last: ModelStep;
}
