import { untilAborted } from '../../database/until-aborted.ts'
import { isConnectionLost, mapPostgresError } from '../../database/postgres-errors.ts'
import type { PgClientLike, PgPoolLike } from './pool.ts'

/** A pool's client while one query or transaction has it. */
export interface Checkout {
  readonly client: PgClientLike
  /** Closes the connection now, also in the middle of a statement. */
  destroy(): void
  /** Gives the client back; the connection is closed instead when the error says that it is beyond use. */
  release(error?: unknown): void
}

/** Takes a client from the pool. A client that comes after the caller gave up goes straight back. */
export async function checkOut(pool: PgPoolLike, target: string, signal: AbortSignal | undefined): Promise<Checkout> {
  const connecting = connect(pool)
  try {
    return checkoutOf(await untilAborted(connecting, signal))
  } catch (error) {
    if (!signal?.aborted) throw mapPostgresError(error, 'connect', target)
    connecting.then((client) => client.release()).catch(() => {})
    throw signal.reason
  }
}

/** `connect` may throw before it gives a promise: when the connection settings cannot be read. */
async function connect(pool: PgPoolLike): Promise<PgClientLike> {
  return pool.connect()
}

function checkoutOf(client: PgClientLike): Checkout {
  let held = true
  // Without a listener a connection that breaks between two statements would end the process.
  const ignore = (): void => {}
  client.on('error', ignore)
  const giveBack = (destroy: boolean): void => {
    if (!held) return
    held = false
    client.release(destroy)
    // A destroyed client may still report how its socket ended, and nobody else listens.
    if (!destroy) client.removeListener('error', ignore)
  }
  return {
    client,
    destroy: () => giveBack(true),
    release: (error) => giveBack(isConnectionLost(error)),
  }
}
