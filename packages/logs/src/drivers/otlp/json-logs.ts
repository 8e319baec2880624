import type { OtlpRecord, OtlpValue } from './otlp-record.ts'

/** ExportLogsServiceRequest in OTLP's JSON: 64-bit numbers as text, ids as hexadecimal. */
export function jsonLogs(resource: Readonly<Record<string, OtlpValue>>, records: readonly OtlpRecord[]): Uint8Array {
  const logRecords = records.map(({ time, severityNumber, severityText, body, attributes, traceId, spanId }) => ({
    timeUnixNano: String(time),
    observedTimeUnixNano: String(time),
    ...(severityNumber === 0 ? {} : { severityNumber, severityText }),
    body: { stringValue: body },
    attributes: attributes.map(([key, value]) => ({ key, value: anyValue(value) })),
    ...(traceId === '' ? {} : { traceId }),
    ...(spanId === '' ? {} : { spanId }),
  }))
  const attributes = Object.entries(resource).map(([key, value]) => ({ key, value: anyValue(value) }))
  const scopeLogs = [{ scope: { name: '@exprsn/logs' }, logRecords }]
  return Buffer.from(JSON.stringify({ resourceLogs: [{ resource: { attributes }, scopeLogs }] }))
}

function anyValue(value: OtlpValue): object {
  if (value === null) return {}
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (isList(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: Object.entries(value).map(([key, item]) => ({ key, value: anyValue(item) })) } }
}

function isList(value: OtlpValue): value is readonly OtlpValue[] {
  return Array.isArray(value)
}
