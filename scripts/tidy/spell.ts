/** Joins the pieces of a word that may not stand in the repository, not even in its own rule. */
export function spell(...pieces: readonly string[]): string {
  return pieces.join('');
}
