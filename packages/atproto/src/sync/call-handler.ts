import type { Transaction } from '@exprsn/core/database'
import { syncErrors } from './errors.ts'
import type { SyncSettings } from './settings.ts'
import type { SyncEvent } from './sync-event.ts'

/**
 * Calls the host's handler with a time limit. When it runs out the transaction is given up: what the handler does in it
 * later is refused by the transaction.
 */
export async function callHandler(
  { apply, applyTimeout, clock }: Pick<SyncSettings, 'apply' | 'applyTimeout' | 'clock'>,
  event: SyncEvent,
  tx: Transaction,
  signal: AbortSignal,
): Promise<void> {
  const controller = new AbortController()
  const calling = apply(event, tx, { signal: controller.signal })
  // Most handlers only write through the transaction, and some do not even wait.
  if (!(calling instanceof Promise)) return
  await new Promise<void>((resolve, reject) => {
    const giveUp = (reason: unknown): void => {
      controller.abort(reason)
      reject(reason)
    }
    const timer = clock.setTimer(
      () => giveUp(syncErrors.ATPROTO_SYNC_APPLY_TIMEOUT({ limit: applyTimeout, did: event.did })),
      applyTimeout,
      { background: true },
    )
    const onAbort = (): void => giveUp(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    const end = (): void => {
      timer.cancel()
      signal.removeEventListener('abort', onAbort)
    }
    calling.then(resolve, reject).finally(end)
  })
}
