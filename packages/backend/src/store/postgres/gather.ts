interface Waiting<Q, R> {
  readonly question: Q;
  readonly resolve: (answer: R) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers the questions that are asked until everybody who can go on has asked, and has them answered
 * at once: a thousand purses in one transaction then cost as many statements as one.
 *
 * @param ask answers all of them with a function from a question to its answer
 */
export function gather<Q, R>(
  ask: (questions: readonly Q[]) => Promise<(question: Q) => R>,
): (question: Q) => Promise<R> {
  let waiting: Waiting<Q, R>[] = [];

  async function answerAll(): Promise<void> {
    const asked = waiting;
    waiting = [];
    try {
      const answerTo = await ask(asked.map(({ question }) => question));
      for (const { question, resolve } of asked) resolve(answerTo(question));
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }

  return (question) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) {
        setImmediate(() => {
          answerAll().catch(reject);
        });
      }
      waiting.push({ question, resolve, reject });
    });
}
