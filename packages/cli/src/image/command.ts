import type { Command } from '../command/command.ts';

/** Where the image goes unless told otherwise, from the working folder. */
export const DEFAULT_OUT = 'build';

/** `tallystick image`. */
export const image: Command = {
  name: 'image',
  summary: 'build the trusted application, and sign it as its publisher',
  description: [
    'Bundles the trusted application into one script and prints its SHA-256, the measurement that',
    'certificates and policies name: the same from these sources anywhere. With --key and --version it',
    'also signs it, for operators to register (POST /v1/images) and environments to run. A publisher',
    'never signs two images of one version, and environments never go back to an older one.',
  ].join('\n'),
  options: {
    out: { value: 'FOLDER', says: `where the files go; default ./${DEFAULT_OUT}` },
    key: { value: 'FILE', says: "the publisher's private key, PEM, P-256 or Ed25519" },
    version: { value: 'NUMBER', says: 'version to sign it as: higher than any before' },
  },
  examples: [
    { line: 'image', says: 'the script, to look at and to compare its measurement' },
    {
      line: 'image --key publisher.pem --version 3',
      says: 'signed (a key: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256)',
    },
  ],
  run: async (call) => (await import('./run.ts')).runImage(call),
};
