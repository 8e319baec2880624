import { tracingErrors } from './errors.ts'
import type { TraceContext } from './trace-context.ts'

/** A `traceparent` header taken apart. */
export type TraceParent = Omit<TraceContext, 'traceState'>

const layout = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/s
const onlyZeros = /^0+$/
const traceIdText = /^[0-9a-f]{32}$/
const spanIdText = /^[0-9a-f]{16}$/

/**
 * Reads a `traceparent` header, strictly (W3C Trace Context §3.2): undefined for anything that is not one, upon which
 * the receiver begins a trace of its own. Later versions are read as far as version 00 knows them (§3.2.4).
 *
 * @example
 * ```ts
 * import { parseTraceparent } from '@exprsn/core/tracing'
 *
 * const parent = parseTraceparent('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01')
 * console.log(parent?.sampled) // true
 * ```
 */
export function parseTraceparent(header: string): TraceParent | undefined {
  const [, version, traceId = '', spanId = '', flags = '', rest] = layout.exec(header) ?? []
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined
  if (onlyZeros.test(traceId) || onlyZeros.test(spanId)) return undefined
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

/**
 * Writes a `traceparent` header of version 00.
 *
 * @throws `CORE_TRACING_CONTEXT_INVALID` for ids that no receiver would take.
 */
export function formatTraceparent({ traceId, spanId, sampled }: TraceParent): string {
  if (!traceIdText.test(traceId) || onlyZeros.test(traceId))
    throw tracingErrors.CORE_TRACING_CONTEXT_INVALID({ field: 'traceId' })
  if (!spanIdText.test(spanId) || onlyZeros.test(spanId))
    throw tracingErrors.CORE_TRACING_CONTEXT_INVALID({ field: 'spanId' })
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`
}
