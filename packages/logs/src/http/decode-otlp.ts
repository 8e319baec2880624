import { logHttpErrors } from './errors.ts'
import { isObject } from './read-lines.ts'

/** Lists and maps inside each other that a value may be. */
const deepest = 64

/**
 * The lines of an export of OTLP in the shape that it has as JSON, one for each record: attributes of resource and record are
 * its fields, and its scope has the names that OpenTelemetry gives it where formats know none ("Mapping to non-OTLP formats").
 */
export function decodeOtlp(body: unknown): string[] {
  if (!isObject(body)) throw invalid('an object should stand here')
  const lines: string[] = []
  for (const resource of listOf(body.resourceLogs)) {
    const shared = attributesOf(isObject(resource.resource) ? resource.resource.attributes : undefined)
    for (const { scope, logRecords } of listOf(resource.scopeLogs))
      for (const record of listOf(logRecords)) {
        const time = Number(record.timeUnixNano ?? 0) || Number(record.observedTimeUnixNano ?? 0)
        const { severityText, severityNumber, traceId, spanId, eventName } = record
        const message = valueOf(record.body)
        lines.push(
          JSON.stringify({
            ...(time > 0 ? { time: Math.floor(time / 1e6) } : {}),
            level:
              typeof severityText === 'string' && severityText !== ''
                ? severityText
                : levelOfSeverity(Number(severityNumber ?? 0)),
            ...named({ traceId, spanId, eventName }),
            ...shared,
            ...(isObject(scope) ? named({ 'otel.scope.name': scope.name, 'otel.scope.version': scope.version }) : {}),
            ...attributesOf(record.attributes),
            ...(isObject(message) ? message : { msg: message }),
          }),
        )
      }
  }
  return lines
}

/** OpenTelemetry's severities in steps of four, from trace to fatal. */
function levelOfSeverity(number: number): number | undefined {
  return number >= 1 && number <= 24 ? 10 * (Math.floor((number - 1) / 4) + 1) : undefined
}

/** What is a text and says something. */
function named(values: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'string' && value !== ''))
}

function attributesOf(attributes: unknown, depth = 0): Readonly<Record<string, unknown>> {
  return Object.fromEntries(listOf(attributes).map(({ key, value }) => [String(key), valueOf(value, depth)]))
}

/** An `AnyValue`. Integers come as texts: they may be larger than a double holds. */
function valueOf(value: unknown, depth = 0): unknown {
  if (!isObject(value)) return value ?? null
  if (depth === deepest) throw invalid(`values are in each other more than ${deepest} times`)
  if ('intValue' in value) return Number.isSafeInteger(Number(value.intValue)) ? Number(value.intValue) : value.intValue
  if (isObject(value.arrayValue)) return listOf(value.arrayValue.values).map((each) => valueOf(each, depth + 1))
  if (isObject(value.kvlistValue)) return attributesOf(value.kvlistValue.values, depth + 1)
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? value.bytesValue ?? null
}

function listOf(value: unknown): Readonly<Record<string, unknown>>[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || !value.every(isObject)) throw invalid('a list of objects should stand here')
  return value
}

function invalid(reason: string) {
  return logHttpErrors.LOGS_HTTP_BODY_INVALID({ line: 1, reason })
}
