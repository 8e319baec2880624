import type { LevelName } from '../../record/level.ts'
import type { LogRecord } from '../../record/log-record.ts'

/** What an attribute can be: plain JSON. */
export type OtlpValue = string | number | boolean | null | readonly OtlpValue[] | { readonly [key: string]: OtlpValue }

/** A line in the terms of the OpenTelemetry log data model. */
export interface OtlpRecord {
  /** Nanoseconds since 1970. */
  readonly time: bigint
  /** 1 to 24, 0 for none. */
  readonly severityNumber: number
  readonly severityText: string
  readonly body: string
  readonly attributes: readonly (readonly [key: string, value: OtlpValue])[]
  /** 32 hexadecimal digits, or empty. */
  readonly traceId: string
  /** 16 hexadecimal digits, or empty. */
  readonly spanId: string
}

/** OpenTelemetry logs data model, "Mapping of SeverityNumber". */
const severities: Readonly<Record<LevelName, number>> = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 }

/** Fields that have a place of their own. */
const placed = new Set([
  'level',
  'severity',
  'time',
  'timestamp',
  '@timestamp',
  'ts',
  'msg',
  'message',
  'traceId',
  'trace_id',
  'spanId',
  'span_id',
])

/** Deeper values go as text: no receiver shows them otherwise, and none has to follow for ever. */
const deepest = 16

/** A line as OpenTelemetry sees it; its id is the attribute `log.record.uid`. */
export function otlpRecordOf(record: LogRecord): OtlpRecord {
  const { fields, level, time, id } = record
  const rest = Object.entries(fields).filter(([key]) => !placed.has(key))
  return {
    time: nanosecondsOf(time),
    severityNumber: level === undefined ? 0 : severities[level],
    severityText: level ?? '',
    body: textOf(fields.msg ?? fields.message),
    attributes: [['log.record.uid', id], ...rest.map(([key, value]) => [key, plain(value, 0)] as const)],
    traceId: hex(fields.traceId ?? fields.trace_id, 32),
    spanId: hex(fields.spanId ?? fields.span_id, 16),
  }
}

/** Later than this no signed count of nanoseconds goes: in the year 2262. */
const latest = 2n ** 63n - 1n

function nanosecondsOf(time: number): bigint {
  const nanoseconds = BigInt(Math.floor(time)) * 1_000_000n
  return nanoseconds < latest ? nanoseconds : latest
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
}

function hex(value: unknown, digits: number): string {
  return typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/.test(value) ? value : ''
}

/** Values come from JSON.parse: no cycles, but any depth. */
function plain(value: unknown, depth: number): OtlpValue {
  if (typeof value !== 'object' || value === null) return value as OtlpValue
  if (depth === deepest) return '[too deep]'
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, depth + 1)]))
}
