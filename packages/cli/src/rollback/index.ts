export { rollbackPage } from './page.ts';
export { restoreSnapshots } from './restore.ts';
export { EVERY_SET, type RollbackRun, streetRow, type StreetRow } from './rows.ts';
