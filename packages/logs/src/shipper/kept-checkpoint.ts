import type { KeptPlaces } from '../sink/sink.ts'
import type { Checkpoint } from '../wal/checkpoint.ts'

/** The checkpoint of a sink that keeps its place itself: what it has taken is behind it only when the sink says so. */
export async function keptCheckpoint(places: KeptPlaces, source: string): Promise<Checkpoint> {
  let safe = await places.positionOf(source)
  let taken = safe
  return {
    get sequence() {
      return safe
    },
    async advance(to) {
      taken = Math.max(taken, to)
      safe = Math.max(safe, await places.positionOf(source))
    },
    async settle(signal) {
      const until = taken
      if (safe >= until) return
      await places.settle({ signal, attempt: 1 })
      // Lines that could not be read any more, or that a pipeline dropped, never reached the sink.
      safe = until
    },
    async close() {},
  }
}
