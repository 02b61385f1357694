import type { Group } from '../group.ts';
import { type Row, row } from '../row.ts';
import { measureSignatures } from '../signatures.ts';
import { measureCold } from './cold.ts';
import type { Engine } from './packed.ts';
import { measureWarm, type Sides } from './warm.ts';

const ENGINES: readonly Engine[] = ['native', 'js'];
const MICROSECONDS = 1_000;

/**
 * What one payment costs each side, storage aside: in a tap with a familiar partner, and as the first
 * one after a start with a stranger (`cold`). Each is held against the signatures that it makes and
 * verifies, alone, warm and with keys imported, measured in this run.
 */
export const COMPUTE: Group = {
  name: 'compute',
  rows: ENGINES.flatMap((engine) => [
    `payer/${engine}`,
    `payee/${engine}`,
    `payer/${engine}/cold`,
    `payee/${engine}/cold`,
  ]),
  measure: async (lab) => {
    const { scale, elapsedMs, begin } = lab;
    const office = await lab.office();
    const rows: Row[] = [];
    for (const engine of ENGINES) {
      const payments = engine === 'native' ? scale.nativePayments : scale.jsPayments;
      begin(`computing per payment, ${engine}`);
      const warm = await measureWarm(office, engine, payments, elapsedMs);
      const cost = measureSignatures(engine, payments, elapsedMs);
      begin(`computing the first payment, ${engine}`);
      const cold = await measureCold(office, engine, scale.coldPayments);
      const side = (name: string, { ms, made, verified }: Sides['payer']): Row => {
        const limit = made * cost.makeMs + verified * cost.verifyMs;
        return row(`compute/${name}`, ms * MICROSECONDS, 'us', limit * MICROSECONDS);
      };
      rows.push(
        side(`payer/${engine}`, warm.payer),
        side(`payee/${engine}`, warm.payee),
        side(`payer/${engine}/cold`, cold.payer),
        side(`payee/${engine}/cold`, cold.payee),
      );
    }
    return rows;
  },
};
