import type { Target } from '../engine/target.ts';

/**
 * Targets that are made together, and the names they have. Each family is imported only when it is
 * wanted: some need a whole world, and counting is slower with more places to count at.
 */
interface Family {
  readonly names: RegExp;
  readonly make: () => Promise<readonly Target[]>;
}

const FAMILIES: readonly Family[] = [
  {
    names: /^(?:base45|qr)$/,
    make: async () => (await import('./transports.ts')).transportTargets(),
  },
  {
    names: /^(?:cbor-peer|signatures)$/,
    make: async () => (await import('./differential.ts')).differentialTargets(),
  },
  { names: /^ta-/, make: async () => (await import('./trusted-app.ts')).trustedAppTargets() },
  { names: /^session-/, make: async () => (await import('./session.ts')).sessionTargets() },
  { names: /^service-/, make: async () => (await import('./service.ts')).serviceTargets() },
  {
    names: /^(?:inspect|trust-file|scheme-file)$/,
    make: async () => (await import('./command-line.ts')).commandLineTargets(),
  },
];
const MESSAGES: Family['make'] = async () => (await import('./messages.ts')).messageTargets();
const SEEDED: Family['make'] = async () => (await import('./seeded.ts')).seededTargets();

/** Every target, decoders first. */
export async function allTargets(): Promise<Target[]> {
  const families = await Promise.all(
    [MESSAGES, ...FAMILIES.map(({ make }) => make)].map((make) => make()),
  );
  return families.flat();
}

/** The target of a name; those with a bug planted in them are found here only. */
export async function targetNamed(name: string): Promise<Target> {
  const family = FAMILIES.find(({ names }) => names.test(name));
  const make = name.startsWith('seeded-') ? SEEDED : (family?.make ?? MESSAGES);
  const found = (await make()).find((target) => target.name === name);
  if (found === undefined) throw new RangeError(`there is no target ${name}`);
  return found;
}
