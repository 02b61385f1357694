/** Tells the element's process to seal without the counter. */
export const NO_COUNTER = '--no-counter';
