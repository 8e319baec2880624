import { ExprsnError } from '@exprsn/core'
import { BlockReader } from './block-reader.ts'
import { OpenedSegment } from './open-segment.ts'
import type { Searchable } from './searchable.ts'

/** Reads all of a segment. Says what is wrong with it, or undefined. */
export async function verifySegment(open: () => Promise<Searchable>): Promise<string | undefined> {
  try {
    const segment = await open()
    for (const [number, { parts, rows }] of segment.blocks.entries()) {
      const block = new BlockReader(segment, number)
      await block.times()
      await block.sequences()
      for (const part of parts) if (part.column >= 0) await block.column(part)
      await block.lines(Array.from({ length: rows }, (_, row) => row))
    }
    if (segment instanceof OpenedSegment) await segment.checkIndex()
    return undefined
  } catch (error) {
    if (ExprsnError.is(error)) return error.message
    throw error
  }
}
