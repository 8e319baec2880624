import { sleep, type Clock } from '@exprsn/core'
import type { TailFiles } from '../../files/tail-files.ts'
import type { Query } from '../../query/filter.ts'
import { tailBatch, type TailBatch } from '../../tail/tail-batch.ts'

/** Milliseconds between two looks. */
const pause = 100

/**
 * Lines that match, as the process that writes to the store passes them on, after an empty batch when it was asked for them.
 * Ends with the signal.
 */
export async function* followWriter(
  files: TailFiles,
  query: Query,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<TailBatch> {
  const request = await files.ask(query)
  try {
    yield tailBatch([], 0)
    while (!signal.aborted) {
      for (const name of await files.unread(request.id)) yield await files.take(name)
      // It fails with the signal alone, which is asked next.
      await sleep(pause, { clock, signal, background: true }).catch(() => {})
    }
  } finally {
    await request.close()
  }
}
