export { attackPage, type KeptRow } from './page.ts';
