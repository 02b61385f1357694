/**
 * What all of them come to. Throws the first failure only after the last has ended: whatever they use
 * together may then be let go of.
 */
export async function sideBySide<T>(running: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(running);
  const failure = settled.find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
  return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}
