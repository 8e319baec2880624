/** Where a request stands in a trace of another service. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits: the caller's span. */
  readonly parentId: string
  readonly sampled: boolean
}

const shape = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/

/**
 * Reads a `traceparent` header (W3C Trace Context §3.2). A header that is not valid starts no trace: undefined.
 *
 * @example
 * ```ts
 * import { parseTraceparent } from '@exprsn/core/http'
 *
 * const trace = parseTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')
 * console.log(trace?.sampled) // true
 * ```
 */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const match = header === undefined || header.length > 512 ? null : shape.exec(header)
  if (match === null) return undefined
  const [, version = '', traceId = '', parentId = '', flags = '', more] = match
  // Version 255 is forbidden; version 0 has exactly four fields (§3.2.2).
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined
  return { traceId, parentId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}
