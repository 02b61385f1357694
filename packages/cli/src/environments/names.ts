/** Names of the environments, for help texts that load none of them; the first is the default. */
export const ENVIRONMENT_NAMES = ['plain', 'keys-only', 'tee', 'smartcard', 'virtual-se'] as const;
