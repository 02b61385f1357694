import type { Counted, OpticalRun } from '@tallystick/wallet/testing/optics';
import { CHOSEN, INTRODUCTION, NOTES } from './words.ts';

/** The page of how codes are read, from what was measured. */
export function opticalPage(run: OpticalRun): string {
  const sections = [
    INTRODUCTION,
    heading('What is shown', NOTES.shown, framesTable(run)),
    heading('What stands in the way', NOTES.conditions, conditionsTable(run)),
    heading('How often a code is read', NOTES.rates, ratesTable(run)),
    heading('Error correction', NOTES.corrections, correctionsTable(run)),
    heading('Reflections', NOTES.glare, glareTable(run)),
    heading('Quiet zone', NOTES.quiet, quietTable(run)),
    heading('What the reader is told', NOTES.options, optionsTable(run)),
    heading('Moving codes', NOTES.animation, animationTable(run)),
    CHOSEN,
  ];
  return `${sections.join('\n\n')}\n`;
}

function heading(title: string, note: string, table: string): string {
  return `## ${title}\n\n${note}\n\n${table}`;
}

function framesTable({ frames }: OpticalRun): string {
  return table(
    ['frame', 'bytes', 'codes', 'characters', 'modules a side'],
    frames.map(({ name, bytes, codes, characters, modules }) =>
      [name, bytes, codes, characters, modules].map(String),
    ),
  );
}

function conditionsTable({ conditions }: OpticalRun): string {
  return table(
    ['conditions', 'tilt', 'out of focus', 'motion', 'noise', 'dark to light'],
    conditions.map((each) => [
      each.name,
      `${each.tiltDegrees}°`,
      `${each.blurPixels} px`,
      `${each.motionPixels} px`,
      String(each.noise),
      `${each.dark} to ${each.light}`,
    ]),
  );
}

function ratesTable({ rates, frames, conditions }: OpticalRun): string {
  const columns = conditions.flatMap(({ name }) => [480, 720].map((rows) => ({ name, rows })));
  return table(
    ['code', ...columns.map(({ name, rows }) => `${name}, ${rows}`)],
    frames.map((frame) => [
      frame.name,
      ...columns.map(({ name, rows }) =>
        share(
          rates.filter(
            (rate) => rate.frame === frame.name && rate.conditions === name && rate.rows === rows,
          ),
        ),
      ),
    ]),
  );
}

function correctionsTable({ corrections }: OpticalRun): string {
  const columns = distinct(corrections, ({ conditions, rows }) => `${conditions}, ${rows}`);
  const levels = distinct(corrections, ({ correction, frame }) => `${correction} ${frame}`);
  return table(
    ['level', 'code', 'modules a side', ...columns],
    levels.map((level) => {
      const own = corrections.filter((each) => `${each.correction} ${each.frame}` === level);
      const [first] = own;
      return [
        first?.correction ?? '',
        first?.frame ?? '',
        String(first?.modules ?? ''),
        ...columns.map((column) =>
          share(own.filter(({ conditions, rows }) => `${conditions}, ${rows}` === column)),
        ),
      ];
    }),
  );
}

function glareTable({ glare }: OpticalRun): string {
  const columns = distinct(glare, ({ covered }) => `${covered} % covered`);
  return table(
    ['level', ...columns],
    distinct(glare, ({ correction }) => correction).map((level) => [
      level,
      ...columns.map((column) =>
        share(
          glare.filter(
            (each) => each.correction === level && `${each.covered} % covered` === column,
          ),
        ),
      ),
    ]),
  );
}

function quietTable({ quiet }: OpticalRun): string {
  const columns = distinct(quiet, ({ around, conditions }) => `${around}, ${conditions}`);
  return table(
    ['modules around', ...columns],
    distinct(quiet, (each) => String(each.quiet)).map((width) => [
      width,
      ...columns.map((column) =>
        share(
          quiet.filter(
            (each) =>
              String(each.quiet) === width && `${each.around}, ${each.conditions}` === column,
          ),
        ),
      ),
    ]),
  );
}

function optionsTable({ options }: OpticalRun): string {
  const columns = distinct(options, ({ conditions, rows }) => `${conditions}, ${rows}`);
  return table(
    ['reader', ...columns],
    distinct(options, ({ name }) => name).map((name) => [
      name,
      ...columns.map((column) => {
        const own = options.filter(
          (each) => each.name === name && `${each.conditions}, ${each.rows}` === column,
        );
        const taken = `${own[0]?.medianMs ?? '–'} ms`;
        return column.startsWith('no code') ? taken : `${share(own)} (${taken})`;
      }),
    ]),
  );
}

function animationTable({ animation }: OpticalRun): string {
  const readers = distinct(animation, ({ reader }) => reader);
  return table(
    ['pictures a second', ...readers.map((reader) => `${reader}: median, worst`)],
    distinct(animation, (each) => String(each.picturesPerSecond)).map((rate) => [
      rate,
      ...readers.map((reader) => {
        const own = animation.find(
          (each) => each.reader === reader && String(each.picturesPerSecond) === rate,
        );
        return own === undefined ? '–' : [own.medianMs, own.worstMs].map(seconds).join(', ');
      }),
    ]),
  );
}

function seconds(took: number | null): string {
  return took === null ? 'never' : `${Math.round(took / 100) / 10} s`;
}

function share(counts: readonly Counted[]): string {
  const views = counts.reduce((sum, each) => sum + each.views, 0);
  const read = counts.reduce((sum, each) => sum + each.read, 0);
  return views === 0 ? '–' : `${Math.round((100 * read) / views)} %`;
}

function distinct<T>(rows: readonly T[], nameOf: (row: T) => string): readonly string[] {
  return [...new Set(rows.map(nameOf))];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
