import { toHex, type ProtobufReader } from '@exprsn/core/bytes'
import { readProtobuf } from './read-protobuf.ts'

type JsonObject = Record<string, unknown>

/**
 * Reads an `ExportLogsServiceRequest` (opentelemetry-proto 1.x, collector/logs/v1, logs/v1, common/v1) into the shape that the
 * same message has as JSON. Fields that nobody needs, or knows yet, are passed over.
 *
 * @throws `LOGS_HTTP_BODY_INVALID`
 */
export function readOtlpProtobuf(bytes: Uint8Array): unknown {
  return readProtobuf(bytes, (reader) => ({ resourceLogs: readAll(reader, 1, resourceLogs) }))
}

function resourceLogs(reader: ProtobufReader): JsonObject {
  const found: JsonObject = {}
  const scopeLogs: JsonObject[] = []
  while (reader.next()) {
    if (reader.field === 1) found.resource = { attributes: readAll(reader.message(), 1, keyValue) }
    else if (reader.field === 2) scopeLogs.push(readScope(reader.message()))
  }
  return { ...found, scopeLogs }
}

function readScope(reader: ProtobufReader): JsonObject {
  const found: JsonObject = {}
  const logRecords: JsonObject[] = []
  while (reader.next()) {
    if (reader.field === 1) found.scope = scope(reader.message())
    else if (reader.field === 2) logRecords.push(logRecord(reader.message()))
  }
  return { ...found, logRecords }
}

function scope(reader: ProtobufReader): JsonObject {
  const found: JsonObject = {}
  while (reader.next()) {
    if (reader.field === 1) found.name = reader.text()
    else if (reader.field === 2) found.version = reader.text()
  }
  return found
}

function logRecord(reader: ProtobufReader): JsonObject {
  const found: JsonObject = {}
  const attributes: JsonObject[] = []
  while (reader.next())
    switch (reader.field) {
      case 1:
        found.timeUnixNano = String(reader.number('fixed64'))
        break
      case 2:
        found.severityNumber = reader.number('int32')
        break
      case 3:
        found.severityText = reader.text()
        break
      case 5:
        found.body = anyValue(reader.message())
        break
      case 6:
        attributes.push(keyValue(reader.message()))
        break
      case 9:
        found.traceId = toHex(reader.bytes())
        break
      case 10:
        found.spanId = toHex(reader.bytes())
        break
      case 11:
        found.observedTimeUnixNano = String(reader.number('fixed64'))
        break
      case 12:
        found.eventName = reader.text()
        break
    }
  return { ...found, attributes }
}

function keyValue(reader: ProtobufReader): JsonObject {
  const found: JsonObject = { key: '' }
  while (reader.next()) {
    if (reader.field === 1) found.key = reader.text()
    else if (reader.field === 2) found.value = anyValue(reader.message())
  }
  return found
}

/** Of a `oneof` the last field counts. */
function anyValue(reader: ProtobufReader): JsonObject {
  let found: JsonObject = {}
  while (reader.next())
    switch (reader.field) {
      case 1:
        found = { stringValue: reader.text() }
        break
      case 2:
        found = { boolValue: reader.bool() }
        break
      case 3:
        found = { intValue: String(reader.number('int64')) }
        break
      case 4:
        found = { doubleValue: reader.number('double') }
        break
      case 5:
        found = { arrayValue: { values: readAll(reader.message(), 1, anyValue) } }
        break
      case 6:
        found = { kvlistValue: { values: readAll(reader.message(), 1, keyValue) } }
        break
      case 7:
        found = { bytesValue: Buffer.from(reader.bytes()).toString('base64') }
        break
    }
  return found
}

function readAll(reader: ProtobufReader, field: number, read: (message: ProtobufReader) => JsonObject): JsonObject[] {
  const found: JsonObject[] = []
  while (reader.next()) if (reader.field === field) found.push(read(reader.message()))
  return found
}
