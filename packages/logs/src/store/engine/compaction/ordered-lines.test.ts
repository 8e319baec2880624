import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openSegment } from '../../segment/open-segment.ts'
import { SegmentBuilder } from '../../segment/segment-builder.ts'
import { memorySource } from '../../segment/segment-source.ts'
import { orderedLines } from './ordered-lines.ts'

async function segmentOf(
  lines: readonly { readonly time: number; readonly sequence: number; readonly text: string }[],
) {
  const builder = new SegmentBuilder()
  for (const { time, sequence, text } of lines) {
    const bytes = Buffer.from(text)
    builder.add(bytes, 0, bytes.length, sequence, 0, time)
  }
  return openSegment(memorySource('test', Buffer.concat([...builder.finish()].filter((piece) => piece !== undefined))))
}

async function orderOf(
  parts: readonly (readonly { time: number; sequence: number; text: string }[])[],
  mostBytes?: number,
) {
  const found = []
  for await (const { bytes, time, sequence } of orderedLines(await Promise.all(parts.map(segmentOf)), mostBytes))
    found.push({ time, sequence, text: Buffer.from(bytes).toString() })
  return found
}

describe('lines of several segments', () => {
  it('come in the order of time, then of sequence', async () => {
    const anyPart = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 8 })
    const property = fc.asyncProperty(fc.array(anyPart, { minLength: 1, maxLength: 5 }), async (times) => {
      let sequence = 0
      const parts = times.map((part) => part.map((time) => ({ time, sequence: ++sequence, text: `line ${sequence}` })))
      const expected = parts.flat().sort((a, b) => a.time - b.time || a.sequence - b.sequence)
      expect(await orderOf(parts)).toEqual(expected)
    })
    await fc.assert(property, { numRuns: 200 })
  })

  it('come so when few fit in memory, and in the worst of orders', async () => {
    // Each block is asked for again with every line.
    const parts = Array.from({ length: 6 }, (_, part) =>
      Array.from({ length: 25 }, (_unused, index) => {
        const sequence = part * 100 + index
        return { time: index, sequence, text: `line ${sequence}` }
      }),
    )
    const expected = parts.flat().sort((a, b) => a.time - b.time || a.sequence - b.sequence)
    expect(await orderOf(parts, 200)).toEqual(expected)
    expect(await orderOf(parts, 0)).toEqual(expected)
  })
})
