/** Rejects with what is given, unless the work ends in time. */
export async function within<T>(
  patienceMs: number,
  work: Promise<T>,
  late: () => Error,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), patienceMs);
  });
  try {
    return await Promise.race([tooLate, work]);
  } finally {
    clearTimeout(timer);
  }
}
