import { logHttpErrors } from './errors.ts'
import { isObject } from './read-lines.ts'

/** The lines of an export of OTLP over HTTP in JSON, one for each record: attributes of resource and record are its fields. */
export function decodeOtlp(body: unknown): string[] {
  if (!isObject(body)) throw invalid('an object should stand here')
  const lines: string[] = []
  for (const resource of listOf(body.resourceLogs)) {
    const shared = attributesOf(isObject(resource.resource) ? resource.resource.attributes : undefined)
    for (const scope of listOf(resource.scopeLogs))
      for (const record of listOf(scope.logRecords)) {
        const time = Number(record.timeUnixNano ?? 0) || Number(record.observedTimeUnixNano ?? 0)
        const { severityText, severityNumber, traceId, spanId } = record
        const message = valueOf(record.body)
        lines.push(
          JSON.stringify({
            ...(time > 0 ? { time: Math.floor(time / 1e6) } : {}),
            level:
              typeof severityText === 'string' && severityText !== ''
                ? severityText
                : levelOfSeverity(Number(severityNumber ?? 0)),
            ...(typeof traceId === 'string' && traceId !== '' ? { traceId } : {}),
            ...(typeof spanId === 'string' && spanId !== '' ? { spanId } : {}),
            ...shared,
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

function attributesOf(attributes: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(listOf(attributes).map(({ key, value }) => [String(key), valueOf(value)]))
}

/** An `AnyValue`. Integers come as texts: they may be larger than a double holds. */
function valueOf(value: unknown): unknown {
  if (!isObject(value)) return value ?? null
  if ('intValue' in value) return Number.isSafeInteger(Number(value.intValue)) ? Number(value.intValue) : value.intValue
  if (isObject(value.arrayValue)) return listOf(value.arrayValue.values).map(valueOf)
  if (isObject(value.kvlistValue)) return attributesOf(value.kvlistValue.values)
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
