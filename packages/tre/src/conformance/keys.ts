import {
  type Algorithm,
  attempt,
  type Bytes,
  checkEnrolment,
  checkSignature,
  decodePayload,
  decodeSigned,
  ED25519,
  ES256,
  encodeSigned,
  ML_DSA_44,
  type PublicKey,
  request as requestCodec,
  runChecking,
  toHex,
} from '@tallystick/protocol';
import { softwareVerify } from '@tallystick/protocol/software';
import { type Bench, check } from './bench.ts';
import { type Check, must, mustEqual, mustMatch, mustRefuse } from './check.ts';
import { CHALLENGE, enrolledKey, type ExaminedPurse } from './purse.ts';

/** Enough that ECDSA without normalisation is high-S at least once, but for one time in 4,096. */
const SIGNATURES = 12;

/** Keys, signatures, randomness: what comes from the environment's cryptography. */
export const KEY_CHECKS: readonly Check[] = [
  ...(
    [
      [ES256, []],
      [ED25519, ['ed25519']],
    ] as const
  ).flatMap(([alg, needs]) => [
    check(`enrols a key (${alg})`, 'TS-ENR-1', needs, (bench) => enrols(bench, alg)),
    check(`signs so that others verify, low-S (${alg})`, 'TS-SIG-4', needs, (bench) =>
      signs(bench, alg),
    ),
    check(`renews into a new key (${alg}), and keeps it`, 'TS-LOG-5', needs, (bench) =>
      renews(bench, alg),
    ),
  ]),
  check('refuses an algorithm that it holds no keys of', 'TS-TRE-2', [], refusesAlgorithm),
  check('refuses what its key did not sign', 'TS-SIG-3', [], refusesForgery),
  check('draws fresh randomness, also after opening again', 'TS-TRE-2', [], drawsFresh),
];

async function enrols(bench: Bench, alg: Algorithm): Promise<void> {
  const purse = await bench.blank();
  mustRefuse(await purse.run({ kind: 1 }), 'NOT_PERSONALISED', 'the status of a blank element');
  const reply = await purse.get({ kind: 2, alg, challenge: CHALLENGE, pin: null }, 2);
  const stated = attempt(() => runChecking(checkEnrolment(reply.enrolment), softwareVerify));
  must(stated.ok, 'the enrolment does not verify');
  mustMatch(stated.value.challenge, CHALLENGE, 'the challenge of the enrolment');
  mustEqual<number>(stated.value.alg, alg, 'the algorithm of the enrolment');
  const certificate = purse.participant.certify(enrolledKey(reply.enrolment));
  await purse.get(purse.personalisation(bench.scheme, certificate), 0);
  mustMatch((await purse.status()).certificate, certificate, 'the certificate');
  const again = await purse.run(purse.personalisation(bench.scheme, certificate));
  mustRefuse(again, 'ALREADY_PERSONALISED', 'personalising twice');
}

async function signs(bench: Bench, alg: Algorithm): Promise<void> {
  const purse = await bench.purse({ alg });
  for (let count = 0; count < SIGNATURES; count++) {
    mustVerify(await purse.request(BigInt(count + 1)), purse.key);
  }
}

/** Reading a message refuses a high-S signature by itself. */
function mustVerify(message: Bytes, key: PublicKey): void {
  const verdict = attempt(() =>
    runChecking(checkSignature(decodeSigned(message), key), softwareVerify),
  );
  must(verdict.ok, `a signature does not verify: ${verdict.ok ? '' : verdict.error.code}`);
}

async function renews(bench: Bench, alg: Algorithm): Promise<void> {
  const purse = await bench.purse();
  await purse.load(700n);
  const begun = await purse.get({ kind: 17, alg, challenge: CHALLENGE }, 2);
  must(begun.renewal !== null, 'the old key does not name its successor');
  mustVerify(begun.renewal, purse.key);
  await purse.reopen();
  purse.certificate = purse.participant.certify(enrolledKey(begun.enrolment));
  await purse.get({ kind: 18, certificate: purse.certificate }, 0);
  await purse.reopen();
  mustVerify(await purse.request(1n), purse.key);
  mustEqual((await purse.status()).balance, 700n, 'the balance after a renewal');
}

/** Asked for any algorithm, it gives a key of it or refuses; the purse is none the worse. */
async function refusesAlgorithm(bench: Bench): Promise<void> {
  for (const alg of [ES256, ED25519, ML_DSA_44] as const) {
    const purse = await bench.blank();
    const reply = await purse.run({ kind: 2, alg, challenge: CHALLENGE, pin: null });
    if (!reply.ok) mustRefuse(reply, 'UNKNOWN_ALGORITHM', `a key of algorithm ${alg}`);
    await purse.get({ kind: 2, alg: ES256, challenge: CHALLENGE, pin: null }, 2);
  }
}

async function refusesForgery(bench: Bench): Promise<void> {
  const payer = await bench.purse();
  const payee = await bench.purse({ participant: 1 });
  await payer.load(500n);
  const request = await payee.request(500n);
  const { message } = await payer.pay(request, payee);
  const signed = decodeSigned(message);
  for (const at of [0, 31, 63]) {
    const signature = signed.signature.slice();
    signature[at] = (signature[at] ?? 0) ^ 1;
    const forged = encodeSigned({ ...signed, signature });
    const outcome = await payee.run(payee.receiving(forged, request, payer));
    mustRefuse(outcome, 'BAD_SIGNATURE', `a payment with bit ${at * 8} of its signature flipped`);
  }
  mustEqual((await payee.status()).balance, 0n, 'the balance after forgeries');
  await payee.receive(message, request, payer);
  mustEqual((await payee.status()).balance, 500n, 'the balance after the true payment');
}

async function drawsFresh(bench: Bench): Promise<void> {
  const purses = [await bench.purse(), await bench.purse()];
  mustEqual(new Set(purses.map(({ key }) => toHex(key.bytes))).size, 2, 'the number of keys');
  const nonces: string[] = [];
  for (const purse of purses) nonces.push(await nonceOf(purse), await nonceOf(purse));
  for (const purse of purses) await purse.reopen();
  for (const purse of purses) nonces.push(await nonceOf(purse), await nonceOf(purse));
  mustEqual(new Set(nonces).size, nonces.length, 'the number of different nonces');
}

async function nonceOf(purse: ExaminedPurse): Promise<string> {
  const { payload } = decodeSigned(await purse.request(1n));
  return toHex(decodePayload(payload, requestCodec, 'request').nonce);
}
