/** What can be asked of the page that has an element's files. */
const DEEDS = ['steal', 'putBack'] as const;
export type Deed = (typeof DEEDS)[number];

export function isDeed(data: unknown): data is Deed {
  return DEEDS.some((deed) => deed === data);
}
