/** One vendor's entry in a `tracestate` header. */
export interface TraceStateEntry {
  readonly key: string
  readonly value: string
}

/** W3C Trace Context §3.3.1.3.1: a name, or a tenant and the system it belongs to. */
const key = /^(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})$/

/** §3.3.1.3.2: up to 256 printable characters without comma and equals sign, the last no space. */
const value = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/

const mostEntries = 32

/**
 * Reads a `tracestate` header: undefined when any part of it breaks the rules, because it is then dropped as a whole
 * (W3C Trace Context §4.3).
 *
 * @example
 * ```ts
 * import { parseTracestate } from '@exprsn/core/tracing'
 *
 * console.log(parseTracestate('congo=t61rcWkgMzE, rojo=00f067aa0ba902b7')?.[1]?.key) // rojo
 * ```
 */
export function parseTracestate(header: string): readonly TraceStateEntry[] | undefined {
  const members = header.split(',').map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ''))
  const entries = members.filter((member) => member !== '').map(parseEntry)
  const keys = new Set(entries.map((entry) => entry?.key))
  if (entries.length > mostEntries || keys.size !== entries.length || keys.has(undefined)) return undefined
  return entries as TraceStateEntry[]
}

function parseEntry(member: string): TraceStateEntry | undefined {
  const equals = member.indexOf('=')
  const entry = { key: member.slice(0, equals), value: member.slice(equals + 1) }
  return equals > 0 && key.test(entry.key) && value.test(entry.value) ? entry : undefined
}

/** Writes a `tracestate` header. */
export function formatTracestate(entries: readonly TraceStateEntry[]): string {
  return entries.map((entry) => `${entry.key}=${entry.value}`).join(',')
}
