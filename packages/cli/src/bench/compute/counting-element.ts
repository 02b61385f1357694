import type { Element } from '@tallystick/tre';

/** An element that counts the bytes of commands and replies. */
export function countingElement(element: Element, counts: { bytes: number }): Element {
  return {
    execute: async (command) => {
      const reply = await element.execute(command);
      counts.bytes += command.length + reply.length;
      return reply;
    },
    readLog: (from, to) => element.readLog(from, to),
    measurement: () => element.measurement(),
    close: () => element.close(),
  };
}
