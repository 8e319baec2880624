import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { Clock } from '../../clock/clock.ts'
import { systemClock } from '../../clock/system-clock.ts'
import type { Duration } from '../../duration/duration.ts'
import { randomBelow } from '../../random/draw.ts'
import type { Random } from '../../random/random.ts'
import { SeededRandom } from '../random/seeded-random.ts'
import { childExit } from './child-exit.ts'
import { killAtRandom } from './kill-process.ts'

/** What one run of {@link surviveKills} is made from. */
export interface KillRunContext {
  /** Runs are counted from 0. */
  readonly run: number
  /** Chance of this run alone. */
  readonly random: Random
}

/** A child that was killed, and what it had promised by then. */
export interface KilledRun extends KillRunContext {
  /** Lines of its standard output that `acknowledges` picked, in order. */
  readonly acknowledged: readonly string[]
  /** Killed in the tick in which an acknowledgement arrived, or at a random moment, or it ended before. */
  readonly moment: 'acknowledgement' | 'time' | 'none'
}

/** Options of {@link surviveKills}. */
export interface SurviveKillsOptions {
  /** Starts the program, its standard output piped. */
  readonly start: (context: KillRunContext) => ChildProcess | Promise<ChildProcess>
  /** Recovers what the dead program left, and names each broken promise in a sentence. */
  readonly recover: (run: KilledRun) => readonly string[] | Promise<readonly string[]>
  /** The promise that a line of standard output stands for, if it is one. @default every line */
  readonly acknowledges?: ((line: string) => string | undefined) | undefined
  /** Every second run dies with one of its first acknowledgements, up to this number. @default 10 */
  readonly acknowledgements?: number | undefined
  /** The others die within this time of their start. @default '500ms' */
  readonly within?: Duration | undefined
  /** @default 5 */
  readonly runs?: number | undefined
  /** @default 1 */
  readonly seed?: number | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** Stops before the next run. */
  readonly signal?: AbortSignal | undefined
  /** Called after every run. */
  readonly onProgress?:
    | ((progress: { readonly done: number; readonly total: number; readonly violations: number }) => void)
    | undefined
}

/** What {@link surviveKills} saw. */
export interface SurviveKillsReport {
  readonly runs: number
  /** Runs killed in the tick of an acknowledgement. */
  readonly killedOnAcknowledgement: number
  /** Runs killed at a random moment. */
  readonly killedInTime: number
  /** Promises made before the kills, over all runs. */
  readonly acknowledged: number
  readonly violations: readonly { readonly run: number; readonly violation: string }[]
}

/**
 * Runs a real program again and again, kills it with SIGKILL – every second time in the very tick in which it
 * acknowledges something, else at a random moment – and checks after each run that everything it promised is there.
 *
 * @throws What `start` throws, and the signal's reason
 * @example
 * ```ts
 * import { spawn } from 'node:child_process'
 * import { surviveKills } from '@exprsn/core/testing'
 *
 * const program = `setInterval(() => console.log('saved'), 5)`
 * const report = await surviveKills({
 *   runs: 2,
 *   start: () => spawn(process.execPath, ['-e', program]),
 *   recover: ({ acknowledged }) => (acknowledged.length > 1_000 ? ['cannot be'] : []),
 * })
 * console.log(report.killedOnAcknowledgement, report.violations.length) // 1 0
 * ```
 */
export async function surviveKills(options: SurviveKillsOptions): Promise<SurviveKillsReport> {
  const { runs = 5, seed = 1, signal, onProgress, recover } = options
  const violations: { readonly run: number; readonly violation: string }[] = []
  const moments = { acknowledgement: 0, time: 0, none: 0 }
  let acknowledged = 0
  for (let run = 0; run < runs; run++) {
    signal?.throwIfAborted()
    const killed = await runAndKill({ run, random: new SeededRandom(seed).fork(run) }, options)
    moments[killed.moment]++
    acknowledged += killed.acknowledged.length
    violations.push(...(await recoverSafely(recover, killed)).map((violation) => ({ run, violation })))
    onProgress?.({ done: run + 1, total: runs, violations: violations.length })
  }
  return {
    runs,
    killedOnAcknowledgement: moments.acknowledgement,
    killedInTime: moments.time,
    acknowledged,
    violations,
  }
}

async function runAndKill(context: KillRunContext, options: SurviveKillsOptions): Promise<KilledRun> {
  const { acknowledges = (line) => line, acknowledgements = 10, within = '500ms', clock = systemClock } = options
  const { random, run } = context
  const fatal = run % 2 === 0 ? 1 + randomBelow(random, acknowledgements) : Infinity
  const child = await options.start(context)
  const acknowledged: string[] = []
  let moment: KilledRun['moment'] = 'none'
  const drained = eachLine(child.stdout, (line) => {
    const promise = acknowledges(line)
    if (promise === undefined) return
    acknowledged.push(promise)
    if (acknowledged.length !== fatal) return
    moment = 'acknowledgement'
    child.kill('SIGKILL')
  })
  if (fatal === Infinity) {
    const { killed } = await killAtRandom(child, { to: within, random, clock })
    if (killed) moment = 'time'
  } else await childExit(child)
  // Lines that had left the child when it died are promises, too.
  await drained
  return { ...context, acknowledged, moment }
}

/** Calls back for every whole line: what a killed writer left of its last one is no promise. Resolves at the end. */
function eachLine(stream: Readable | null, onLine: (line: string) => void): Promise<void> {
  if (stream === null) return Promise.resolve()
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    lines.forEach(onLine)
  })
  return new Promise((resolve) => {
    stream.once('close', () => resolve())
  })
}

async function recoverSafely(recover: SurviveKillsOptions['recover'], run: KilledRun): Promise<readonly string[]> {
  try {
    return await recover(run)
  } catch (error) {
    return [`Recovery failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`]
  }
}
