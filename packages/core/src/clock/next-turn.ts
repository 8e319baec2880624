/**
 * Resolves when the event loop has come round: for long work in pieces, between which requests, timers and finished calls of the
 * system have their turn.
 *
 * @example
 * ```ts
 * import { nextTurn } from '@exprsn/core'
 *
 * let sum = 0
 * for (let number = 0; number < 1_000_000; number++) {
 *   if (number % 10_000 === 0) await nextTurn()
 *   sum += number
 * }
 * console.log(sum) // 499999500000
 * ```
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}
