import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addRow, allRows, hasRow, noRows } from '../segment/bits.ts'
import { BlockReader } from '../segment/block-reader.ts'
import { HeadView } from '../segment/head-view.ts'
import { SegmentBuilder } from '../segment/segment-builder.ts'
import { compileFilter, type MatchLeaf } from './compile-filter.ts'
import type { ValueTest } from './filter.ts'
import { matchColumn } from './match-column.ts'
import { PassingCodes } from './passing-codes.ts'

function readerOf(lines: readonly string[]): BlockReader {
  const builder = new SegmentBuilder()
  for (const [index, line] of lines.entries()) {
    const bytes = Buffer.from(line)
    builder.add(bytes, 0, bytes.length, index + 1, 42)
  }
  return new BlockReader(new HeadView(builder), 0)
}

const piece = fc.constantFrom(
  'user',
  'User',
  'w1',
  '42 ms',
  'w1 42 ms',
  '"',
  '\\',
  '\n',
  'é',
  'null',
  '_',
  ' ',
  '😀',
  'K',
  '\u212a',
  '\ud800',
)
const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
const sought = fc.array(piece, { minLength: 1, maxLength: 2 }).map((pieces) => pieces.join(''))
const test: fc.Arbitrary<ValueTest> = fc.oneof(
  fc.record({ type: fc.constantFrom('phrase', 'prefix', 'equals'), text: sought }),
  fc.record({
    type: fc.constant('pattern'),
    pattern: fc.constantFrom(
      ...[
        'user.*ms',
        'w[0-9]+ 42',
        '42 ms$',
        '^user',
        'é',
        '.',
        '[^ ]{3}w',
        '(?i)USER',
        '\\bms\\b',
        '"',
        '\\\\',
        '\\n',
        'null',
        '😀',
        '^$',
      ],
    ),
  }),
)

describe('rows of a column of text', () => {
  it.each([
    ['strings', (value: string, row: number) => JSON.stringify({ msg: `${value} ${row}` })],
    [
      'strings, some rows with none and some with two',
      (value: string, row: number) =>
        JSON.stringify(row % 3 === 0 ? { other: 1 } : { msg: row % 3 === 1 ? `${value} ${row}` : [`${row}`, value] }),
    ],
    ['bare values', (_: string, row: number) => `{"msg":${row % 50 === 0 ? 'null' : `${row}e42`}}`],
    ['lines of text', (value: string, row: number) => `${value.replaceAll('\n', '').toWellFormed()} ${row}`],
    ['lines kept whole', (value: string, row: number) => JSON.stringify({ msg: `${value} ${row}` }, null, 1)],
  ])('are those whose value passes: %s', async (_, lineOf) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 300, maxLength: 400, size: 'max' }),
        test,
        fc.option(fc.array(fc.nat(299), { minLength: 1, maxLength: 250, size: 'max' })),
        async (texts, asked, some) => {
          const block = readerOf(texts.map((value, row) => lineOf(value, row)))
          const { rows: count } = block.layout
          const leaf = (await compileFilter({ type: 'match', field: 'msg', test: asked })) as MatchLeaf
          const part = block.layout.parts.find(({ encoding }) => encoding === 'text')!
          const candidates = some === null ? allRows(count) : noRows(count)
          for (const row of some ?? []) addRow(candidates, row)
          const found = noRows(count)
          const plan = { places: [], codes: new PassingCodes(leaf, block.searchable.columns) }
          matchColumn(leaf, plan, await block.column(part), candidates, found)
          const lines = await block.lines(Array.from({ length: count }, (_, row) => row))
          const wanted = []
          for (let row = 0; row < count; row++)
            if (hasRow(candidates, row) && valuesOf(lines[row]!).some(([value, isText]) => leaf.test(value, isText)))
              wanted.push(row)
          expect(Array.from({ length: count }, (_, row) => row).filter((row) => hasRow(found, row))).toEqual(wanted)
        },
      ),
      { numRuns: 40 },
    )
  })
})

/** Values of the field `msg` that are kept as text. */
function valuesOf(line: Buffer): (readonly [string, boolean])[] {
  const text = line.toString()
  if (!text.startsWith('{')) return [[text, true]]
  if (text.includes('e42}')) return [[text.slice(7, -1), false]]
  const { msg } = JSON.parse(text) as { readonly msg?: string | readonly string[] | null }
  return [msg ?? []].flat().map((value) => [value, true] as const)
}
