import { fail, type WalletResult } from '../failure.ts';
import type { BackendPort } from '../sync/backend-port.ts';

/** What becomes of a call: it is answered, does not arrive, or arrives and its answer is lost. */
export type Loss = 'none' | 'request' | 'reply';

/** A network on the way to the backend that loses what it is told to. */
export class Lossy implements BackendPort {
  /** Names of the calls so far, lost ones included. */
  readonly calls: string[] = [];
  /** Decides over the call of that index. */
  loss: (index: number, name: string) => Loss = () => 'none';
  readonly #backend: BackendPort;

  constructor(backend: BackendPort) {
    this.#backend = backend;
  }

  // A test may put its own answer in place of any of these.
  challenge: BackendPort['challenge'] = () =>
    this.#call('challenge', () => this.#backend.challenge());
  sealedChallenge: BackendPort['sealedChallenge'] = (introduction) =>
    this.#call('sealedChallenge', () => this.#backend.sealedChallenge(introduction));
  enrol: BackendPort['enrol'] = (request) =>
    this.#call('enrol', () => this.#backend.enrol(request));
  load: BackendPort['load'] = (request) => this.#call('load', () => this.#backend.load(request));
  sync: BackendPort['sync'] = (upload) => this.#call('sync', () => this.#backend.sync(upload));
  renew: BackendPort['renew'] = (request) =>
    this.#call('renew', () => this.#backend.renew(request));
  statusList: BackendPort['statusList'] = (since) =>
    this.#call('statusList', () => this.#backend.statusList(since));
  policy: BackendPort['policy'] = () => this.#call('policy', () => this.#backend.policy());

  async #call<T>(name: string, call: () => Promise<WalletResult<T>>): Promise<WalletResult<T>> {
    const loss = this.loss(this.calls.length, name);
    this.calls.push(name);
    if (loss === 'request') return fail('BACKEND_UNREACHABLE', 'the request was lost');
    const answer = await call();
    return loss === 'reply' ? fail('BACKEND_UNREACHABLE', 'the reply was lost') : answer;
  }
}
