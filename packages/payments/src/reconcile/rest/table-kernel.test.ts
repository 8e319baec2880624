import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { currencyNumber } from '../files/currencies.ts'
import { finishReport, matchId, matchLine } from '../make-report.ts'
import { checkRules } from '../rules.ts'
import { Decisions } from './decisions.ts'
import { namePairs, nameReader } from './match-names.ts'
import { matchRows } from './match-rows.ts'
import { digestReport, reportLines, type ReportLines } from './report-lines.ts'
import { RowColumns, spanAt, spanWidth, type RestRows } from './rest-rows.ts'
import { joinRows, restTable, textAt, type JoinedRows } from './rest-table.ts'
import { digestRows } from './row-lines.ts'
import { numberRows, numbersInOrder } from './row-numbers.ts'
import { TableKernel } from './table-kernel.ts'
import { tellItems, tellMatches, tellOpen } from './tell-rows.ts'

interface Row {
  readonly id: string
  readonly key: string
  readonly group: string
  readonly references: readonly string[]
  readonly amount: number
  readonly currency: string
  readonly day: number
}

function columnsOf(side: string, rows: readonly Row[]): RestRows {
  const columns = new RowColumns(rows.length)
  const put = (text: string): [number, number] => {
    const bytes = Buffer.from(text)
    columns.reserve(bytes.length, 1)
    return [columns.append(bytes, 0, bytes.length), columns.used]
  }
  for (const { id, key, group, references, amount, currency, day } of rows) {
    const { count, tokenCount } = columns
    columns.spans.set([...put(`${side}:${id}`), ...put(key), ...put(group)], spanWidth * count)
    for (const reference of references) columns.tokens.set(put(reference), 2 * columns.tokenCount++)
    columns.spans.set([tokenCount, columns.tokenCount], spanWidth * count + spanAt.tokens)
    columns.amounts[count] = amount
    columns.currencies[count] = currencyNumber(currency)
    columns.days[count] = day
    columns.count++
  }
  return columns.rows()
}

interface Sides {
  readonly ours: readonly Row[]
  readonly gateway: readonly Row[]
}

const joined = ({ ours, gateway }: Sides, name = 'stripe'): JoinedRows =>
  joinRows([columnsOf('ours', ours)], [columnsOf(name, gateway)])

function kernelOf(rows: JoinedRows): TableKernel {
  const kernel = TableKernel.create(rows.memory)
  if (kernel === undefined) throw new Error('this machine runs no WebAssembly')
  return kernel
}

/** What is made of rows, as plain arrays. */
function shown(rows: JoinedRows, kernel: TableKernel | undefined) {
  const found = numberRows(rows, kernel)
  const { table, order, repeated } = restTable(rows, kernel)
  const { starts, ends, ...numbers } = numbersInOrder(rows, found, order, kernel)
  const words = Array.from(starts, (start, at) => rows.bytes.toString('utf8', start, ends[at]))
  const { amounts, currencies, days, spans, isOurs } = table
  const columns = { amounts, currencies, days, spans, isOurs, order, ...numbers }
  return { words, repeated, ...Object.fromEntries(Object.entries(columns).map(([name, each]) => [name, [...each]])) }
}

const unit = fc.constantFrom('a', 'b', 'b', 'é', '\uE000', '\uFFFD', '\u{1F600}', '0')
const text = fc.oneof(
  { weight: 2, arbitrary: fc.string({ unit, maxLength: 9 }) },
  fc.nat({ max: 20 }).map((at) => `reference-${at}`),
  fc.constantFrom('', 'bbbbbbbb', 'bbbbbbbbb', 'bbbbbbbbbbbbbbbb', 'bbbbbbbbbbbbbbbbb', 'x'.repeat(300)),
)
const row = fc.record({
  ...{
    id: text,
    key: text,
    group: text,
    references: fc.array(
      text.filter((each) => each !== ''),
      { maxLength: 3 },
    ),
  },
  amount: fc.constantFrom(100, 100, 103, -100, 0, 9_007_199_254_740_991, -9_007_199_254_740_991),
  currency: fc.constantFrom('EUR', 'EUR', 'USD'),
  day: fc.nat({ max: 40 }),
})
const rowsOf = fc.uniqueArray(row, { maxLength: 60, selector: ({ id }) => id })
const sides = fc.record({ ours: rowsOf, gateway: rowsOf })

describe('rows beyond names, in WebAssembly', () => {
  it('are numbered and sorted as they are the plain way', () => {
    fc.assert(
      fc.property(sides, fc.constantFrom('stripe', 'a'), fc.nat({ max: 2 }), (rows, name, again) => {
        const all = { ...rows, ours: [...rows.ours, ...rows.ours.slice(0, again)] }
        const [plain, fast] = [joined(all, name), joined(all, name)]
        expect(shown(fast, kernelOf(fast))).toEqual(shown(plain, undefined))
      }),
      { numRuns: 300 },
    )
  })

  it('are numbered again where a thread that did so has died', () => {
    const each = { group: '', references: ['b'], amount: 1, currency: 'EUR', day: 0 }
    const rows = Array.from({ length: 20 }, (_, at) => ({ ...each, id: `${at}`, key: `k${at % 7}` }))
    const all = joined({ ours: rows, gateway: [] })
    expect([numberRows(all, kernelOf(all)), numberRows(all, kernelOf(all))]).toEqual([8, 8])
  })

  it('are sorted where many begin alike', () => {
    const alike = Array.from({ length: 900 }, (_, at) => ({ id: `${'x'.repeat(at % 7)}reference-${(at * 7) % 900}` }))
    const rows = alike.map((each, at) => ({
      ...{ key: `k${at % 70}`, group: '', references: [`${at % 500}`.repeat(9)], amount: at, currency: 'EUR', day: at },
      ...each,
    }))
    const [plain, fast] = [joined({ ours: rows, gateway: rows }), joined({ ours: rows, gateway: rows })]
    expect(shown(fast, kernelOf(fast))).toEqual(shown(plain, undefined))
    expect(joined({ ours: [], gateway: [] }).count).toBe(0)
  })

  it('have the lines that they have the plain way', () => {
    fc.assert(
      fc.property(sides, fc.constantFrom('stripe', 'g'.repeat(40)), (rows, gateway) => {
        const all = joined(rows)
        const { table } = restTable(all)
        const extra = [0, 0, table.count].map((before) => ({ before, line: `line ${before} é` }))
        expect(digestRows({ table, gateway, extra })).toBe(digestRows({ table, gateway, extra }, ''))
      }),
      { numRuns: 200 },
    )
  })

  const long = (letter: string): Row => ({
    ...{ id: letter.repeat(45_000), key: 'k'.repeat(60_000), group: 'é'.repeat(40_000), references: [] },
    ...{ amount: 100, currency: 'EUR', day: 3 },
  })

  it('are written the plain way where they are too long', () => {
    const short = { ...long('b'), id: 'z', key: '', group: 'z' }
    const all = joined({ ours: [long('a'), long('c'), short], gateway: [long('b'), short] })
    const { table } = restTable(all)
    const lines = { table, gateway: 'stripe', extra: [] }
    expect(digestRows(lines)).toBe(digestRows(lines, ''))
    const { found, expected } = reported(all, 'é'.repeat(45_000))
    expect(found).toBe(expected)
  })

  it('have names for their pairs as they are made the plain way', async () => {
    const nameOf = (one: string, other: string): string =>
      matchId({ left: [`ours:${one}`], right: [`stripe:${other}`] })
    // Around the ends of blocks, of 64 bytes, and where there is no room.
    const lengths = [...Array.from({ length: 150 }, (_, at) => at + 1), 32_000, 33_000, 40_000]
    const rows = lengths.map((length, at) => ({
      ...{ id: `${at}é`.padEnd(length, 'x').padStart(length + 3, '0'), key: `k${at}`, group: '', references: [] },
      ...{ amount: 1, currency: 'EUR', day: 0 },
    }))
    const all = joined({ ours: rows, gateway: rows })
    const { table, partners } = matchedOf(all)
    const { names, nameStage } = all.work
    const next = nameReader(names.subarray(0, namePairs(structuredClone({ table, partners, names, nameStage }))))
    const ids = Array.from({ length: table.count / 2 }, (_, at) => textAt(table, at, spanAt.id).slice(5))
    const expected = ids.map((each) => (2 * Buffer.byteLength(each) + 12 > 65_536 ? undefined : nameOf(each, each)))
    expect(ids.map(() => next())).toEqual(expected)
    expect(expected.filter((each) => each === undefined)).toHaveLength(2)
  })

  it('have the lines of a report that the plain report has', () => {
    fc.assert(
      fc.property(sides, (rows) => {
        const { found, expected } = reported(joined(rows), 'ours:*EUR')
        expect(found).toBe(expected)
      }),
      { numRuns: 300 },
    )
  })
})

const rules = checkRules({ tolerance: { EUR: 5n } }, ['stripe'])

function matchedOf(all: JoinedRows) {
  const kernel = kernelOf(all)
  const found = numberRows(all, kernel)
  const { table, order, repeated } = restTable(all, kernel)
  const decisions = new Decisions(table.count, all.work)
  const matched = matchRows(table, numbersInOrder(all, found, order, kernel), rules, decisions)
  return { matched, table, repeated, partners: decisions.partners }
}

/** The hash of a report about rows, from columns that another thread was handed and from what was told. */
function reported(all: JoinedRows, id: string) {
  all.work.states.fill(0)
  const { matched, table, repeated } = matchedOf(all)
  const [inputs, asOf] = ['inputs', 30]
  const stand = { rule: 'key', left: [id], right: ['stripe:*EUR'], evidence: 'all', differences: [] } as const
  const ground = { gateway: 'stripe', asOf, ground: ['rules', inputs, String(asOf)], repeated }
  const lines = reportLines(matched, all.work.states, [{ before: 0, line: matchLine(stand) }], ground)
  const ids = Array.from({ length: table.count }, (_, at) => textAt(table, at, spanAt.id))
  const told = tellItems(table, ids)
  tellOpen(told, matched, { ids, asOf })
  tellMatches(told, matched, { ids, asOf })
  const { matches, exceptions } = told
  const proof = { version: 1, inputs, items: [], matches: [], open: [], totals: [] } as const
  const report = {
    matches: [{ id: 'match', score: 1, ...stand }, ...matches],
    exceptions,
    payouts: [],
    repeated,
    proof,
  }
  const { hash } = finishReport(report, { rules: 'rules', inputs, asOf, isKnown: () => true })
  return { found: digestReport(structuredClone<ReportLines>(lines)), expected: hash }
}

describe('where there is no WebAssembly', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('rows are worked on the plain way, in memory that threads share', () => {
    vi.stubGlobal('WebAssembly', undefined)
    const each = { key: 'a', group: '', references: ['b'], amount: 1, currency: 'EUR', day: 0 }
    const all = joined({
      ours: [
        { ...each, id: '2' },
        { ...each, id: '1' },
      ],
      gateway: [],
    })
    expect(TableKernel.create(all.memory)).toBe(undefined)
    expect(all.bytes.buffer).toBeInstanceOf(SharedArrayBuffer)
    expect(shown(all, undefined)).toMatchObject({ words: ['a', 'b'], order: [1, 0] })
    const { table } = restTable(all)
    const line = (name: string) => `6:ours:${name}4:ours6:charge1 EUR 0 0 0 1;1:a0;1;1:b1;6:stripe---\n`
    expect(digestRows({ table, gateway: 'stripe', extra: [] })).toBe(
      createHash('sha256')
        .update(line('1') + line('2'))
        .digest('hex'),
    )
  })
})
