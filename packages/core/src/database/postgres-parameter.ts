import type { BoundValue } from './bind-values.ts'

/** A value as `pg` sends it: as text, whose type the server infers from where the placeholder stands, or as bytes. */
export function postgresParameter(value: BoundValue): string | Buffer | null {
  if (value === null || typeof value === 'string') return value
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  return String(value)
}
