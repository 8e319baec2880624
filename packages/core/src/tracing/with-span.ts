import type { Random } from '../random/random.ts'
import { systemRandom } from '../random/system-random.ts'
import { currentTrace, storeTrace } from './current-trace.ts'
import { installedRecorder } from './recorder.ts'
import { noSpan, unrecordedSpan, type Span, type SpanOptions } from './span.ts'
import { childOf } from './trace-context.ts'

/** Options of {@link withSpan}. */
export interface WithSpanOptions extends SpanOptions {
  /** For the span's id where nothing records. @default systemRandom */
  readonly random?: Random | undefined
}

/**
 * Runs work in a span. With a recorder (see `useOpenTelemetry`) the span is recorded, ends with the work or its promise,
 * and carries the error when that fails. Without one, work within a trace gets a span id of its own, which goes out with
 * {@link inject}; outside a trace nothing happens at all, at the cost of a comparison.
 *
 * @example
 * ```ts
 * import { withSpan } from '@exprsn/core/tracing'
 *
 * const total = await withSpan('orders.sum', { attributes: { shop: 'north' } }, async (span) => {
 *   span.setAttribute('orders', 3)
 *   return 149.7
 * })
 * console.log(total) // 149.7
 * ```
 */
export function withSpan<Result>(name: string, options: WithSpanOptions, work: (span: Span) => Result): Result {
  const recorder = installedRecorder()
  const parent = currentTrace()
  if (recorder !== undefined)
    return recorder.span(name, options, parent, (span) =>
      span.context === undefined ? work(span) : storeTrace(span.context, () => work(span)),
    )
  if (parent === undefined) return work(noSpan)
  const context = childOf(parent, options.random ?? systemRandom)
  return storeTrace(context, () => work(unrecordedSpan(context)))
}
