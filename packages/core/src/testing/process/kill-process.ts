import type { ChildProcess } from 'node:child_process'
import type { Clock } from '../../clock/clock.ts'
import { sleep } from '../../clock/sleep.ts'
import { systemClock } from '../../clock/system-clock.ts'
import { milliseconds, type Duration } from '../../duration/duration.ts'
import { randomFraction } from '../../random/draw.ts'
import type { Random } from '../../random/random.ts'
import { systemRandom } from '../../random/system-random.ts'
import { testingErrors } from '../errors.ts'
import { childExit, hasEnded } from './child-exit.ts'

/** Options of {@link killAtRandom}. */
export interface KillAtRandomOptions {
  /** The earliest moment, from the call on. @default 0 */
  readonly from?: Duration | undefined
  /** The latest moment. */
  readonly to: Duration
  /** @default 'SIGKILL' */
  readonly killSignal?: NodeJS.Signals | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** Gives up waiting; the child lives on. */
  readonly signal?: AbortSignal | undefined
}

/** How a killing went. */
export interface KillResult {
  /** Milliseconds from the call to the signal. */
  readonly afterMilliseconds: number
  /** False when the child ended by itself before its moment came. */
  readonly killed: boolean
}

/**
 * Kills a child process at a random moment, and resolves when it is gone.
 *
 * @throws The signal's reason
 * @example
 * ```ts
 * import { spawn } from 'node:child_process'
 * import { killAtRandom, SeededRandom } from '@exprsn/core/testing'
 *
 * const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
 * const { killed } = await killAtRandom(child, { to: '20ms', random: new SeededRandom(7) })
 * console.log(killed, child.signalCode) // true SIGKILL
 * ```
 */
export async function killAtRandom(child: ChildProcess, options: KillAtRandomOptions): Promise<KillResult> {
  const { from = 0, to, killSignal = 'SIGKILL', random = systemRandom, clock = systemClock, signal } = options
  const earliest = milliseconds(from)
  const afterMilliseconds = earliest + randomFraction(random) * Math.max(0, milliseconds(to) - earliest)
  const exit = childExit(child)
  const waiting = new AbortController()
  const stop = signal === undefined ? waiting.signal : AbortSignal.any([waiting.signal, signal])
  await Promise.race([sleep(afterMilliseconds, { clock, signal: stop }).catch(() => {}), exit])
  waiting.abort()
  signal?.throwIfAborted()
  const killed = !hasEnded(child) && child.kill(killSignal)
  await exit
  return { afterMilliseconds, killed }
}

/** Options of {@link pauseProcess}. */
export interface PauseProcessOptions {
  /** How long the child stands still. */
  readonly for: Duration
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** Lets the child go on at once; the promise then resolves. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Stops a child process with SIGSTOP for a while and lets it go on: what a long garbage collection, a suspended machine
 * or a lost lease looks like from outside.
 *
 * @throws `CORE_TESTING_PROCESS_ENDED` when there is nothing to stop
 * @example
 * ```ts
 * import { spawn } from 'node:child_process'
 * import { killAtRandom, pauseProcess } from '@exprsn/core/testing'
 *
 * const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
 * await pauseProcess(child, { for: '10ms' })
 * await killAtRandom(child, { to: 0 })
 * ```
 */
export async function pauseProcess(child: ChildProcess, options: PauseProcessOptions): Promise<void> {
  const { clock = systemClock, signal } = options
  const duration = milliseconds(options.for)
  if (hasEnded(child) || !child.kill('SIGSTOP'))
    throw testingErrors.CORE_TESTING_PROCESS_ENDED({ action: 'paused', exitCode: child.exitCode })
  try {
    await sleep(duration, { clock, signal }).catch(() => {})
  } finally {
    child.kill('SIGCONT')
  }
}
