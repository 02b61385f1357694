import { decodePurseCertificate, ES256, toHex, decodeAuthority, equal } from '@tallystick/protocol';
import {
  payCommand,
  personalised,
  personaliseCommand,
  testScheme,
} from '@tallystick/trusted-app/testing';
import type { Attack } from '../attack.ts';
import { attempt, finding } from '../attempt.ts';
import { attemptEach, refusalOf } from './each.ts';
import {
  blankPurse,
  brokenPayer,
  day,
  forgedPayment,
  payerCap,
  paymentFor,
  showing,
  tellTime,
  underName,
} from './messages.ts';

/** Money of a scheme that somebody made up. */
export const FORGED_ROOT: Attack = {
  name: 'forged root',
  group: 'authority',
  attacker: 'network',
  reference: 'Georgiev et al., The Most Dangerous Code in the World (CCS 2012)',
  aim: "Pay with money that a root of the attacker's own vouches for.",
  run: async (arena) => {
    const payee = await arena.purse();
    const request = await payee.request(10n);
    const forged = testScheme('forged');
    const [issuer, participant] = forged.participants;
    const payer = personalised(forged, participant, 'mallory');
    const payment = forgedPayment(payer, payer.certificate, paymentFor(payee), request);
    const genuine = decodePurseCertificate(payee.certificate).signed.kid;
    const renamed = underName(payer.certificate, genuine);
    const disguised = forgedPayment(payer, renamed, paymentFor(payee), request);
    const load = issuer.load(request, payee.certificate, 10n);
    return attemptEach(payee, 'showed a payee money that another root vouches for', {
      'a payment under a certificate of that root': () =>
        payee.run(showing(payment, payer.certificate, request)),
      'a payment under the same, in the name of a stored authority': () =>
        payee.run(showing(disguised, renamed, request)),
      'a load by an issuer of that root': () =>
        payee.run(showing(load, issuer.issuer.certificate, request)),
    });
  },
};

/** A genuine authority, but none that the payee has stored. */
export const FOREIGN_INTERMEDIATE: Attack = {
  name: 'foreign intermediate',
  group: 'authority',
  attacker: 'network',
  reference: 'RFC 5280, 6.1',
  aim: 'Pay under an authority that the payee has never checked.',
  run: async (arena) => {
    const { scheme } = arena;
    const payee = await blankPurse(arena);
    payee.certificate = payee.participant.certify(await payee.prepare());
    const payer = await arena.bystander({ amount: 100n });
    const { kid } = decodePurseCertificate(payer.certificate).signed;
    const isForeign = (bytes: Uint8Array): boolean => equal(decodeAuthority(bytes).ref, kid);
    const foreign = scheme.authorities.find(isForeign);
    if (foreign === undefined) throw new Error(`no authority is ${toHex(kid)}`);
    const authorities = scheme.authorities.filter((bytes) => bytes !== foreign);
    await payee.get({ ...personaliseCommand(scheme, payee.certificate), authorities }, 0);
    const request = await payee.request(10n);
    const { message } = await payer.pay(request, payee);
    return attemptEach(payee, 'paid under an authority of the scheme that the payee lacks', {
      'with the certificate of the payer': () =>
        payee.run(showing(message, payer.certificate, request)),
      'with the certificate of that authority': () => payee.run(showing(message, foreign, request)),
    });
  },
};

/** A certificate that is over, before and after the payee can know. */
export const EXPIRED_CERTIFICATE: Attack = {
  name: 'expired certificate',
  group: 'authority',
  attacker: 'network',
  reference: 'RFC 5280, 4.1.2.5 / Topalovic et al., Towards Short-Lived Certificates (W2SP 2012)',
  aim: 'Go on paying under a certificate that is over.',
  run: async (arena) => {
    const payee = await arena.purse();
    const payer = brokenPayer(arena, 'mallory', { expires: day(1) });
    arena.now = day(2);
    payer.clock = day(2);
    const offer = async (): Promise<ReturnType<typeof showing>> => {
      const request = await payee.request(10n, day(2) + 600);
      const choices = { despiteDoubt: true };
      const { message } = payer.get(payCommand(request, payee.certificate, choices), 1);
      return showing(message, payer.certificate, request);
    };
    const first = refusalOf(await payee.run(await offer()));
    await tellTime(arena, payee, day(2));
    const found = await attempt(
      payee,
      "paid a day after the own certificate had expired: before, and after the payee had heard of an issuer's time past that",
      async () => payee.run(await offer()),
    );
    if (found.outcome !== 'prevented' || first !== null) return found;
    return finding('bounded', {
      ...found.evidence,
      remark: `while the payee's own floor lay before the expiry it took 10, whatever its clock showed; from one payer that is ${payerCap(arena)} at most, its cap until its next sync. Once it knew of a later issuer's time it took nothing`,
    });
  },
};

/** Somebody else's certificate, for a key that is not its own. */
export const CERTIFICATE_FOR_ANOTHER_KEY: Attack = {
  name: 'certificate for another key',
  group: 'authority',
  attacker: 'app',
  reference:
    'RFC 4211, 4 / Blake-Wilson and Menezes, Unknown Key-Share Attacks on the Station-to-Station (STS) Protocol (PKC 1999)',
  aim: 'Pass for another purse by its certificate.',
  run: async (arena) => {
    const { scheme } = arena;
    const victim = await arena.bystander({ participant: 0 });
    const purse = await blankPurse(arena);
    const own = purse.participant.certify(await purse.prepare());
    const blank = await attempt(purse, 'personalised a purse with the certificate of another', () =>
      purse.run(personaliseCommand(scheme, victim.certificate)),
    );
    if (blank.outcome !== 'prevented') return blank;
    purse.certificate = own;
    await purse.get(personaliseCommand(scheme, own), 0);
    await purse.get({ kind: 17, alg: ES256, challenge: new Uint8Array(32) }, 2);
    const payer = await arena.bystander({ amount: 100n });
    const request = await purse.request(10n);
    const { message } = await payer.pay(request, purse);
    const named = underName(message, decodePurseCertificate(victim.certificate).ref);
    const found = await attemptEach(
      purse,
      'gave a new purse the certificate of another, renewed it with that, and paid it under that',
      {
        'renewed with it': () => purse.run({ kind: 18, certificate: victim.certificate }),
        'a payment shown with it': () => purse.run(showing(message, victim.certificate, request)),
        'a payment that names it': () => purse.run(showing(named, victim.certificate, request)),
      },
    );
    const remark = `personalised with it: ${blank.evidence.refusal}; ${found.evidence.remark}`;
    return { ...found, evidence: { ...found.evidence, remark } };
  },
};
