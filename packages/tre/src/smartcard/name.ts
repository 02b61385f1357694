/** Name of this environment in enrolments and reports. */
export const SMARTCARD = 'smartcard';
