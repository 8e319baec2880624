import { sinkErrors } from './errors.ts'
import type { LogBatch } from './sink.ts'

/**
 * Writes a batch in a sink's own format. What cannot be written, such as values nested too deep for the stack, is refused
 * like any other poison: the line that causes it is found and becomes a dead letter, instead of holding up all others.
 *
 * @throws `LOGS_SINK_REFUSED`
 */
export function encoded<Body>(sink: string, batch: LogBatch, encode: (records: LogBatch['records']) => Body): Body {
  try {
    return encode(batch.records)
  } catch (cause) {
    const reason = `it cannot be encoded: ${(cause as Error).message}`
    throw sinkErrors.LOGS_SINK_REFUSED({ sink, records: batch.records.length, reason }, { cause })
  }
}
