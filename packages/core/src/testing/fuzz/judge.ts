import type { Clock } from '../../clock/clock.ts'
import type { PrototypeGuard } from './prototype-guard.ts'
import { ranForever, runBounded } from './run-bounded.ts'

/** What a target did wrong. */
export type FuzzFindingKind = 'crash' | 'hang' | 'pollution'

/** How one input went. */
export type Verdict = { readonly kind: 'accepted' | 'refused' } | FailedVerdict

/** A wrong answer. */
export interface FailedVerdict {
  readonly kind: FuzzFindingKind
  /** What was thrown, changed or how long it took, in a sentence. */
  readonly reason: string
  readonly error?: unknown
}

/** Whether it is one of the two right answers: a value or an expected error. */
export function isAnswer(verdict: Verdict): verdict is Exclude<Verdict, FailedVerdict> {
  return verdict.kind === 'accepted' || verdict.kind === 'refused'
}

/** What inputs are judged by. */
export interface JudgeOptions {
  readonly target: (bytes: Uint8Array) => unknown
  readonly expected: (error: unknown) => boolean
  readonly maxMilliseconds: number
  readonly hangMilliseconds: number
  readonly clock: Clock
  readonly guard: PrototypeGuard
}

/** How often an input that was slow is tried again before it counts: a busy machine is not the parser's fault. */
const secondOpinions = 20

/** Gives one input to the target. */
export async function judge(bytes: Uint8Array, options: JudgeOptions): Promise<Verdict> {
  let verdict = await judgeOnce(bytes, options)
  for (let again = 0; again < secondOpinions && verdict.kind === 'hang' && !verdict.reason.includes('ended'); again++)
    verdict = await judgeOnce(bytes, options)
  return verdict
}

async function judgeOnce(bytes: Uint8Array, options: JudgeOptions): Promise<Verdict> {
  const { target, expected, maxMilliseconds, hangMilliseconds, clock, guard } = options
  const start = clock.monotonic()
  let verdict: Verdict = { kind: 'accepted' }
  try {
    const result = runBounded(() => target(new Uint8Array(bytes)), hangMilliseconds)
    const settled = isThenable(result) ? await withLimit(result, hangMilliseconds, clock) : result
    if (settled === ranForever) return { kind: 'hang', reason: `It had to be ended after ${hangMilliseconds} ms.` }
  } catch (error) {
    verdict = expected(error) ? { kind: 'refused' } : { kind: 'crash', reason: describe(error), error }
  }
  const took = clock.monotonic() - start
  const polluted = guard.restore()
  if (polluted.length > 0) return { kind: 'pollution', reason: `It changed ${polluted.join(', ')}.` }
  if (verdict.kind !== 'crash' && took > maxMilliseconds)
    return { kind: 'hang', reason: `It took more than ${maxMilliseconds} ms.` }
  return verdict
}

function withLimit(promise: PromiseLike<unknown>, limit: number, clock: Clock): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(() => resolve(ranForever), limit, { background: true })
    promise.then(resolve, reject).then(() => timer.cancel())
  })
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function'
}

function describe(error: unknown): string {
  return error instanceof Error ? `It threw ${error.name}: ${error.message}` : `It threw ${String(error)}.`
}
