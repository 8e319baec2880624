import type { Filter, ValueTest } from '@exprsn/logs/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileFilter } from '../../src/store/query/compile-filter.ts'
import { everyRow, SegmentSearch } from '../../src/store/query/segment-search.ts'
import { rowsOf } from '../../src/store/segment/bits.ts'
import { BlockReader } from '../../src/store/segment/block-reader.ts'
import { openSegment, type OpenedSegment } from '../../src/store/segment/open-segment.ts'
import { SegmentBuilder } from '../../src/store/segment/segment-builder.ts'
import { memorySource } from '../../src/store/segment/segment-source.ts'
import { plainMatches, type PlainLine } from './plain-store.ts'

const firstTime = 1_795_000_000_000
const rows = 600

const idOf = (row: number): string => ((row + 1) * 2_654_435_761).toString(16).padStart(16, '0')

/** Columns of every encoding: integers, times, hexadecimal digits, codes, text; some lines lack fields. */
const plain: readonly PlainLine[] = Array.from({ length: rows }, (_, row) => {
  const time = firstTime + row * 37
  const fields = {
    level: row % 20 === 0 ? 50 : 30,
    time,
    zone: 'north',
    state: row % 3 === 0 ? 'ok' : 'late',
    id: idOf(row),
    took: (row % 9) - 20,
    msg: `job ${row} of w${row % 301} ended${row % 10 === 0 ? ' failed' : ''}`,
  }
  const text = JSON.stringify(row % 100 === 99 ? { time, msg: `a failed line ${row}` } : fields)
  return { text, time, sequence: row + 1 }
})

async function segmentOf(lines: readonly PlainLine[]): Promise<OpenedSegment> {
  const builder = new SegmentBuilder()
  for (const { text, time, sequence } of lines) {
    const bytes = Buffer.from(text)
    builder.add(bytes, 0, bytes.length, sequence, time)
  }
  const file = Buffer.concat([...builder.finish()].filter((piece) => piece !== undefined))
  return openSegment(memorySource('segment', file))
}

const text = fc.constantFrom(
  ...['failed', 'ended', 'job', 'w7', 'w300', 'ok', 'north', 'absent', '0', '15', '-15', '30', '599', '00599'],
  ...[idOf(5), idOf(5).toUpperCase(), idOf(99), 'ab'.repeat(8), String(firstTime + 37), String(firstTime + 36)],
)
const test: fc.Arbitrary<ValueTest> = fc.oneof(
  { weight: 4, arbitrary: text.map((each) => ({ type: 'phrase', text: each }) as const) },
  text.map((each) => ({ type: 'equals', text: each }) as const),
  fc.constantFrom('of w7', 'failed line').map((each) => ({ type: 'phrase', text: each }) as const),
  fc
    .integer({ min: -25, max: 60 })
    .map((value) => ({ type: 'range', from: { value, isIncluded: true }, to: { value, isIncluded: true } }) as const),
  fc.constant({ type: 'range', from: { value: firstTime + 599 * 37, isIncluded: true } } as const),
)
const field = fc.constantFrom(undefined, undefined, 'msg', 'id', 'took', 'state', 'time', 'none')
const match = fc.tuple(field, test).map(([name, each]) => ({ type: 'match', field: name, test: each }) as const)
const time = fc
  .tuple(fc.integer({ min: -10, max: rows + 10 }), fc.integer({ min: 0, max: rows + 10 }))
  .map(([from, span]) => ({ type: 'time', from: firstTime + from * 37, to: firstTime + (from + span) * 37 }) as const)
const { filter: anyFilter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 6, arbitrary: match },
    { weight: 1, arbitrary: time },
    { weight: 1, arbitrary: tie('filter').map((filter) => ({ type: 'not', filter }) as const) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('filter'), { minLength: 1, maxLength: 3 }))
        .map(([type, filters]) => ({ type, filters })),
    },
  ),
}))

const phrase = (each: string, name?: string): Filter => ({
  type: 'match',
  field: name,
  test: { type: 'phrase', text: each },
})

describe('what is known of a block without a look at it', () => {
  it('is what looking at every line says', async () => {
    const segment = await segmentOf(plain)
    let known = 0
    const property = fc.asyncProperty(anyFilter, async (filter) => {
      const compiled = await compileFilter(filter)
      const search = await SegmentSearch.plan(segment, compiled)
      const expected = plain.flatMap((line, row) => (plainMatches(filter, line) ? [row] : []))
      const block = new BlockReader(segment, 0)
      expect([...rowsOf(await search.match(compiled, block, everyRow(block)))]).toEqual(expected)
      const count = search.countOf(compiled, 0)
      if (count === undefined) return
      expect(count).toBe(expected.length)
      known++
    })
    await fc.assert(property, { numRuns: 500 })
    expect(known).toBeGreaterThan(150)
  })

  it.each<[string, Filter, number | undefined]>([
    ['a word', phrase('failed'), 66],
    ['a word of one field', phrase('failed', 'msg'), undefined],
    ['an id that is not there', phrase('0123456789abcdef'), 0],
    ['a word in a field of digits', phrase('job', 'id'), 0],
    ['a number that is out of range', phrase('5', 'took'), 0],
    ['a number that is negative', phrase('15', 'took'), undefined],
    ['a time that is later', phrase(String(firstTime * 2), 'time'), 0],
    ['a time in between', phrase(String(firstTime + 37), 'time'), undefined],
    ['two words', { type: 'and', filters: [phrase('failed'), phrase('ended')] }, 60],
    ['one of two words that is not there', { type: 'and', filters: [phrase('failed'), phrase('absent')] }, 0],
    ['none of two words', { type: 'or', filters: [phrase('absent'), phrase('missing')] }, 0],
    ['lines without a word', { type: 'not', filter: phrase('failed') }, rows - 66],
  ])('tells of %s', async (_, filter, expected) => {
    const compiled = await compileFilter(filter)
    const search = await SegmentSearch.plan(await segmentOf(plain), compiled)
    expect(search.countOf(compiled, 0)).toBe(expected)
  })
})
