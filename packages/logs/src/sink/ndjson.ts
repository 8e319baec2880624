import type { LogRecord } from '../record/log-record.ts'

/** Lines as newline-delimited JSON: what is no JSON object becomes one, `{"msg": …}`. */
export function ndjson(records: readonly LogRecord[]): Buffer {
  let body = ''
  for (const record of records) body += `${jsonText(record)}\n`
  return Buffer.from(body)
}

/** A line as one JSON object on one line. */
export function jsonText(record: LogRecord): string {
  const { text } = record
  if (!record.isJson) return JSON.stringify({ time: record.time, msg: text })
  // JSON may be laid out over several lines, NDJSON may not.
  return text.includes('\n') || text.includes('\r') ? JSON.stringify(record.fields) : text
}
