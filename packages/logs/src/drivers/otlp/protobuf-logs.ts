import { fromHex, ProtobufWriter } from '@exprsn/core/bytes'
import type { OtlpRecord, OtlpValue } from './otlp-record.ts'

/** ExportLogsServiceRequest of opentelemetry-proto, collector/logs/v1 and logs/v1. */
export function protobufLogs(
  resource: Readonly<Record<string, OtlpValue>>,
  records: readonly OtlpRecord[],
): Uint8Array {
  const request = new ProtobufWriter()
  request.message(1, (resourceLogs) => {
    resourceLogs.message(1, (message) => {
      for (const [key, value] of Object.entries(resource)) keyValue(message, 1, key, value)
    })
    resourceLogs.message(2, (scopeLogs) => {
      scopeLogs.message(1, (scope) => scope.text(1, '@exprsn/logs'))
      for (const record of records) scopeLogs.message(2, (message) => logRecord(message, record))
    })
  })
  return request.finish()
}

function logRecord(message: ProtobufWriter, record: OtlpRecord): void {
  const { time, severityNumber, severityText, body, attributes, traceId, spanId } = record
  message.number(1, 'fixed64', time)
  if (severityNumber > 0) message.number(2, 'int32', severityNumber).text(3, severityText)
  message.message(5, (value) => value.text(1, body))
  for (const [key, value] of attributes) keyValue(message, 6, key, value)
  if (traceId !== '') message.bytes(9, fromHex(traceId))
  if (spanId !== '') message.bytes(10, fromHex(spanId))
  message.number(11, 'fixed64', time)
}

function keyValue(message: ProtobufWriter, field: number, key: string, value: OtlpValue): void {
  message.message(field, (pair) => {
    pair.text(1, key).message(2, (any) => anyValue(any, value))
  })
}

function anyValue(message: ProtobufWriter, value: OtlpValue): void {
  if (value === null) return
  if (typeof value === 'string') message.text(1, value)
  else if (typeof value === 'boolean') message.bool(2, value)
  else if (typeof value === 'number') number(message, value)
  else if (isList(value))
    message.message(5, (list) => {
      for (const item of value) list.message(1, (any) => anyValue(any, item))
    })
  else
    message.message(6, (list) => {
      for (const [key, item] of Object.entries(value)) keyValue(list, 1, key, item)
    })
}

function number(message: ProtobufWriter, value: number): void {
  if (Number.isSafeInteger(value)) message.number(3, 'int64', value)
  else message.number(4, 'double', value)
}

function isList(value: OtlpValue): value is readonly OtlpValue[] {
  return Array.isArray(value)
}
