/** Where `serve` keeps its data unless told otherwise, from the working folder. */
export const DEFAULT_DATA = 'data';
/** Name of the trust file in a data folder. */
export const TRUST_FILE = 'trust.json';
/** Name of the embedded database's folder in a data folder. */
export const DATABASE_FOLDER = 'postgres';
/** Where the demo leaves its messages, from the working folder. */
export const DEFAULT_DEMO = 'data/demo';
