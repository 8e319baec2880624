import { readLine } from '../line/read-line.ts'
import type { LogLine } from './collect-lines.ts'
import type { Filter, Query } from './filter.ts'
import type { LineChoice, QueryResult } from './run-query.ts'

/** Lines that one span of a trace has logged. */
export interface TraceSpan {
  /** Undefined for lines that name none. */
  readonly id: string | undefined
  readonly service: string | undefined
  /** Of its first and last line, milliseconds since 1970. */
  readonly from: number
  readonly to: number
  readonly lines: readonly LogLine[]
}

/** The lines of a trace. */
export interface TraceView {
  /** In the order of time. */
  readonly lines: readonly LogLine[]
  /** In the order of their first lines. */
  readonly spans: readonly TraceSpan[]
}

/** What loggers call it: pino's and OpenTelemetry's fields, and those of the Elastic Common Schema. */
const traceFields = ['traceId', 'trace_id', 'trace.id']
const spanFields = ['spanId', 'span_id', 'span.id']
const serviceFields = ['service', 'service.name']

/** What the services have logged for one trace. */
export async function traceView(
  id: string,
  choice: LineChoice,
  query: (query: Query, choice: LineChoice) => Promise<QueryResult>,
): Promise<TraceView> {
  const filters = traceFields.map((field): Filter => ({ type: 'match', field, test: { type: 'equals', text: id } }))
  const result = await query({ filter: { type: 'or', filters }, pipes: [] }, choice)
  const lines = result.kind === 'lines' ? result.lines : []
  const spans = new Map<string, LogLine[]>()
  for (const line of lines) {
    const key = JSON.stringify([fieldOf(line, spanFields), fieldOf(line, serviceFields)])
    const known = spans.get(key)
    if (known === undefined) spans.set(key, [line])
    else known.push(line)
  }
  return {
    lines,
    spans: [...spans.values()].map((own) => ({
      id: fieldOf(own[0]!, spanFields),
      service: fieldOf(own[0]!, serviceFields),
      from: own[0]!.time,
      to: own.at(-1)!.time,
      lines: own,
    })),
  }
}

function fieldOf({ bytes }: LogLine, names: readonly string[]): string | undefined {
  return readLine(bytes).find(({ path }) => names.includes(path))?.value
}
