import { createHash } from 'node:crypto'
import { formatTid, parseTid } from '../codec/index.ts'

const latest = 2 ** 53 - 1

/**
 * The key of a record: a TID of the item's time, whose clock is made from what the record belongs to. The same item has the
 * same key whoever computes it; `turn` gives others when it is taken.
 */
export function recordKey(owner: readonly (string | number)[], createdAt: number, part: number, turn: number): string {
  const digest = createHash('sha256').update(JSON.stringify(owner)).digest()
  const microseconds = Math.min(firstOf(createdAt, part) + turn * 1000, latest)
  return formatTid({ microseconds, clockId: digest.readUInt16BE(0) % 1024 })
}

/** The first turn whose key no record of the part has had: a deletion of an earlier one may still be on its way. */
export function turnAfter(rkey: string, createdAt: number, part: number): number {
  return Math.max(0, Math.floor((parseTid(rkey).microseconds - firstOf(createdAt, part)) / 1000) + 1)
}

function firstOf(createdAt: number, part: number): number {
  return Math.max(0, Math.floor(createdAt) * 1000) + part
}
