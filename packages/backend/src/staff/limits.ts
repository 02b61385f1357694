/** Every bound on staff and what they send, each with its reason. */
export const STAFF_LIMITS = {
  /** A name fits a line of a screen. */
  nameBytes: 64,
  /** All are listed at once; a bank that has more signs its staff in elsewhere. */
  members: 200,
  /** A few devices each. */
  passkeysEach: 10,
  /** WebAuthn's own bound on the id of a credential. */
  credentialBytes: 1_023,
  /** An RSA key of 4,096 bits with its COSE frame is 530 bytes. */
  keyBytes: 1_024,
  /** Origins of a browser's page and its frame, and a challenge, with room for what browsers add. */
  clientDataBytes: 2_048,
  /** Authenticator data with a credential in it, with nobody's attestation. */
  attestationBytes: 4_096,
  /** A working day: afterwards the passkey is asked for again. */
  sessionSeconds: 28_800,
  /** A console that was left alone closes itself. */
  idleSeconds: 1_800,
  /** Use is written down at most so often: looking is no reason to write. */
  touchSeconds: 60,
  /** An invitation is for today. */
  invitationSeconds: 86_400,
  /** Longest request, and longest beginning of its body, that is kept with a deed. */
  deedBytes: 512,
  /** Deeds that are shown at once, newest first. */
  deedsShown: 100,
} as const;
