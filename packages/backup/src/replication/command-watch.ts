import type { Clock, ExprsnError } from '@exprsn/core'
import { askSession, endSession, type AskServer } from './ask-session.ts'
import { postgresErrors } from './errors.ts'
import type { ServerName } from './fault.ts'
import type { PgClient } from './pg-client.ts'
import { watchSilence } from './watch-silence.ts'

/** Looks after commands of a client, one at a time. */
export type CommandWatch = (command: {
  /** Whether it is us whom the server waits for. */
  readonly isHeldBack: () => boolean
  /** Called once when the server has fallen silent for good, with the error to end the connection with. */
  readonly onLost: (error: ExprsnError) => void
}) => { cancel(): void }

/** Options of {@link commandWatch}. */
export interface CommandWatchOptions {
  readonly name: ServerName
  readonly clock: Clock
  /** Milliseconds of silence after which the server is asked. */
  readonly limit: number
  /** Milliseconds that it gets to answer. */
  readonly answerLimit: number
  /** Opens another connection as the same user, for SQL. */
  readonly connect: (signal: AbortSignal) => Promise<PgClient>
}

/** Watches the commands of a connected client for silence. */
export function commandWatch(client: PgClient, options: CommandWatchOptions): CommandWatch {
  const { name, clock, limit } = options
  const { stream } = client.connection
  return ({ isHeldBack, onLost }) =>
    watchSilence({
      ...{ clock, limit, isHeldBack },
      passed: () => (stream.bytesRead ?? 0) + (stream.bytesWritten ?? 0) - (stream.writableLength ?? 0),
      ask: async (signal) =>
        client.processID == null ? 'unknown' : askSession(askServer(options, signal), client.processID, name),
      onLost(reason, state) {
        onLost(lost(name, reason))
        if (state === 'stuck') void endSession(askServer(options), client.processID!)
      },
    })
}

/** Each question has a connection of its own, and a time limit. */
function askServer({ name, clock, answerLimit, connect }: CommandWatchOptions, cancelled?: AbortSignal): AskServer {
  return async (query) => {
    const late = new AbortController()
    const timer = clock.setTimer(() => late.abort(lost(name, 'no answer came')), answerLimit, { background: true })
    const signal = cancelled === undefined ? late.signal : AbortSignal.any([cancelled, late.signal])
    let client: PgClient | undefined
    const cut = (): void => void client?.connection.stream.destroy()
    signal.addEventListener('abort', cut, { once: true })
    try {
      client = await connect(signal)
      return await client.query(query)
    } finally {
      timer.cancel()
      cut()
    }
  }
}

function lost({ server }: ServerName, reason: string): ExprsnError {
  return postgresErrors.BACKUP_POSTGRES_CONNECTION_LOST({ server, reason })
}
