import {
  answer as answerCodec,
  type Bytes,
  decodeBody,
  decodeEntry,
  decodePayload,
  decodePurseCertificate,
  decodeRecord,
  decodeReply,
  decodeSigned,
  decodeUpload,
  enrolmentReply,
  equal,
  loadReply,
  payment,
  RECORD,
  recordId,
  requestDigest,
  toHex,
} from '@tallystick/protocol';
import type { Answered, Gateway } from '../server/gateway.ts';

const CBOR = 'application/cbor';

/** What the backend bound itself to by an answer: it must say the same whenever it is asked again. */
const ESSENCE: Readonly<Record<string, (reply: Bytes) => Bytes>> = {
  '/v1/enrolments': (reply) => decodeBody(enrolmentReply, reply).certificate,
  '/v1/loads': (reply) => decodeBody(loadReply, reply).payment,
  '/v1/syncs': (reply) => decodeReply(reply).answer,
  '/v1/renewals': (reply) => reply,
};

/** Everything the backend ever promised to anybody, kept where no crash reaches it. */
export class Promises {
  readonly #gateway: Gateway;
  /** Ids of log entries that were acknowledged. */
  readonly records = new Set<string>();
  /** Loads by the digest of their request, and unloads by record id, in minor units. */
  readonly loads = new Map<string, bigint>();
  readonly unloads = new Map<string, bigint>();
  readonly #issuers = new Set<string>();
  #recent: Answered[] = [];
  answers = 0;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  /** Takes in what was answered since; ids of entries acknowledged since. */
  learn(): readonly string[] {
    const news = this.#gateway.answered.splice(0).filter(({ path }) => path in ESSENCE);
    const before = this.records.size;
    for (const each of news) this.#note(each);
    this.#recent.push(...news);
    this.answers += news.length;
    return [...this.records].slice(before);
  }

  /** Asks everything again that was answered since the last time; what is answered otherwise now. */
  async breaches(): Promise<readonly string[]> {
    const asked = this.#recent;
    this.#recent = [];
    const broken: string[] = [];
    for (const { path, body, reply } of asked) {
      const again = await this.#gateway.send(path, body, CBOR);
      const essence = ESSENCE[path];
      const isSame =
        again.status === 200 && essence !== undefined && equal(essence(again.body), essence(reply));
      if (!isSame) broken.push(`${path} is answered otherwise now (${again.status})`);
    }
    return broken;
  }

  #note({ path, body, reply }: Answered): void {
    if (path === '/v1/loads') {
      const { payment: wire, issuer } = decodeBody(loadReply, reply);
      this.#issuers.add(toHex(decodePurseCertificate(issuer).ref));
      this.loads.set(toHex(requestDigest(body)), amountOf(wire));
    } else if (path === '/v1/syncs') {
      this.#noteSync(body, reply);
    }
  }

  #noteSync(body: Bytes, reply: Bytes): void {
    const { payload } = decodeSigned(decodeReply(reply).answer);
    const { ackedTo } = decodePayload(payload, answerCodec, 'answer');
    for (const entry of decodeUpload(body).entries) {
      const { record } = decodeEntry(entry);
      const content = decodeRecord(record.payload);
      if (content.seq > ackedTo) continue;
      const id = toHex(recordId(record));
      this.records.add(id);
      if (content.kind === RECORD.payment && this.#issuers.has(toHex(content.payee))) {
        this.unloads.set(id, content.value.amount);
      }
    }
  }
}

function amountOf(wire: Bytes): bigint {
  return decodePayload(decodeSigned(wire).payload, payment, 'payment').value.amount;
}

/** Minor units altogether. */
export function totalOf(amounts: ReadonlyMap<string, bigint>): bigint {
  return [...amounts.values()].reduce((sum, each) => sum + each, 0n);
}
