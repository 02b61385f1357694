/** Name of this environment in enrolments and reports. */
export const KEYS_ONLY = 'keys-only';
