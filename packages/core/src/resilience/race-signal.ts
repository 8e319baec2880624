import type { Operation, Work } from './policy.ts'
import { Scope } from './scope.ts'

/** Runs a policy so that the caller's signal ends it at once, also when the work ignores its own signal. */
export function runRacingSignal(run: Operation, work: Work<unknown>, signal: AbortSignal): Promise<unknown> {
  if (signal.aborted) return Promise.reject(signal.reason as Error)
  const scope = new Scope(work, undefined, 1)
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      signal.removeEventListener('abort', onAbort)
      scope.abort(signal.reason)
      reject(signal.reason as Error)
    }
    const finish = (): void => {
      if (!scope.aborted) signal.removeEventListener('abort', onAbort)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    run(scope).then(
      (value) => {
        finish()
        resolve(value)
      },
      (error: unknown) => {
        finish()
        reject(error as Error)
      },
    )
  })
}
