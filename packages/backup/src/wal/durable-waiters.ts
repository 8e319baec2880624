import { formatDuration, milliseconds, type Clock, type Duration } from '@exprsn/core'
import { formatLsn, type Lsn } from '../replication/lsn.ts'
import { walErrors } from './errors.ts'

/** Those who wait for a position to become durable. */
export interface DurableWaiters {
  wait(
    lsn: Lsn,
    options: { readonly signal?: AbortSignal | undefined; readonly timeout?: Duration | undefined },
    durable: () => Lsn,
  ): Promise<void>
  /** Lets everyone go whose position is reached. */
  reached(durable: Lsn): void
  /** Nothing will be reached any more. */
  end(errorFor: (wanted: Lsn) => unknown): void
}

interface Waiter {
  readonly lsn: Lsn
  readonly settle: (error?: unknown) => void
}

/** Waiters leave no timer and no listener behind, however they end. */
export function createDurableWaiters(clock: Clock): DurableWaiters {
  const waiters = new Set<Waiter>()
  return {
    wait: (lsn, { signal, timeout }, durable) =>
      new Promise((resolve, reject) => {
        const settle = (error?: unknown): void => {
          waiters.delete(waiter)
          timer?.cancel()
          signal?.removeEventListener('abort', onAbort)
          if (error === undefined) resolve()
          else reject(error)
        }
        const waiter: Waiter = { lsn, settle }
        const onAbort = (): void => settle(signal?.reason)
        const timer = timeout === undefined ? undefined : clock.setTimer(onTimeout, milliseconds(timeout))
        function onTimeout(): void {
          const details = { wanted: formatLsn(lsn), durable: formatLsn(durable()) }
          settle(walErrors.BACKUP_WAL_TIMEOUT({ ...details, timeout: formatDuration(timeout!) }))
        }
        waiters.add(waiter)
        signal?.addEventListener('abort', onAbort, { once: true })
      }),
    reached(durable) {
      for (const waiter of waiters) if (waiter.lsn <= durable) waiter.settle()
    },
    end(errorFor) {
      for (const waiter of waiters) waiter.settle(errorFor(waiter.lsn))
    },
  }
}
