import fc from 'fast-check'
import { fuzz } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { PageCache } from '../tokens/page-cache.ts'
import { BlockReader } from './block-reader.ts'
import { decodeIntegers, encodeIntegers } from './integers.ts'
import { openSegment } from './open-segment.ts'
import { SegmentBuilder } from './segment-builder.ts'
import { memorySource } from './segment-source.ts'
import { verifySegment } from './verify-segment.ts'

function segmentOf(lines: readonly Uint8Array[]): Buffer {
  const builder = new SegmentBuilder()
  for (const [index, line] of lines.entries()) builder.add(line, 0, line.length, index + 1, 42)
  return Buffer.concat([...builder.finish()].filter((piece) => piece !== undefined))
}

async function linesIn(bytes: Uint8Array): Promise<Buffer[]> {
  const segment = await openSegment(memorySource('segment', bytes))
  const lines = []
  for (const [number, { rows }] of segment.blocks.entries())
    lines.push(...(await new BlockReader(segment, number).lines(Array.from({ length: rows }, (_, row) => row))))
  return lines
}

const bytes = fc.uint8Array({ maxLength: 40 })
const object = fc.object({ maxDepth: 3, maxKeys: 6 }).map((value) => Buffer.from(JSON.stringify(value)))
const service = fc.record({
  level: fc.constantFrom(30, 40),
  time: fc.nat(),
  id: fc.constantFrom('00ff00ff', 'abcdef01'),
  msg: fc.string(),
})

describe('a segment', () => {
  it('gives every line back byte for byte', async () => {
    const line = fc.oneof(
      bytes,
      object,
      service.map((value) => Buffer.from(JSON.stringify(value))),
      service.map((value) => Buffer.from(JSON.stringify(value, null, 1))),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 60 }), async (lines) => {
        const found = await linesIn(segmentOf(lines))
        expect(found.map((each) => each.toString('hex'))).toEqual(
          lines.map((each) => Buffer.from(each).toString('hex')),
        )
      }),
      { numRuns: 200 },
    )
  })

  it('of several blocks turns columns to text where they have to, and gives every line back', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) =>
      Buffer.from(
        JSON.stringify({
          level: 30,
          time: 1_795_000_000_000 + index,
          kind: index < 9_000 ? `kind${index % 10}` : `kind${index}`,
          number: index < 12_000 ? index : `${index}`.slice(0, 3),
          odd: index === 15_000 ? 1.5 : index,
          user: index % 3 === 0 ? { id: index, tags: ['a', `b${index}`] } : undefined,
          msg: index % 2_000 === 0 ? `say "${index}"\n` : `line ${index}`,
        }),
      ),
    )
    const file = segmentOf(lines)
    expect(file.length).toBeLessThan(lines.reduce((sum, { length }) => sum + length, 0) * 0.3)
    const found = await linesIn(file)
    expect(found).toHaveLength(lines.length)
    expect(found.findIndex((each, index) => !each.equals(lines[index]!))).toBe(-1)
    expect(await verifySegment(() => openSegment(memorySource('segment', file)))).toBeUndefined()
  })

  it('gives back few lines of many, and names what is wrong with a column that is not taken apart for them', async () => {
    const lines = Array.from({ length: 700 }, (_, index) => {
      const id = ((index + 1) * 2_654_435_761).toString(16).padStart(16, '0')
      return Buffer.from(JSON.stringify(index % 3 === 0 ? { id } : { level: 30, trace: `${id}${id}`, id, at: index }))
    })
    const file = segmentOf(lines)
    const segment = await openSegment(memorySource('segment', file))
    for (const rows of [[0], [1], [699], [3, 4, 5, 301], Array.from({ length: 44 }, (_, index) => index * 15)])
      expect((await new BlockReader(segment, 0).lines(rows)).map(String)).toEqual(rows.map((row) => String(lines[row])))

    const part = segment.blocks[0]!.parts.find(({ encoding }) => encoding === 'hex')!
    file[part.offset + part.length - 1]! ^= 1
    await expect(new BlockReader(segment, 0).lines([1])).rejects.toMatchObject({
      code: 'LOGS_STORE_SEGMENT_DAMAGED',
      message: expect.stringContaining(`block 0, column ${part.column}`),
    })
  })

  it('keeps lines of too many forms and fields as they are', async () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => Buffer.from(`{"field${index}":${index}}`))
    lines.push(
      Buffer.from(
        JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`f${index}`, index]))),
      ),
    )
    expect(await linesIn(segmentOf(lines))).toEqual(lines)
  })

  it('takes no wrong byte for right, wherever it is', async () => {
    const lines = Array.from({ length: 60 }, (_, index) =>
      Buffer.from(
        JSON.stringify({
          level: 30,
          time: index * 7,
          id: `00ff00ff${String(index).padStart(4, '0')}`,
          msg: `message ${index} of many`,
        }),
      ),
    )
    const file = segmentOf(lines)
    let undetected = 0
    for (let at = 0; at < file.length; at++) {
      const damaged = Buffer.from(file)
      damaged[at]! ^= 1 << (at % 8)
      const problem = await verifySegment(() => openSegment(memorySource('segment', damaged)))
      // A few bits of zstd's frames mean nothing.
      if (problem === undefined) expect(await linesIn(damaged)).toEqual(lines)
      else expect(problem).toMatch(/^The segment segment (?:is damaged|was written)/)
      undetected += problem === undefined ? 1 : 0
    }
    expect(undetected).toBeLessThan(20)
  })

  it('reads a page of its dictionary once where pages are kept, and what is there now when it is verified', async () => {
    const lines = Array.from({ length: 400 }, (_, index) => Buffer.from(`{"msg":"word${index % 4} common x${index}"}`))
    const file = segmentOf(lines)
    const reads: number[] = []
    const plain = memorySource('segment', file)
    const source = {
      ...plain,
      read(offset: number, length: number) {
        reads.push(offset)
        return plain.read(offset, length)
      },
    }
    const cache = new PageCache(2 ** 20)
    const segment = await openSegment(source, cache)
    const [page] = segment.layout.pages
    const rowsOf = async (token: string) => (await segment.findToken(token)).postings.get(0)?.count
    expect(await rowsOf('word1')).toBe(100)
    expect(await rowsOf('common')).toBe(400)
    expect(await rowsOf('word9')).toBeUndefined()
    expect(reads.filter((offset) => offset === page!.offset)).toHaveLength(1)
    expect(cache.bytes).toBe(page!.size)

    file[page!.offset + page!.length - 1]! ^= 1
    expect(await verifySegment(async () => segment)).toMatch(/dictionary/)
    expect(await rowsOf('word1')).toBe(100)
    segment.forget()
    expect(cache.bytes).toBe(0)
    await expect(rowsOf('word1')).rejects.toMatchObject({ code: 'LOGS_STORE_SEGMENT_DAMAGED' })
  })

  it('of any other bytes is refused by name', async () => {
    const file = segmentOf([Buffer.from('{"a":1}'), Buffer.from('text')])
    const report = await fuzz({
      corpus: [file, file.subarray(0, 40), ''],
      target: async (input) => linesIn(input),
      runs: 1_500,
      maximumBytes: 4_096,
    })
    expect(report.findings).toEqual([])
    expect(report.refused).toBeGreaterThan(1_000)
  })
})

describe('integers', () => {
  it('come back, whatever their distances are', () => {
    const integer = fc.oneof(
      fc.integer({ min: -100, max: 100 }),
      fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }),
    )
    fc.assert(
      fc.property(fc.array(integer, { minLength: 1, maxLength: 50 }), (values) => {
        const { layout, bytes: packed } = encodeIntegers(Float64Array.from(values))
        expect([...decodeIntegers(layout, packed, values.length)]).toEqual(values)
      }),
      { numRuns: 500 },
    )
  })

  it('that follow each other take no bytes', () => {
    expect(encodeIntegers(Float64Array.from({ length: 100 }, (_, index) => 5 + index * 3)).bytes).toHaveLength(0)
  })
})
