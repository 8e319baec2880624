import { createHash } from 'node:crypto'
import { formatTid } from '../codec/index.ts'

const latest = 2 ** 53 - 1

/**
 * The key of a record: a TID of the item's time, whose clock is made from what the record belongs to. The same item has the
 * same key whoever computes it; `turn` gives others when it is taken.
 */
export function recordKey(owner: readonly (string | number)[], createdAt: number, part: number, turn: number): string {
  const digest = createHash('sha256').update(JSON.stringify(owner)).digest()
  const microseconds = Math.min(Math.max(0, Math.floor(createdAt) * 1000) + part + turn * 1000, latest)
  return formatTid({ microseconds, clockId: digest.readUInt16BE(0) % 1024 })
}
