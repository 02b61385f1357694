import {
  ALGORITHMS,
  anchorRef,
  type Bytes,
  decodeBody,
  demand,
  enrolmentReply,
  type EnrolmentReply,
  enrolmentRequest,
  equal,
  loadReply,
  publicKey,
  renewalRequest,
  toHex,
} from '@tallystick/protocol';
import { check, unchecked } from '../checks.ts';
import { explainSigned } from '../explain-signed.ts';
import type { Check, Explained, Field } from '../explained.ts';
import { type Material, withCertificates } from '../material.ts';

/** Bodies that devices and the backend exchange over HTTP (TS-API-1). */

/** A device asks for its first certificate. */
export function explainEnrolmentRequest(wire: Bytes, material: Material): Explained {
  const { enrolment, participant, account } = decodeBody(enrolmentRequest, wire);
  return body(
    'enrolment request',
    'a device asks for its first certificate',
    'TS-ENR-2',
    wire,
    [explainSigned(enrolment, material)],
    [
      text('participant', participant, "code of the participant that keeps the holder's account"),
      text('account', account, 'the account that loads draw on and unloads credit'),
    ],
  );
}

/** Everything a new purse needs. */
export function explainEnrolmentReply(wire: Bytes, material: Material): Explained {
  const reply = decodeBody(enrolmentReply, wire);
  const { authorities, certificate, operator, issuer, policy, list, unloadCode } = reply;
  const beside = withCertificates(material, [certificate, operator, issuer]);
  const parts = [...authorities, certificate, operator, issuer, policy, list, unloadCode].map(
    (each) => explainSigned(each, beside),
  );
  const explained = body(
    'enrolment reply',
    'everything a new purse needs',
    'TS-ENR-3',
    wire,
    parts,
    [
      text('scheme', reply.scheme, 'the scheme the purse belongs to'),
      text('rootAlgorithm', ALGORITHMS[reply.rootAlgorithm].name, "algorithm of the scheme's root"),
      text('rootKey', toHex(reply.rootKey), "public key of the scheme's root"),
    ],
  );
  return { ...explained, checks: [...explained.checks, rootCheck(reply, material)] };
}

/** A reply that brings its own root proves nothing: it must be the stored one. */
function rootCheck({ scheme, rootAlgorithm, rootKey }: EnrolmentReply, material: Material): Check {
  const name = 'names the stored root';
  const { trust } = material;
  if (trust === null) {
    return unchecked(name, 'no trust file is at hand: give one with --trust');
  }
  return check(name, () => {
    const named = anchorRef({ scheme, key: publicKey(rootAlgorithm, rootKey) });
    demand(equal(named, anchorRef(trust.store.anchor)), 'UNKNOWN_ISSUER');
  });
}

/** The issuer's payment to the purse that requested it. */
export function explainLoadReply(wire: Bytes, material: Material): Explained {
  const { payment, issuer } = decodeBody(loadReply, wire);
  const beside = withCertificates(material, [issuer]);
  const parts = [payment, issuer].map((each) => explainSigned(each, beside));
  return body(
    'load reply',
    "the issuer's payment to the purse that asked for it",
    'TS-PAY-12',
    wire,
    parts,
  );
}

/** The old key names a new one, and the new key proves itself. */
export function explainRenewalRequest(wire: Bytes, material: Material): Explained {
  const { renewal, enrolment } = decodeBody(renewalRequest, wire);
  const parts = [renewal, enrolment].map((each) => explainSigned(each, material));
  return body(
    'renewal request',
    'the old key names a new one, which proves itself',
    'TS-LOG-5',
    wire,
    parts,
  );
}

function body(
  kind: string,
  says: string,
  clause: string,
  wire: Bytes,
  parts: readonly Explained[],
  fields: readonly Field[] = [],
): Explained {
  const checks = [check('complete', () => undefined)];
  return { kind, says, clause, bytes: wire.length, fields, checks, parts };
}

function text(name: string, value: string, meaning: string): Field {
  return { name, value, meaning, clause: 'TS-API-1' };
}
