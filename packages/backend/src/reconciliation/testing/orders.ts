/** Every order of some items. */
export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((first, index) =>
    permutations(items.filter((_, at) => at !== index)).map((rest) => [first, ...rest]),
  );
}
