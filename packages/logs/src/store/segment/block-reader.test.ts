import { systemClock } from '@exprsn/core'
import { describe, expect, it, vi } from 'vitest'
import { parseQuery } from '../query/parse-query.ts'
import { runQuery } from '../query/run-query.ts'
import { ScanContext } from '../query/scan-context.ts'
import { BlockReader } from './block-reader.ts'
import { openSegment } from './open-segment.ts'
import { SegmentBuilder } from './segment-builder.ts'
import type { SegmentSource } from './segment-source.ts'

const lines = Array.from({ length: 20_000 }, (_, index) =>
  JSON.stringify({
    time: 1_795_000_000_000 + index * 7 + (index % 3),
    took: index % 900,
    msg: `line ${index} took long`,
  }),
)

function fileOf(): Buffer {
  const builder = new SegmentBuilder()
  for (const [index, line] of lines.entries()) builder.add(Buffer.from(line), 0, line.length, index + 1, 42)
  return Buffer.concat([...builder.finish()].filter((piece) => piece !== undefined))
}

const file = fileOf()

/** A source whose bytes are copies, and what was read of it. */
function copyingSource(): SegmentSource & { readonly given: Uint8Array[] } {
  const given: Uint8Array[] = []
  return {
    name: 'segment',
    size: file.length,
    givesBytes: true,
    given,
    read(offset, length) {
      const bytes = Uint8Array.prototype.slice.call(file, offset, offset + length)
      given.push(bytes)
      return bytes
    },
  }
}

const every = Array.from({ length: 8_192 }, (_, row) => row)

describe('memory of a block', () => {
  it('is given back, and what is asked for afterwards is read again', async () => {
    const block = new BlockReader(await openSegment(copyingSource()), 1)
    const part = block.layout.parts.find(({ encoding }) => encoding === 'text')!
    const { values } = await block.column(part)
    const times = await block.times()
    const text = (values as Extract<typeof values, { type: 'text' }>).text
    expect(text.length).toBeGreaterThan(100_000)
    block.release()
    expect([text.length, times.length]).toEqual([0, 0])
    block.release()
    expect((await block.lines(every)).map(String)).toEqual(lines.slice(8_192, 16_384))
  })

  it('stays where it is kept', async () => {
    const block = new BlockReader(await openSegment(copyingSource()), 0)
    const times = await block.times()
    block.keep()
    block.release()
    expect(times).toHaveLength(8_192)
    expect(await block.times()).toBe(times)
  })

  it('is given back of what was packed only where that is nobody else’s', async () => {
    const source = copyingSource()
    const own = new BlockReader(await openSegment(source), 0)
    source.given.length = 0
    expect((await own.lines(every)).map(String)).toEqual(lines.slice(0, 8_192))
    expect(source.given.map(({ length }) => length)).toEqual(source.given.map(() => 0))
    const shared = copyingSource()
    const others = new BlockReader(await openSegment({ ...shared, givesBytes: undefined }), 0)
    await others.lines(every)
    expect(shared.given.every(({ length }) => length > 0)).toBe(true)
  })

  it('is given back by a query once it has looked at a block, but for blocks with lines that it shows', async () => {
    const release = vi.spyOn(BlockReader.prototype, 'release')
    const keep = vi.spyOn(BlockReader.prototype, 'keep')
    const segment = await openSegment(copyingSource())
    const [first, last] = [segment.blocks[0]!.minTime, segment.blocks.at(-1)!.maxTime]
    const target = { name: 'segment', rows: lines.length, minTime: first, maxTime: last, open: async () => segment }
    const ask = async (query: string) => {
      const context = new ScanContext(systemClock, { timeout: 60_000, groups: 100, lines: 100 })
      const parsed = parseQuery(query, last)
      return runQuery(parsed, [target], { limit: 2, order: 'newest' }, context)
    }
    const counted = await ask('msg:~"long$" | stats count(), max(took)')
    expect(counted).toMatchObject({ rows: [{ count: 20_000, 'max(took)': 899 }] })
    expect([release.mock.calls.length, keep.mock.calls.length]).toEqual([3, 0])
    const shown = await ask('msg:~"9999 took"')
    expect(shown).toMatchObject({ lines: [{ text: lines[19_999] }, { text: lines[9_999] }] })
    expect([release.mock.calls.length, keep.mock.calls.length]).toEqual([5, 2])
    release.mockRestore()
    keep.mockRestore()
  })
})
