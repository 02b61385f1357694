import { readFileSync } from 'node:fs';
import { type Bytes, describeCode, Rejection } from '@tallystick/protocol';
import { everyMessage } from '@tallystick/protocol/vectors/material';
import { parseScheme, SchemeError } from '@tallystick/backend';
import { explain } from '@tallystick/cli/inspect';
import { readTrust, writeTrust } from '@tallystick/cli/trust';
import { testScheme } from '@tallystick/trusted-app/testing';
import { mustHold, type Target } from '../engine/target.ts';
import { BOUNDS } from './defaults.ts';

const SCHEME = new URL('../../schemes/sandbox.json', import.meta.url);
const utf8 = new TextEncoder();

/** What people hand to the command line and to an operator's backend: messages and JSON files. */
export function commandLineTargets(): Target[] {
  return [inspected(), trustFiles(), schemeFiles()];
}

/** `inspect` explains any message or refuses it with a code. */
function inspected(): Target {
  const { anchor, authorities, operator, participants } = testScheme();
  const issuing = [operator, ...participants.map(({ issuer }) => issuer)];
  const certificates = [...authorities, ...issuing.map(({ certificate }) => certificate)];
  const trust = readTrust(
    writeTrust({ anchor, publisher: null, certificates, policy: null, list: null }),
  );
  mustHold(trust.ok, 'the trust file of the test scheme reads');
  const material = {
    trust: trust.value,
    certificates: trust.value.known,
    request: null,
    statement: null,
    now: 1_800_000_000,
  };
  return {
    ...BOUNDS,
    msMax: 1_000,
    name: 'inspect',
    seeds: everyMessage.map(({ bytes }) => bytes),
    run: (input) => {
      try {
        explain(input, material);
      } catch (error) {
        if (error instanceof Rejection && describeCode(error.code) !== undefined) return;
        throw error;
      }
    },
  };
}

function trustFiles(): Target {
  const scheme = testScheme();
  const { anchor, authorities, operator } = scheme;
  const certificates = [...authorities.slice(0, 1), operator.certificate];
  const file = writeTrust({
    anchor,
    publisher: anchor.key,
    certificates,
    policy: scheme.signPolicy(),
    list: scheme.signList(),
  });
  const bare = writeTrust({ anchor, publisher: null, certificates: [], policy: null, list: null });
  return {
    ...BOUNDS,
    msMax: 1_000,
    name: 'trust-file',
    seeds: [file, bare, '{}', 'null', '[]'].map((text) => utf8.encode(text)),
    run: (input) => {
      const read = readTrust(textOf(input));
      if (!read.ok) mustHold(describeCode(read.error.code) !== undefined, 'an unknown code');
    },
  };
}

function schemeFiles(): Target {
  return {
    ...BOUNDS,
    msMax: 1_000,
    name: 'scheme-file',
    seeds: [new Uint8Array(readFileSync(SCHEME)), utf8.encode('{}')],
    run: (input) => {
      let json: unknown;
      try {
        json = JSON.parse(textOf(input));
      } catch {
        return;
      }
      try {
        parseScheme(json);
      } catch (error) {
        if (!(error instanceof SchemeError)) throw error;
      }
    },
  };
}

function textOf(input: Bytes): string {
  return new TextDecoder().decode(input);
}
