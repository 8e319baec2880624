import type { Random } from '../random/random.ts'
import { systemRandom } from '../random/system-random.ts'

/** Where a piece of work stands in a trace (W3C Trace Context, recommendation of 23 November 2021). */
export interface TraceContext {
  /** Of the whole trace: 32 lower-case hexadecimal digits, not all zeros. */
  readonly traceId: string
  /** Of the work under way: 16 lower-case hexadecimal digits, not all zeros. */
  readonly spanId: string
  /** Whether the caller records the trace. Passed on unchanged. */
  readonly sampled: boolean
  /** What vendors add, as the header has it; empty when there is nothing. */
  readonly traceState: string
}

/** Options of {@link startTrace}. */
export interface StartTraceOptions {
  /** Whether the trace is to be recorded. @default false */
  readonly sampled?: boolean | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/**
 * The context of a new trace, for work that no caller sent one with.
 *
 * @example
 * ```ts
 * import { startTrace, withTrace, currentTrace } from '@exprsn/core/tracing'
 *
 * const traceId = withTrace(startTrace(), () => currentTrace()?.traceId)
 * console.log(traceId?.length) // 32
 * ```
 */
export function startTrace({ sampled = false, random = systemRandom }: StartTraceOptions = {}): TraceContext {
  return { traceId: randomId(random, 4), spanId: randomId(random, 2), sampled, traceState: '' }
}

/** The context of work within other work: the same trace, a span of its own. */
export function childOf(parent: TraceContext, random: Random): TraceContext {
  const { traceId, sampled, traceState } = parent
  return { traceId, spanId: randomId(random, 2), sampled, traceState }
}

/** As many words of 8 hexadecimal digits, not all zeros. */
function randomId(random: Random, words: number): string {
  let id = ''
  let isZero = true
  for (let word = 0; word < words; word++) {
    const drawn = random.uint32()
    isZero &&= drawn === 0
    id += drawn.toString(16).padStart(8, '0')
  }
  return isZero ? `${id.slice(1)}1` : id
}
