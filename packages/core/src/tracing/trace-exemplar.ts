import { currentTrace } from './current-trace.ts'

/**
 * The labels of an exemplar that points from a metric to the current trace; undefined when that is not recorded, because
 * it would then lead nowhere.
 *
 * @example
 * ```ts
 * import { createMetrics } from '@exprsn/core/metrics'
 * import { traceExemplar } from '@exprsn/core/tracing'
 *
 * const metrics = createMetrics()
 * const orders = metrics.counter({ name: 'orders', help: 'Orders taken.' })
 * orders.add(1, undefined, traceExemplar())
 * ```
 */
export function traceExemplar(): { readonly trace_id: string; readonly span_id: string } | undefined {
  const trace = currentTrace()
  return trace?.sampled === true ? { trace_id: trace.traceId, span_id: trace.spanId } : undefined
}
