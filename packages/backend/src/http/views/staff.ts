import { z } from '@hono/zod-openapi';
import { STAFF_LIMITS } from '../../staff/limits.ts';
import type { MemberWithKeys } from '../../staff/members.ts';
import type { Deed } from '../../staff/records.ts';
import { toInstant } from '../money.ts';

const base64urlLength = (bytes: number): number => Math.ceil((bytes * 4) / 3);
const bounded = (bytes: number): z.ZodString =>
  z
    .string()
    .min(1)
    .max(base64urlLength(bytes))
    .regex(/^[A-Za-z0-9_-]+$/);

/** A name as a screen shows it. */
export const staffName: z.ZodString = z
  .string()
  .trim()
  .min(1)
  .max(STAFF_LIMITS.nameBytes)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u, 'must be printable')
  .refine(
    (name) => new TextEncoder().encode(name).length <= STAFF_LIMITS.nameBytes,
    `must be at most ${STAFF_LIMITS.nameBytes} bytes`,
  );

export const clientData: z.ZodString = bounded(STAFF_LIMITS.clientDataBytes);
export const credentialId: z.ZodString = bounded(STAFF_LIMITS.credentialBytes);
export const authenticatorData: z.ZodString = bounded(STAFF_LIMITS.attestationBytes);
export const invitationCode: z.ZodString = z.string().regex(/^[A-Za-z0-9_-]{20,64}$/);

export const memberSchema: z.ZodObject<{ id: z.ZodString; name: z.ZodString }> = z
  .object({ id: z.string(), name: z.string() })
  .openapi('Member');

interface PasskeyView {
  readonly name: string;
  readonly label: string;
  readonly addedAt: string;
  readonly usedAt: string | null;
}

interface StaffView {
  readonly id: string;
  readonly name: string;
  readonly addedAt: string;
  readonly passkeys: readonly PasskeyView[];
}

export const staffSchema: z.ZodType<StaffView> = z
  .object({
    id: z.string(),
    name: z.string(),
    addedAt: z.iso.datetime(),
    passkeys: z
      .array(
        z.object({
          name: z.string().openapi({ description: 'The digest of its credential.' }),
          label: z.string(),
          addedAt: z.iso.datetime(),
          usedAt: z.iso.datetime().nullable(),
        }),
      )
      .readonly(),
  })
  .openapi('StaffMember');

export function viewStaff({ id, name, addedAt, passkeys }: MemberWithKeys): StaffView {
  return {
    id,
    name,
    addedAt: toInstant(addedAt),
    passkeys: passkeys.map(({ name: key, value: { label, addedAt: from, usedAt } }) => ({
      name: key,
      label,
      addedAt: toInstant(from),
      usedAt: usedAt === null ? null : toInstant(usedAt),
    })),
  };
}

interface DeedView {
  readonly at: string;
  readonly name: string;
  readonly request: string;
  readonly body: string | null;
}

export const deedSchema: z.ZodType<DeedView> = z
  .object({
    at: z.iso.datetime(),
    name: z.string(),
    request: z.string(),
    body: z.string().nullable().openapi({ description: 'Its beginning.' }),
  })
  .openapi('Deed');

export function viewDeed({ at, name, request, body }: Deed): DeedView {
  return { at: toInstant(at), name, request, body };
}
