import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SegmentBuilder } from '../segment/segment-builder.ts'
import { intoSegments, type StoredLine } from './rewrite.ts'

const day = 86_400_000

function fileOf(builder: SegmentBuilder): Buffer {
  return Buffer.concat([...builder.finish()].filter((piece) => piece !== undefined))
}

/** The same line by line. */
function* plainSegments(lines: readonly StoredLine[], mostDays: number): Generator<SegmentBuilder> {
  let builder = new SegmentBuilder()
  let today: number | undefined
  let days = 1
  for (const { bytes, time, sequence } of lines) {
    const date = Math.floor(time / day)
    const isAnotherDay = today !== undefined && date !== today && days < mostDays
    if (isAnotherDay) days++
    if (builder.isFull || isAnotherDay) {
      yield builder
      builder = new SegmentBuilder(builder.modes)
    }
    today = date
    builder.add(bytes, 0, bytes.length, sequence, 0, time)
  }
  if (builder.rows > 0) yield builder
}

async function expectSame(lines: readonly StoredLine[], mostDays: number): Promise<number> {
  const plain = [...plainSegments(lines, mostDays)].map(fileOf)
  const made: Buffer[] = []
  const last: boolean[] = []
  for await (const { builder, isLast } of intoSegments(lines, { mostDays, replaces: ['1.seg'] })) {
    made.push(fileOf(builder))
    last.push(isLast)
  }
  expect(made.length).toBe(plain.length)
  for (const [index, file] of made.entries()) expect(file.equals(plain[index]!)).toBe(true)
  expect(last).toEqual(plain.map((_, index) => index === plain.length - 1))
  return made.length
}

const text = fc.oneof(
  fc.integer({ min: 0, max: 99 }).map((number) => `{"time":${number},"level":30,"msg":"request ${number}"}`),
  fc.constantFrom('{"msg":"a \\n b"}', 'no JSON', '{"msg":"é"}', '', `{"msg":"${'long '.repeat(60_000)}"}`),
)
const line = fc
  .record({ text, time: fc.integer({ min: 0, max: 4 }).map((days) => days * day + 7), sequence: fc.nat() })
  .map(({ text: each, time, sequence }) => ({ bytes: Buffer.from(each), time, sequence }))

it('lines of segments become the segments that they become one by one, with the times and sequences they have', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), async (lines, mostDays) => {
      await expectSame(lines, mostDays)
    }),
    { numRuns: 100 },
  )
})

it('a segment ends where it is full', async () => {
  const bytes = Buffer.from('{"n":1,"msg":"short"}')
  const large = Buffer.from(`{"n":1,"msg":"${'x'.repeat(300_000)}"}`)
  const lines = Array.from({ length: 262_144 + 700 }, (_, index) => ({
    bytes: index === 5 ? large : bytes,
    time: index,
    sequence: 2 * index,
  }))
  expect(await expectSame(lines, 1)).toBe(2)
})
