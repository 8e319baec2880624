import { isUtf8 } from 'node:buffer'
import type { LogRecord } from '../record/log-record.ts'

const newline = Buffer.from('\n')

/** Lines as newline-delimited JSON: what is no JSON object becomes one, `{"msg": …}`. */
export function ndjson(records: readonly LogRecord[]): Buffer {
  return Buffer.concat(records.flatMap((record) => [jsonBytes(record), newline]))
}

/** A line as the bytes of one JSON object on one line. */
export function jsonBytes(record: LogRecord): Uint8Array {
  if (!record.isJson) return Buffer.from(JSON.stringify({ time: record.time, msg: record.text }))
  const { bytes } = record
  // JSON may be laid out over several lines, NDJSON may not.
  if (bytes.includes(0x0a) || bytes.includes(0x0d)) return Buffer.from(JSON.stringify(record.fields))
  return isUtf8(bytes) ? bytes : Buffer.from(record.text)
}
