import { ExprsnError } from '@exprsn/core'
import type { LogRecord } from '../record/log-record.ts'
import type { LogBatch, RejectedLine, SinkContext, SinkOutcome } from '../sink/sink.ts'

/** What {@link deliver} works with. */
export interface Delivery {
  /** One attempt of the sink, behind its breaker. */
  readonly send: (batch: LogBatch, context: SinkContext) => Promise<SinkOutcome | void>
  /** Keeps lines that will never be taken. */
  readonly bury: (letters: readonly { readonly record: LogRecord; readonly reason: string }[]) => Promise<void>
  /** Waits before attempt `attempt + 1`; `retryAfterMs` is the sink's wish. Throws when the shipper gives up. */
  readonly pause: (attempt: number, error: unknown, retryAfterMs: number | undefined) => Promise<void>
  readonly signal: AbortSignal
}

/** Codes with which a sink refuses what it was given, not that it was asked. */
const refusals = new Set(['LOGS_SINK_REFUSED', 'LOGS_SINK_TOO_LARGE'])

/**
 * Sends lines until each is taken or in the dead letters. A batch that is refused as a whole is halved until the lines
 * that cause it stand alone: finding one among n takes 2·log₂ n calls. Everything else is tried again for as long as it
 * takes: an outage loses nothing.
 */
export async function deliver(records: readonly LogRecord[], delivery: Delivery): Promise<void> {
  const { send, bury, pause, signal } = delivery
  const pieces: (readonly LogRecord[])[] = [records]
  let attempt = 1
  for (let piece = pieces[0]; piece !== undefined; piece = pieces[0]) {
    signal.throwIfAborted()
    let outcome: SinkOutcome | void
    try {
      outcome = await send({ records: piece, id: `${piece[0]!.id}+${piece.length}` }, { signal, attempt })
      if (outcome?.rejected?.length) await bury(lettersOf(piece, outcome.rejected))
    } catch (thrown) {
      if (signal.aborted) throw signal.reason
      if (!isRefusal(thrown)) await pause(attempt++, thrown, retryAfterOf(thrown))
      else if (piece.length > 1) pieces.splice(0, 1, ...halves(piece))
      else if (await isBuried(bury, piece[0]!, thrown)) pieces.shift()
      else await pause(attempt++, thrown, undefined)
      continue
    }
    const again = placesOf(piece, outcome?.retry)
    if (again.length > 0) {
      pieces[0] = again
      await pause(attempt++, undefined, outcome?.retryAfterMs)
    } else {
      pieces.shift()
      attempt = 1
    }
  }
}

function lettersOf(piece: readonly LogRecord[], rejected: readonly RejectedLine[]) {
  return rejected.flatMap(({ index, reason }) => {
    const record = piece[index]
    return record === undefined ? [] : [{ record, reason }]
  })
}

/** False when the dead letters cannot be written now: the line is tried again rather than lost. */
async function isBuried(bury: Delivery['bury'], record: LogRecord, thrown: ExprsnError): Promise<boolean> {
  try {
    await bury([{ record, reason: thrown.message }])
    return true
  } catch {
    return false
  }
}

function halves(piece: readonly LogRecord[]): [readonly LogRecord[], readonly LogRecord[]] {
  const middle = Math.ceil(piece.length / 2)
  return [piece.slice(0, middle), piece.slice(middle)]
}

function placesOf(piece: readonly LogRecord[], places: readonly number[] | undefined): LogRecord[] {
  return (places ?? []).flatMap((index) => piece[index] ?? [])
}

function isRefusal(thrown: unknown): thrown is ExprsnError {
  return ExprsnError.is(thrown) && refusals.has(thrown.code)
}

function retryAfterOf(thrown: unknown): number | undefined {
  const value = ExprsnError.is(thrown) ? thrown.details.retryAfterMs : undefined
  return typeof value === 'number' && value >= 0 ? value : undefined
}
