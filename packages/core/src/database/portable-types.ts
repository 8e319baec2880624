import { safeInteger } from './safe-integer.ts'

type Parse = (text: string) => unknown

// Type numbers: PostgreSQL `pg_type.dat`.
const parsers: Readonly<Record<number, Parse>> = {
  16: (text) => (text === 't' ? 1 : 0),
  17: parseBytes,
  20: (text) => safeInteger(BigInt(text)),
  21: Number,
  23: Number,
  26: Number,
  700: Number,
  701: Number,
}

const asText: Parse = (text) => text

/**
 * How columns are read: booleans, integers, floating point and bytes as on SQLite, everything else (numeric, json,
 * timestamps, arrays) as PostgreSQL's own text. Passed with each query, so a host's pool keeps its settings.
 */
export const portableTypes = {
  getTypeParser: (oid: number): Parse => parsers[oid] ?? asText,
}

/** Both output formats of `bytea` (PostgreSQL manual §8.4). */
function parseBytes(text: string): Uint8Array {
  if (text.startsWith('\\x')) return Uint8Array.from(Buffer.from(text.slice(2), 'hex'))
  const bytes: number[] = []
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '\\') bytes.push(text.charCodeAt(at))
    else if (text[at + 1] === '\\') bytes.push(text.charCodeAt(++at))
    else {
      bytes.push(Number.parseInt(text.slice(at + 1, at + 4), 8))
      at += 3
    }
  }
  return Uint8Array.from(bytes)
}
