import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemDisk } from '@exprsn/core/disk'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Currencies } from './currencies.ts'
import { gatherRows } from './gather-rows.ts'
import { openMovements, type OpenMovements } from './open-movements.ts'
import { noTotals } from './row-totals.ts'
import { chunksOf, plainTuples, RowTuples, wordsOf, type TupleLists } from './row-tuples.ts'
import { RowsKernel } from './rows-kernel.ts'
import { longestRow } from './scan-rows.ts'

let folder = ''
let files = 0
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'exprsn-rows-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Layout {
  readonly separator: string
  readonly decimal: '.' | ','
  readonly currency: string
  readonly lineEnd: string
  readonly columns: { readonly id: string; readonly key: string; readonly amount: string; readonly date: string }
}

const usual: Layout = {
  ...{ separator: ',', decimal: '.', currency: 'EUR', lineEnd: '\n' },
  columns: { id: 'a', key: 'b', amount: 'c', date: 'd' },
}

async function open(rows: readonly (readonly string[])[], { lineEnd, ...layout }: Layout): Promise<OpenMovements> {
  const path = join(folder, `${++files}.csv`)
  const lines = [['a', 'b', 'c', 'd'], ...rows].map((row) => row.join(layout.separator))
  writeFileSync(path, lines.join(lineEnd))
  return openMovements(systemDisk, { path, ...layout })
}

const stages = { parts: 4, shares: 2 }

/** In order: whoever reads rows puts them there at another time. */
function tuplesOf(list: TupleLists, part: number): string[] {
  return chunksOf(list, part)
    .flatMap((words) => {
      const tuples: string[] = []
      for (let at = 0, next = 0; at < words.length; at = next) {
        next = at + wordsOf(words, at)
        tuples.push(String(words.subarray(at, next)))
      }
      return tuples
    })
    .toSorted()
}

/** What is gathered of the rows as either side, or how they are refused. */
async function gathered(source: OpenMovements, kernel: RowsKernel | undefined) {
  const sides = ['left', 'right'] as const
  const ranges = sides.map((side) => ({ side, start: source.start, until: source.size }))
  const turns = [0, 1]
  const options = { left: source, right: source, ranges, ...stages, currencies: new Currencies(), kernel }
  try {
    const found = await gatherRows({ ...options, take: () => turns.shift() })
    const shown = (lists: readonly TupleLists[]) =>
      lists.map((list) => ({
        counts: [...list.counts],
        parts: list.chunks.map((_, part) => tuplesOf(list, part)),
      }))
    return { ...found, left: shown(plainTuples(found.left)), right: shown(plainTuples(found.right)) }
  } catch (error) {
    return String(error)
  }
}

async function expectSame(rows: readonly (readonly string[])[], layout: Layout): Promise<void> {
  const source = await open(rows, layout)
  try {
    expect(await gathered(source, RowsKernel.create(stages))).toEqual(await gathered(source, undefined))
  } finally {
    await source.file.close()
  }
}

const digits = (most: number) => fc.integer({ min: 0, max: most }).map(String)
const amounts = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.constantFrom('', '-', '+'), digits(99_999)).map((parts) => parts.join('')) },
  { weight: 8, arbitrary: fc.tuple(digits(99_999), digits(9)).map((parts) => `${parts.join('M')}0`) },
  fc.constantFrom('0', '-0', '-0M00', '21474836M47', '21474836M48', '-21474836M48', '2147483647', '999999999999'),
  fc.constantFrom('90071992547409M91', '', '-', 'M5', '5M', '1M2M3', '1x', '1M234', '1M2345', '١', '--1', '1 '),
)
/** In every currency. */
const accepted = fc.oneof(
  { weight: 8, arbitrary: fc.nat(99_999).map(String) },
  fc.constantFrom('-0', '+7', '-7', '21474836', '-21474837', '2147483647', '-2147483648', '4294967296', '999999999999'),
)
const days = fc.oneof(
  { weight: 8, arbitrary: fc.date({ min: new Date(0), max: new Date('2400-01-01'), noInvalidDate: true }) },
  { weight: 1, arbitrary: fc.constant(new Date('2028-02-29')) },
)
const dates = fc.oneof(
  { weight: 12, arbitrary: days.map((day) => day.toISOString().slice(0, 10)) },
  { weight: 2, arbitrary: days.map((day) => day.toISOString()) },
  fc.constantFrom('2026-02-29', '2026-02-30', '2026-04-31', '2026-13-01', '2026-00-01', '2026-01-00', '2026-01-32'),
  fc.constantFrom('1969-12-31', '2026-1-01', '2026-01-011', '2026/01/01', '2026-01-1', '', '20o6-01-01', '2026-0:-01'),
)
const names = fc.oneof(
  { weight: 12, arbitrary: fc.string({ unit: fc.constantFrom('a', 'b', '1', '_'), minLength: 1, maxLength: 40 }) },
  fc.constantFrom('', 'é', '"', '""', '"q"', '"a""b"', 'a"b', '"a\nb"', '\r', 'x'.repeat(255), 'x'.repeat(256)),
)
const rowsOf = (amount: fc.Arbitrary<string>, date: fc.Arbitrary<string>, width: fc.Arbitrary<number>) =>
  fc.array(
    fc
      .tuple(names, names, amount, date, width)
      .map(([id, key, cents, day, fields]) => [id, key, cents, day, 'e'].slice(0, fields)),
    { maxLength: 30 },
  )
const layouts = fc.record({
  separator: fc.constantFrom(',', ';', '\t', '|'),
  decimal: fc.constantFrom('.' as const, ','),
  currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
  lineEnd: fc.constantFrom('\n', '\r\n', '\n\n'),
  columns: fc.constantFrom(usual.columns, { ...usual.columns, key: 'd' }, { ...usual.columns, key: 'c', id: 'd' }),
})

describe('rows in WebAssembly', () => {
  it(
    'are the tuples, counts and places that they are read the plain way, and refused alike',
    { timeout: 60_000 },
    async () => {
      const tried = (rows: ReturnType<typeof rowsOf>, numRuns: number) =>
        fc.assert(
          fc.asyncProperty(rows, layouts, (drawn, layout) =>
            expectSame(
              drawn.map((row) => row.map((field) => field.replaceAll('M', layout.decimal))),
              layout,
            ),
          ),
          { numRuns },
        )
      await tried(rowsOf(amounts, dates, fc.constantFrom(4, 4, 4, 4, 4, 4, 4, 4, 3, 5)), 150)
      // Long lists that nobody refuses.
      await tried(
        rowsOf(
          accepted,
          days.map((day) => day.toISOString()),
          fc.constant(4),
        ),
        150,
      )
    },
  )

  it('go on over the borders of pieces, and when a stage is full', async () => {
    const row = (at: number): string[] => [`order ${at}`, `name-${at}`, `${at % 1_000}`, `2026-10-${10 + (at % 20)}`]
    await expectSame(
      Array.from({ length: 20_000 }, (_, at) =>
        row(at).map((field, column) => (column === 0 ? field.padEnd(at % 50, 'x') : field)),
      ),
      usual,
    )
    // The name is the amount: tuples take more than rows.
    const same = { ...usual, columns: { ...usual.columns, key: 'd' } }
    await expectSame(
      Array.from({ length: 20_000 }, (_, at) => ['', '', '1', row(at)[3]!]),
      same,
    )
  })

  it('are all taken where nothing is strange, and up to what is', async () => {
    const rows = Array.from({ length: 1_000 }, (_, at) => [`${at}`, `name-${at}`, `${at}.25`, '2026-10-07'])
    for (const strange of ['"quoted"', 'x'.repeat(256)]) {
      const source = await open(rows.toSpliced(600, 0, [strange, strange, '1', '2026-10-07']), usual)
      const kernel = RowsKernel.create(stages)!
      const [piece] = kernel.pieces
      const end = longestRow + (await source.file.read(piece.subarray(longestRow), source.start))
      await source.file.close()
      const totals = noTotals()
      const tuples = [new RowTuples(4), new RowTuples(4)]
      const read = kernel.reader(source, new Currencies(), { side: 'left', totals, tuples, nameless: [] })!
      const span = { base: source.start - longestRow, at: longestRow, stop: end, end }
      const stopped = read(piece, span)
      expect(totals.ours).toBe(600)
      expect(Buffer.from(piece.subarray(stopped)).toString()).toMatch(new RegExp(`^${strange},${strange},1,`))
      expect(read(piece, { ...span, base: 2 ** 32 })).toBe(longestRow)
      // What lies behind the end is of an earlier piece.
      const cut = piece.indexOf(10, longestRow)
      expect(read(piece, { ...span, stop: cut, end: cut })).toBe(longestRow)
      kernel.flush()
      expect(tuples.flatMap(({ counts }) => [...counts]).reduce((sum, count) => sum + count)).toBe(600)
    }
  })

  it('without a name are told with the others, as many as there are room for', async () => {
    const rows = Array.from({ length: 2_000 }, (_, at) => [
      `${at}`,
      at % 3 === 0 ? '' : `n-${at}`,
      '-1.25',
      '2026-10-07',
    ])
    await expectSame(rows, usual)
    const source = await open(rows, usual)
    const kernel = RowsKernel.create(stages)!
    const [piece] = kernel.pieces
    const end = longestRow + (await source.file.read(piece.subarray(longestRow), source.start))
    await source.file.close()
    const tuples = [new RowTuples(4), new RowTuples(4)]
    const [nameless, totals]: [number[], ReturnType<typeof noTotals>] = [[], noTotals()]
    const read = kernel.reader(source, new Currencies(), { side: 'left', totals, tuples, nameless })!
    const span = { base: source.start - longestRow, at: longestRow, stop: end, end }
    const stopped = read(piece, span)
    expect([nameless.length, totals.ours, nameless[0]]).toEqual([512, 3 * 512, source.start])
    expect(Buffer.from(piece.subarray(stopped)).toString()).toMatch(/^1536,,-1.25,/)
    // The last row ends without a line feed.
    expect(Buffer.from(piece.subarray(read(piece, { ...span, at: stopped }), end)).toString()).toMatch(/^1999,[^\n]*$/)
    expect([nameless.length, totals.ours]).toEqual([667, 1_999])
  })

  it('are read the plain way where the machine cannot run it, and where currencies stand in them', async () => {
    expect(RowsKernel.create(stages, 'AAAA')).toBeUndefined()
    const source = await open([], usual)
    await source.file.close()
    const taking = { side: 'left' as const, totals: noTotals(), tuples: [], nameless: [] }
    const kernel = RowsKernel.create(stages)!
    expect(kernel.reader(source, new Currencies(), taking)).toBeDefined()
    expect(kernel.reader({ ...source, currency: undefined }, new Currencies(), taking)).toBeUndefined()
    expect(kernel.reader({ ...source, width: 201 }, new Currencies(), taking)).toBeUndefined()
  })
})
