import { sleep, type Clock } from '@exprsn/core'
import type { TailBatch, TailFiles } from '../../files/tail-files.ts'
import type { Query } from '../../query/filter.ts'

/** Milliseconds between two looks. */
const pause = 100

/** Lines that match, as the process that writes to the store passes them on. Ends with the signal. */
export async function* followWriter(
  files: TailFiles,
  query: Query,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<TailBatch> {
  const request = await files.ask(query)
  try {
    while (!signal.aborted) {
      for (const name of await files.unread(request.id)) yield await files.take(name)
      // It fails with the signal alone, which is asked next.
      await sleep(pause, { clock, signal, background: true }).catch(() => {})
    }
  } finally {
    await request.close()
  }
}
