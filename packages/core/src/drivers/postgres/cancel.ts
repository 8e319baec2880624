import type { Clock } from '../../clock/clock.ts'
import type { Checkout } from './checkout.ts'
import type { PgClientLike } from './pool.ts'

/** How to reach the server beside the connection that is busy. */
export interface CancelOptions {
  readonly clock: Clock
  /** A connection of the same user; given back with `release`. */
  readonly aside: () => Promise<PgClientLike>
}

const patience = 1_000

/**
 * Cancels what a connection is running, through `pg_cancel_backend` on another one. When that cannot be sent within a
 * second, or `pg` does not tell the process number, the busy connection is cut instead.
 */
export async function cancelStatement(checkout: Checkout, { clock, aside }: CancelOptions): Promise<void> {
  const processId = 'processID' in checkout.client ? checkout.client.processID : undefined
  if (typeof processId !== 'number') return checkout.destroy()
  await new Promise<void>((resolve) => {
    const cut = (): void => {
      checkout.destroy()
      resolve()
    }
    const timer = clock.setTimer(cut, patience)
    sendCancel(aside, processId)
      .then(resolve, cut)
      .finally(() => timer.cancel())
  })
}

async function sendCancel(aside: () => Promise<PgClientLike>, processId: number): Promise<void> {
  const client = await aside()
  try {
    await client.query({ text: 'select pg_cancel_backend($1)', values: [processId] })
  } finally {
    client.release()
  }
}
