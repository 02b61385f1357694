export type DatabaseErrorCode =
  | 'EMBEDDED_UNSUPPORTED_PLATFORM'
  | 'EMBEDDED_BINARIES_MISSING'
  | 'EMBEDDED_NO_ACCOUNT'
  | 'EMBEDDED_UNREACHABLE'
  | 'EMBEDDED_DATA_MISSING'
  | 'EMBEDDED_OTHER_OWNER'
  | 'EMBEDDED_OTHER_VERSION'
  | 'EMBEDDED_IN_USE'
  | 'EMBEDDED_INIT_FAILED'
  | 'EMBEDDED_START_FAILED'
  | 'EMBEDDED_ENDED'
  | 'DATABASE_URL_INVALID'
  | 'DATABASE_UNREACHABLE'
  | 'DATABASE_AUTH_FAILED'
  | 'DATABASE_NOT_FOUND'
  | 'DATABASE_TOO_OLD'
  | 'DATABASE_NEWER_THAN_CODE'
  | 'DATABASE_OTHER_HISTORY'
  | 'MIGRATION_FAILED';

/**
 * The database cannot be used. Thrown, not returned: no caller can carry on without its database,
 * so it travels to the composition root, which prints the message. The message is one line or a
 * few, and always ends with what to do next.
 */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly code: DatabaseErrorCode;

  constructor(code: DatabaseErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
