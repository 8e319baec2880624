import { quoteIdentifier } from '../../replication/quote.ts'
import type { CopyConnection, PostgresConnector } from '../../replication/connection.ts'
import { qualified, type TableDescription } from './describe-table.ts'

/** Options of {@link copyRows}. */
export interface CopyRowsOptions {
  readonly from: PostgresConnector
  readonly to: CopyConnection
  readonly database?: string | undefined
  /** Where the rows come from, and which columns. */
  readonly source: TableDescription
  /** Where they go. */
  readonly target: { readonly schema: string; readonly name: string }
  readonly onBytes: (bytes: number) => void
  readonly signal?: AbortSignal | undefined
}

/** Pieces that may lie between the two servers. */
const mostWaiting = 64

/** Copies the rows of a table from one server to another, through this process and in PostgreSQL's binary form. */
export async function copyRows(options: CopyRowsOptions): Promise<void> {
  const { from, to, source, target, onBytes, database, signal } = options
  const columns = source.columns.map(quoteIdentifier).join(', ')
  const list = source.columns.length === 0 ? '' : ` (${columns})`
  const out = await from.copying({ database, signal })
  const queue = pieceQueue()
  try {
    const reading = out
      .copyOut(`copy ${qualified(source.schema, source.name)}${list} to stdout (format binary)`, {
        onData(chunk) {
          onBytes(chunk.length)
          // The chunk is the socket's own memory.
          return queue.push(Uint8Array.from(chunk))
        },
      })
      .then(() => queue.end(), queue.fail)
    await to.copyIn(`copy ${qualified(target.schema, target.name)}${list} from stdin (format binary)`, queue.pieces())
    await reading
  } finally {
    out.destroy()
    await out.close()
  }
}

/** Hands pieces from a callback to an iteration; a returned promise asks the sender to wait. */
function pieceQueue() {
  const waiting: Uint8Array[] = []
  let done = false
  let failure: { readonly error: unknown } | undefined
  let wake: () => void = () => {}
  const senders: (() => void)[] = []
  return {
    push(piece: Uint8Array): void | Promise<void> {
      waiting.push(piece)
      wake()
      return waiting.length > mostWaiting ? new Promise((resolve) => void senders.push(resolve)) : undefined
    },
    end(): void {
      done = true
      wake()
    },
    fail(error: unknown): void {
      failure = { error }
      wake()
    },
    async *pieces(): AsyncGenerator<Uint8Array> {
      for (;;) {
        if (failure !== undefined) throw failure.error
        const piece = waiting.shift()
        if (piece !== undefined) yield piece
        else if (done) return
        else {
          for (const resume of senders.splice(0)) resume()
          await new Promise<void>((resolve) => (wake = resolve))
        }
      }
    },
  }
}
