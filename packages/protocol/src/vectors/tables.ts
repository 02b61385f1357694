import { ALGORITHMS, type Algorithm, ED25519, ES256, ML_DSA_44 } from '../algorithm.ts';
import { type Cbor, decodeCbor, encodeCbor } from '../cbor.ts';
import { describeCode, PRECEDENCE } from '../errors.ts';
import { encodeFrame } from '../frame.ts';
import { LIMITS } from '../limits.ts';
import { bankA, party, type Party } from './cast.ts';
import { everyMessage } from './everything.ts';
import { LIMIT_MEANINGS } from './limit-meanings.ts';
import { paymentFields, paymentOf } from './samples.ts';
import { signerOf } from './signer.ts';

/** Tables of the specification that are measured, so that they cannot drift from the code. */

/** A table's name in the specification, and its rows in Markdown. */
interface Table {
  readonly name: string;
  readonly markdown: string;
}

interface Row {
  readonly part: string;
  readonly field: string;
  readonly bytes: number;
}

const size = (item: Cbor): number => encodeCbor(item).length;
/** Bytes of the head of an item that holds `length` bytes or parts. */
const headOf = (length: number): number => (length < 24 ? 1 : length < 256 ? 2 : 3);

const PAYMENT_FIELDS = [
  'kind of message',
  'position in the payer’s log',
  'head of the payer’s log',
  'payee',
  'value',
  'issuer time of the last sync',
  'minutes to accept',
];
const VALUE_FIELDS = ['kind of value', 'currency', 'amount', 'hop'];
const CLAIMS: Readonly<Record<number, string>> = {
  2: 'name',
  4: 'hard expiry',
  8: 'public key, as COSE_Key in `cnf`',
  [-65537]: 'tier, assurance, measurement, status index',
};

/** Rows of a signed message; what they do not add up to is a fault of this function. */
function signedRows(part: string, wire: Uint8Array, payload: (bytes: Uint8Array) => Row[]): Row[] {
  const parts = decodeCbor(wire) as readonly Uint8Array[];
  const [header, , body, signature] = parts;
  if (header === undefined || body === undefined || signature === undefined) {
    throw new TypeError('a signed message has four parts');
  }
  const entries = decodeCbor(header) as ReadonlyMap<number, Cbor>;
  const rows: Row[] = [
    { part, field: 'COSE_Sign1: head of the array', bytes: 1 },
    { part, field: 'protected header: heads', bytes: headOf(header.length) + 1 },
    { part, field: 'algorithm', bytes: 1 + size(entries.get(1) ?? null) },
    {
      part,
      field: 'reference of the signer’s certificate',
      bytes: 1 + size(entries.get(4) ?? null),
    },
    { part, field: 'unprotected header, empty', bytes: 1 },
    { part, field: 'payload: head', bytes: headOf(body.length) },
    ...payload(body),
    { part, field: 'signature', bytes: size(signature) },
  ];
  const total = rows.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total !== wire.length) throw new Error(`${total} bytes in the table, ${wire.length} in fact`);
  return rows;
}

function paymentRows(body: Uint8Array): Row[] {
  const part = 'payment';
  const fields = decodeCbor(body) as readonly Cbor[];
  const rows = fields.flatMap((item, index): Row[] => {
    if (!Array.isArray(item))
      return [{ part, field: PAYMENT_FIELDS[index] ?? '', bytes: size(item) }];
    const inner = (item as readonly Cbor[]).map((each, at) => ({
      part,
      field: `value: ${VALUE_FIELDS[at] ?? ''}`,
      bytes: size(each),
    }));
    return [{ part, field: 'value: head', bytes: 1 }, ...inner];
  });
  return [{ part, field: 'fields: head', bytes: 1 }, ...rows];
}

function claimRows(body: Uint8Array): Row[] {
  const part = 'certificate';
  const claims = [...(decodeCbor(body) as ReadonlyMap<number, Cbor>)];
  const rows = claims.map(([label, item]) => ({
    part,
    field: CLAIMS[label] ?? '',
    bytes: size(label) + size(item),
  }));
  return [{ part, field: 'claims: head', bytes: 1 }, ...rows];
}

const typicalPayer: Party = party('alice', bankA, { profile: { statusIndex: 70_001 } });
const typicalPayment = paymentOf().wire;
const largestPayer: Party = party('alice', bankA, {
  expires: 0xffff_ffff,
  profile: {
    tier: 31,
    assurance: 4,
    measurement: LIMITS.imageVersion,
    statusIndex: LIMITS.listEntries - 1,
  },
});
const largestPayment = paymentOf({
  seq: LIMITS.position,
  acceptMinutes: 0xffff,
  value: { kind: 1, currency: 999, amount: LIMITS.amountMinorUnits, hop: LIMITS.hopsMax },
}).wire;

function frameRows(payment: Uint8Array, payer: Party): Row[] {
  return [
    { part: 'frame', field: 'head and kind of frame', bytes: 2 },
    ...signedRows('payment', payment, paymentRows),
    ...signedRows('certificate', payer.wire, claimRows),
  ];
}

function paymentTable(): Table {
  const typical = frameRows(typicalPayment, typicalPayer);
  const largest = frameRows(largestPayment, largestPayer);
  const frame = (payment: Uint8Array, certificate: Uint8Array | null): number =>
    encodeFrame({ kind: 2, payment, certificate }).length;
  const lines = typical.map(({ part, field, bytes }, index) => [
    part,
    field,
    String(bytes),
    String(largest[index]?.bytes ?? 0),
  ]);
  const total = (what: string, payment: number, most: number): string[] => [
    '**total**',
    `**${what}**`,
    `**${payment}**`,
    `**${most}**`,
  ];
  const withCertificate = [
    frame(typicalPayment, typicalPayer.wire),
    frame(largestPayment, largestPayer.wire),
  ] as const;
  const without = [frame(typicalPayment, null), frame(largestPayment, null)] as const;
  const rows = [
    ...lines,
    total('frame with certificate', ...withCertificate),
    total('frame to a payee that holds the certificate', ...without),
  ];
  return table('payment-bytes', ['part', 'field', 'bytes in the example', 'bytes at most'], rows);
}

function hopTable(): Table {
  const rows = [1, 2, 6, 12, LIMITS.hopsMax].map((hop) => {
    const payment = paymentOf({ value: { ...paymentFields.value, hop } }).wire;
    const bytes = encodeFrame({ kind: 2, payment, certificate: typicalPayer.wire }).length;
    return [String(hop), String(bytes)];
  });
  return table('hop-bytes', ['hop', 'bytes of the frame with certificate'], rows);
}

function algorithmTable(): Table {
  const rows = ([ES256, ED25519, ML_DSA_44] as const).map((alg: Algorithm) => {
    const { name, publicKeyBytes, signatureBytes } = ALGORITHMS[alg];
    // The authority signs with the same algorithm as the purse.
    const bank = { ...bankA, signer: signerOf('bank-a', alg) };
    const payer = party('alice', bank, { alg, profile: { statusIndex: 70_001 } });
    const payment = paymentOf({}, payer).wire;
    const sizes = [payer.wire, null].map(
      (certificate) => encodeFrame({ kind: 2, payment, certificate }).length,
    );
    return [name, String(alg), ...[publicKeyBytes, signatureBytes, ...sizes].map(String)];
  });
  const head = [
    'algorithm',
    'COSE',
    'public key',
    'signature',
    'payment with certificate',
    'without',
  ];
  return table('algorithm-bytes', head, rows);
}

function messageTable(): Table {
  const sizes = new Map<string, number[]>();
  for (const { name, bytes } of everyMessage) {
    sizes.set(name, [...(sizes.get(name) ?? []), bytes.length]);
  }
  const rows = [...sizes]
    .filter(([name]) => name !== 'cbor' && name !== 'certificate')
    .map(([name, lengths]) => [name, lengths.join(', ')]);
  return table('message-bytes', ['message', 'bytes of its examples'], rows);
}

function limitTable(): Table {
  const rows = Object.entries(LIMITS).map(([name, bound]) => [
    `\`${name}\``,
    grouped(bound),
    LIMIT_MEANINGS[name as keyof typeof LIMITS],
  ]);
  return table('limits', ['name', 'at most', 'of what'], rows);
}

/** A whole number with its thousands apart, the same in every engine. */
function grouped(value: number | bigint): string {
  return value.toString().replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function errorTable(): Table {
  const rows = PRECEDENCE.map((code, index) => {
    const { clause = '', says = '' } = describeCode(code) ?? {};
    return [String(index + 1), `\`${code}\``, clause, says];
  });
  return table('errors', ['place', 'code', 'clause', 'what it says'], rows);
}

function table(name: string, head: readonly string[], rows: readonly (readonly string[])[]): Table {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = head.map(() => '---');
  return { name, markdown: [head, rule, ...rows].map(line).join('\n') };
}

/** Every measured table. */
const tables: readonly Table[] = [
  paymentTable(),
  hopTable(),
  algorithmTable(),
  messageTable(),
  limitTable(),
  errorTable(),
];

/** A chapter with each of its measured tables written anew between its marks. */
export function withTables(text: string): string {
  return tables.reduce((chapter, { name, markdown }) => {
    const mark = new RegExp(`(<!-- measured: ${name} -->\n)[^]*?(<!-- end -->)`);
    return chapter.replace(
      mark,
      (_all, open: string, close: string) => `${open}${markdown}\n${close}`,
    );
  }, text);
}
