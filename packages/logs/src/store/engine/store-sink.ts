import type { Sink } from '../../sink/sink.ts'
import type { StoreCore } from './store-core.ts'

/** A store as the sink of a shipper, for which the spool is the log of the store. */
export function storeSink(
  name: string,
  core: StoreCore,
  inTurn: <Result>(task: () => Promise<Result>) => Promise<Result>,
): Sink {
  return {
    name,
    limits: { records: 10_000, bytes: 4 * 2 ** 20 },
    places: {
      positionOf: (source) => inTurn(() => core.positionOf(source)),
      // What was handed over is durable as it is.
      settle: () => inTurn(async () => (core.isWriter ? core.seal() : undefined)),
    },
    send: ({ records }) => inTurn(() => core.take(records)),
  }
}
