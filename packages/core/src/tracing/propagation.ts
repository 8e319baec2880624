import { currentTrace } from './current-trace.ts'
import type { TraceContext } from './trace-context.ts'
import { formatTraceparent, parseTraceparent } from './traceparent.ts'
import { formatTracestate, parseTracestate } from './tracestate.ts'

/** Headers as the Fetch API, Node or a message queue has them. */
export type IncomingHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>

/** Headers that can be added to. */
export type OutgoingHeaders = Headers | Record<string, string>

/**
 * Adds the current trace, or another one, to headers that go out; does nothing outside a trace. Returns the headers.
 *
 * @throws `CORE_TRACING_CONTEXT_INVALID` when a context was made by hand and is none.
 * @example
 * ```ts
 * import { inject, startTrace, withTrace } from '@exprsn/core/tracing'
 *
 * const headers = withTrace(startTrace({ sampled: true }), () => inject({ accept: 'application/json' }))
 * console.log(headers.traceparent?.endsWith('-01')) // true
 * ```
 */
export function inject(headers: Headers, context?: TraceContext): Headers
export function inject<Target extends Readonly<Record<string, string>>>(
  headers: Target,
  context?: TraceContext,
): Target & Readonly<Record<string, string>>
export function inject(headers: OutgoingHeaders, context: TraceContext | undefined = currentTrace()): OutgoingHeaders {
  if (context === undefined) return headers
  const traceparent = formatTraceparent(context)
  if (headers instanceof Headers) {
    headers.set('traceparent', traceparent)
    if (context.traceState === '') headers.delete('tracestate')
    else headers.set('tracestate', context.traceState)
    return headers
  }
  const record: Record<string, string> = headers
  for (const name of Object.keys(record)) if (/^trace(?:parent|state)$/i.test(name)) delete record[name]
  record.traceparent = traceparent
  if (context.traceState !== '') record.tracestate = context.traceState
  return headers
}

/**
 * The trace that headers came with; undefined when there is none or it is damaged, and then {@link inject} of a trace
 * started here is right. A damaged `tracestate` alone is dropped (W3C Trace Context §4.3).
 */
export function extract(headers: IncomingHeaders): TraceContext | undefined {
  const traceparents = valuesOf(headers, 'traceparent')
  const parent = traceparents.length === 1 ? parseTraceparent(traceparents[0]!.trim()) : undefined
  if (parent === undefined) return undefined
  const entries = parseTracestate(valuesOf(headers, 'tracestate').join(','))
  return { ...parent, traceState: formatTracestate(entries ?? []) }
}

function valuesOf(headers: IncomingHeaders, name: string): readonly string[] {
  if (headers instanceof Headers) {
    const value = headers.get(name)
    return value === null ? [] : [value]
  }
  const found = headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  const values = typeof found === 'string' ? [found] : Array.isArray(found) ? found : []
  return values.filter((value): value is string => typeof value === 'string')
}
