/** Waits for an answer to a question, or rejects with the signal's reason. Questions change nothing, so that nothing is left open. */
export async function untilAborted<Answer>(
  signal: AbortSignal | undefined,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  signal?.throwIfAborted()
  if (signal === undefined) return ask()
  let onAbort = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([ask(), aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** The same for what is listed: the signal is looked at before each item. */
export async function* listUntilAborted<Item>(
  signal: AbortSignal | undefined,
  items: AsyncIterable<Item>,
): AsyncIterable<Item> {
  signal?.throwIfAborted()
  for await (const item of items) {
    signal?.throwIfAborted()
    yield item
  }
}
