import { snappyDecompress, type ProtobufReader } from '@exprsn/core/bytes'
import { ExprsnError } from '@exprsn/core'
import { logHttpErrors } from './errors.ts'
import { readProtobuf } from './read-protobuf.ts'

/**
 * Reads a `PushRequest` of Loki (pkg/push/push.proto), always packed with Snappy, into the shape that a push has as JSON.
 *
 * @param limit bytes of the message when it is unpacked
 * @throws `LOGS_HTTP_BODY_INVALID`, `LOGS_HTTP_BODY_TOO_LARGE`
 */
export function readLokiProtobuf(packed: Uint8Array, limit: number): unknown {
  return readProtobuf(unpack(packed, limit), (reader) => {
    const streams: unknown[] = []
    while (reader.next()) if (reader.field === 1) streams.push(stream(reader.message()))
    return { streams }
  })
}

function unpack(packed: Uint8Array, limit: number): Uint8Array {
  try {
    return snappyDecompress(packed, { limit })
  } catch (cause) {
    if (ExprsnError.is(cause) && cause.code === 'CORE_BYTES_DECOMPRESSION_LIMIT')
      throw logHttpErrors.LOGS_HTTP_BODY_TOO_LARGE({ limit }, { cause })
    throw logHttpErrors.LOGS_HTTP_BODY_INVALID({ line: 1, reason: (cause as Error).message }, { cause })
  }
}

function stream(reader: ProtobufReader): object {
  let labels: Readonly<Record<string, string>> = {}
  const values: unknown[] = []
  while (reader.next()) {
    if (reader.field === 1) labels = readLabels(reader.text())
    else if (reader.field === 2) values.push(entry(reader.message()))
  }
  return { stream: labels, values }
}

function entry(reader: ProtobufReader): readonly unknown[] {
  let [time, line] = ['0', '']
  const metadata: [string, string][] = []
  while (reader.next()) {
    if (reader.field === 1) time = timestamp(reader.message())
    else if (reader.field === 2) line = reader.text()
    else if (reader.field === 3) metadata.push(labelPair(reader.message()))
  }
  return [time, line, Object.fromEntries(metadata)]
}

/** `google.protobuf.Timestamp`, as nanoseconds since 1970. */
function timestamp(reader: ProtobufReader): string {
  let [seconds, nanoseconds] = [0n, 0]
  while (reader.next()) {
    if (reader.field === 1) seconds = reader.number('int64')
    else if (reader.field === 2) nanoseconds = reader.number('int32')
  }
  return String(seconds * 1_000_000_000n + BigInt(nanoseconds))
}

function labelPair(reader: ProtobufReader): [string, string] {
  const pair: [string, string] = ['', '']
  while (reader.next()) if (reader.field === 1 || reader.field === 2) pair[reader.field - 1] = reader.text()
  return pair
}

const label = /\s*([A-Za-z_][\w.]*)\s*=\s*("(?:[^"\\]|\\.)*")\s*(,|$)/y

/** Labels as Prometheus writes them: `{app="web", env="prod"}`, texts quoted as in Go. */
function readLabels(text: string): Record<string, string> {
  const found: [string, string][] = []
  const inner = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1]
  if (inner === undefined) throw new RangeError(`"${text.slice(0, 100)}" are no labels`)
  label.lastIndex = 0
  while (label.lastIndex < inner.trimEnd().length) {
    const at = label.lastIndex
    const pair = label.exec(inner.trimEnd())
    if (pair === null) throw new RangeError(`labels cannot be read at "${inner.slice(at, at + 100)}"`)
    found.push([pair[1]!, unquote(pair[2]!)])
  }
  return Object.fromEntries(found)
}

const escapes: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

function unquote(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gi, (_, byte, unit, point, sign) => {
      const code = (byte ?? unit ?? point) as string | undefined
      if (code === undefined) return escapes[sign as string] ?? (sign as string)
      return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff))
    })
}
