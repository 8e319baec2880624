import { ExprsnError } from '@exprsn/core'
import type { LogBatch } from './sink.ts'
import { sinkErrors } from './errors.ts'

/** Statuses with which a server refuses what the body says, whoever sends it (RFC 9110 §15.5). */
const refusing = new Set([400, 406, 409, 410, 415, 422])
const tooLarge = 413
/** Statuses of wrong credentials and wrong places: an operator can put them right, so the lines wait. */
const unauthorized = new Set([401, 402, 403, 404, 405, 407])

/** Turns what a client threw into what it means for a batch: wait, divide, or ask for help. */
export function sinkErrorOf(sink: string, batch: LogBatch, thrown: unknown): ExprsnError {
  if (ExprsnError.is(thrown) && thrown.code.startsWith('LOGS_SINK_')) return thrown
  const status = statusOf(thrown)
  const records = batch.records.length
  const reason = reasonOf(thrown)
  const cause = { cause: thrown }
  if (status === tooLarge) return sinkErrors.LOGS_SINK_TOO_LARGE({ sink, records, bytes: bytesOf(batch) }, cause)
  if (status !== undefined && refusing.has(status))
    return sinkErrors.LOGS_SINK_REFUSED({ sink, records, reason }, cause)
  const retryAfterMs = ExprsnError.is(thrown) ? thrown.details.retryAfterMs : undefined
  const details = { sink, reason, ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}) }
  if (status !== undefined && unauthorized.has(status)) return sinkErrors.LOGS_SINK_UNAUTHORIZED(details, cause)
  return sinkErrors.LOGS_SINK_UNAVAILABLE(details, cause)
}

/** Bytes of all lines of a batch. */
function bytesOf({ records }: LogBatch): number {
  return records.reduce((sum, { bytes }) => sum + bytes.length, 0)
}

function statusOf(thrown: unknown): number | undefined {
  if (!ExprsnError.is(thrown) || thrown.code !== 'CORE_CLIENT_STATUS') return undefined
  return Number(thrown.details.status)
}

function reasonOf(thrown: unknown): string {
  if (!ExprsnError.is(thrown)) return thrown instanceof Error ? thrown.message : 'unknown'
  const { excerpt } = thrown.details
  return typeof excerpt === 'string' && excerpt !== '' ? `${thrown.message} ${excerpt}` : thrown.message
}
