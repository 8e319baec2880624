import { logHttpErrors } from './errors.ts'
import { isObject } from './read-lines.ts'

/**
 * Reads a push of Loki in JSON. A line that is a JSON object gets the labels of its stream that it has no field for, and its
 * time where it names none; any other text becomes `msg`.
 */
export function decodeLoki(body: unknown): string[] {
  if (!isObject(body) || !Array.isArray(body.streams)) throw invalid('streams should stand here')
  return body.streams.flatMap((stream: unknown) => {
    if (!isObject(stream) || !isObject(stream.stream) || !Array.isArray(stream.values))
      throw invalid('a stream has labels and values')
    const labels = stream.stream
    return stream.values.map((value: unknown) => {
      const [nanoseconds, text, metadata = {}] = Array.isArray(value) ? (value as unknown[]) : []
      if (
        typeof nanoseconds !== 'string' ||
        !/^\d{1,19}$/.test(nanoseconds) ||
        typeof text !== 'string' ||
        !isObject(metadata)
      )
        throw invalid('a value is a time in nanoseconds and a text')
      return JSON.stringify({ time: Math.floor(Number(nanoseconds) / 1e6), ...labels, ...metadata, ...fieldsOf(text) })
    })
  })
}

function fieldsOf(text: string): object {
  if (!text.startsWith('{')) return { msg: text }
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : { msg: text }
  } catch {
    return { msg: text }
  }
}

function invalid(reason: string) {
  return logHttpErrors.LOGS_HTTP_BODY_INVALID({ line: 1, reason })
}
