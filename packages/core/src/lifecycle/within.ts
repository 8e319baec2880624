import type { Clock } from '../clock/clock.ts'

/**
 * Runs a step and waits for it no longer than `limit` milliseconds; its signal aborts when the time is up.
 * Resolves to `done` or `late`; a step that fails in time rejects, one that fails later is not heard any more.
 */
export async function within(
  clock: Clock,
  limit: number,
  step: (signal: AbortSignal) => unknown,
): Promise<'done' | 'late'> {
  const controller = new AbortController()
  let onTimeUp: () => void = () => {}
  const timeUp = new Promise<'late'>((resolve) => {
    onTimeUp = () => resolve('late')
  })
  const timer = clock.setTimer(() => {
    controller.abort()
    onTimeUp()
  }, limit)
  try {
    const work = Promise.resolve(step(controller.signal)).then(() => 'done' as const)
    return await Promise.race([work, timeUp])
  } finally {
    timer.cancel()
  }
}
