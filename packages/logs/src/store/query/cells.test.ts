import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addRow, allRows, hasRow, noRows, type RowBits } from '../segment/bits.ts'
import { BlockReader } from '../segment/block-reader.ts'
import { HeadView } from '../segment/head-view.ts'
import { SegmentBuilder } from '../segment/segment-builder.ts'
import { countCells, joinGroups } from './cells.ts'
import type { Grouping } from './filter.ts'
import { byValue, groupRows, type Label } from './group-rows.ts'

/** A time that cannot be taken for seconds. */
const start = 1_795_000_000_000

function blockOf(lines: readonly unknown[]): BlockReader {
  const builder = new SegmentBuilder()
  for (const [index, line] of lines.entries()) {
    const bytes = Buffer.from(typeof line === 'string' ? line : JSON.stringify(line))
    builder.add(bytes, 0, bytes.length, index + 1, 42)
  }
  return new BlockReader(new HeadView(builder), 0)
}

/** By the labels of a row, how many rows have them: row by row. */
async function countPlainly(block: BlockReader, groupings: readonly Grouping[], rows: RowBits) {
  const times = await block.times()
  const labelers: ((row: number) => Label)[] = []
  for (const grouping of groupings) {
    if ('bucket' in grouping) labelers.push((row) => Math.floor(times[row]! / grouping.bucket) * grouping.bucket)
    else {
      const { groups, labelOf } = await byValue(block, grouping.field, rows)
      const ids = groups()
      labelers.push((row) => labelOf(ids[row]!))
    }
  }
  const counts = new Map<string, number>()
  for (let row = 0; row < block.layout.rows; row++) {
    if (!hasRow(rows, row)) continue
    const key = JSON.stringify(labelers.map((labelOf) => labelOf(row)))
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

async function countFast(block: BlockReader, groupings: readonly Grouping[], rows: RowBits) {
  const locals = []
  for (const grouping of groupings) locals.push(await groupRows(block, grouping, rows))
  const counts = new Map<string, number>()
  countCells(locals, rows, block.layout.rows, (labels, count) => {
    const key = JSON.stringify(labels)
    counts.set(key, (counts.get(key) ?? 0) + count)
  })
  return counts
}

const text = fc.constantFrom('a', 'b', 'say "a"', '\\', 'null', '', '7', 'é\u2028', '__proto__')
const literal = fc.constantFrom(null, true, 1.5, 1e300)
const integer = fc.constantFrom(7, -7, 0, 900, 100_000)
/** The values of an array are those of its row. */
const oneOrMore = <Value>(value: fc.Arbitrary<Value>) => fc.oneof(value, fc.array(value, { maxLength: 3 }))
const fields = {
  level: fc.constantFrom(30, 40, 50),
  texts: oneOrMore(text),
  literals: oneOrMore(literal),
  integers: oneOrMore(integer),
  any: oneOrMore(fc.oneof(text, literal, integer)),
}
const grouping: fc.Arbitrary<Grouping> = fc.oneof(
  fc.constantFrom(...Object.keys(fields), 'time', 'absent').map((field) => ({ field, as: field })),
  fc.constantFrom(1, 7, 1_000, 60_000, 86_400_000).map((bucket) => ({ bucket, as: 'time' })),
)

describe('counting by groups', () => {
  it.each([
    ['in order, of one step', (index: number) => index * 37],
    ['in order', (index: number) => index * 37 + (index % 5)],
    ['in any order', (index: number) => ((index * 7_919) % 100) * 11],
    ['all the same', () => 5],
    ['years apart', (index: number) => index * 10 ** 11],
  ])('is what row by row gives, times being %s', async (_, timeOf) => {
    const objects = fc.array(fc.record(fields, { requiredKeys: [] }), { minLength: 1, maxLength: 120, size: 'max' })
    const others = fc.array(fc.constantFrom('text', '{"any": "not as JSON.stringify has it"}'), { maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(
        objects,
        fc.option(others, { nil: [] }),
        fc.array(grouping, { minLength: 1, maxLength: 4 }),
        fc.option(fc.array(fc.nat(119), { maxLength: 40 })),
        async (found, more, groupings, some) => {
          const lines = [...found.map((each, index) => ({ ...each, time: start + timeOf(index) })), ...more]
          const block = blockOf(lines)
          const rows = some === null ? allRows(lines.length) : noRows(lines.length)
          for (const row of some ?? []) if (row < lines.length) addRow(rows, row)
          expect(await countFast(block, groupings, rows)).toEqual(await countPlainly(block, groupings, rows))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('goes on where combinations are more than numbers', async () => {
    const lines = Array.from({ length: 600 }, (_, index) =>
      Object.fromEntries(Array.from({ length: 8 }, (_, field) => [`f${field}`, (index * (field + 1)) % 599])),
    )
    const block = blockOf(lines)
    const groupings = Array.from({ length: 8 }, (_, field) => ({ field: `f${field}`, as: `f${field}` }))
    const rows = allRows(lines.length)
    const counts = await countFast(block, groupings, rows)
    expect(counts).toEqual(await countPlainly(block, groupings, rows))
    expect(counts.size).toBe(599)
    const locals = []
    for (const each of groupings) locals.push(await groupRows(block, each, rows))
    expect(joinGroups(locals, lines.length).size).toBeLessThanOrEqual(lines.length)
  })
})

describe('a block whose times are in order', () => {
  it.each([
    ['one step', () => 0],
    ['steps of any length', (more: number) => more],
  ])('finds the first row of a time as looking at each does, with %s', async (_, of) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(99), { minLength: 10, maxLength: 80 }),
        fc.array(fc.integer({ min: -10, max: 9_000 }), { maxLength: 20 }),
        async (jitter, wanted) => {
          let now = start
          const block = blockOf(jitter.map((more) => ({ time: (now += 50 + of(more)) })))
          expect(block.isInOrder).toBe(true)
          const times = await block.times()
          for (const time of [...wanted.map((each) => start + each), now, now + 1, times[0]!]) {
            const first = times.findIndex((each) => each >= time)
            expect(await block.rowAt(time)).toBe(first < 0 ? times.length : first)
          }
        },
      ),
    )
  })

  it('is none where one goes back', () => {
    const times = Array.from({ length: 60 }, (_, index) => start + index * 50 - (index === 30 ? 51 : 0))
    expect(blockOf(times.map((time) => ({ time }))).isInOrder).toBe(false)
  })
})
