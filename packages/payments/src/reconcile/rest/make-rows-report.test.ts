import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemDisk } from '@exprsn/core/disk'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Currencies } from '../files/currencies.ts'
import { itemOfRow } from '../files/item-of-row.ts'
import { makeFilesReport, type RowsFound } from '../files/make-files-report.ts'
import { openMovements } from '../files/open-movements.ts'
import type { Item } from '../items/item.ts'
import { checkProof } from '../proof/check-proof.ts'
import { checkRules } from '../rules.ts'
import { threadSource } from '../files/join-files.ts'
import { createJoinThreads } from '../files/join-threads.ts'
import { makeRowsReport } from './make-rows-report.ts'
import { matchHandedRows, type MatchTask } from './match-rows.ts'
import { namePairs, type PairNames } from './match-names.ts'
import { readRest } from './read-rest.ts'
import { RowColumns, spanWidth, type RestRows } from './rest-rows.ts'
import { joinRows, restTable, type JoinedRows } from './rest-table.ts'
import { digestReport, type ReportLines } from './report-lines.ts'
import { numberRows, numbersInOrder } from './row-numbers.ts'
import { sortRows } from './sort-rows.ts'
import { TextNumbers } from './text-numbers.ts'

let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'exprsn-rest-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Row {
  readonly id: string
  readonly key: string
  readonly group: string
  readonly text: string
  readonly cents: number
  readonly currency: string
  readonly day: number
}

const sides = ['ours', 'gateway'] as const
type Rows = Readonly<Record<(typeof sides)[number], readonly Row[]>>

const names = {
  id: 'id',
  key: 'key',
  group: 'group',
  text: 'text',
  amount: 'amount',
  currency: 'currency',
  date: 'date',
}
const head = 'id,key,group,text,amount,currency,date\n'
const gateways = ['stripe']
const first = Date.UTC(2026, 9, 1) / 86_400_000
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

function lineOf({ id, key, group, text, cents, currency, day }: Row): string {
  const amount = `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`
  const date = new Date((first + day) * 86_400_000).toISOString().slice(0, 10)
  return `${[id, key, group, text].map(quoted).join(',')},${amount},${currency},${date}\n`
}

/** The rows as columns, in as many lists as there are parts. */
async function read(side: (typeof sides)[number], rows: readonly Row[], parts: number): Promise<RestRows[]> {
  const path = join(folder, `${side}.csv`)
  const lines = rows.map(lineOf)
  writeFileSync(path, head + lines.join(''))
  let place = head.length
  const places = lines.map((line) => (place += Buffer.byteLength(line)) - Buffer.byteLength(line))
  const source = await openMovements(systemDisk, { path, columns: names })
  const lists: RestRows[] = []
  for (let part = 0; part < parts; part++) {
    const own = Float64Array.from(places.filter((_, at) => at % parts === part))
    const prefix = side === 'ours' ? 'ours:' : 'stripe:'
    lists.push(await readRest(source, own, { side: prefix, currencies: new Currencies(), kernel: undefined }))
  }
  await source.file.close()
  return lists
}

function plainItem(side: (typeof sides)[number], { id, key, group, text, cents, currency, day }: Row): Item {
  const owner = { side, gateway: 'stripe', gateways }
  return itemOfRow({ id, key, group, text }, { amount: BigInt(cents), currency }, first + day, owner)
}

const ground = {
  ...{ gateway: 'stripe', newestDay: first + 30, fingerprint: '0badcafe00000001', asOf: undefined },
  rows: { ours: 0, gateway: 0 },
} satisfies Partial<RowsFound>

async function both(rows: Rows, more: Pick<RowsFound, 'exact' | 'rules'>, parts = 1) {
  const plain = () =>
    makeFilesReport({
      ...ground,
      ...more,
      items: sides.flatMap((side) => rows[side].map((row) => plainItem(side, row))),
    })
  const rest = { ours: await read('ours', rows.ours, parts), gateway: await read('gateway', rows.gateway, parts) }
  const help = {
    number: async (all: JoinedRows) => numberRows(structuredClone(all)),
    match: async (task: MatchTask) => structuredClone(matchHandedRows(structuredClone(task))),
    namePairs: async (names: PairNames) => namePairs(structuredClone(names)),
    digestReport: async (lines: ReportLines) => digestReport(structuredClone(lines)),
  }
  return { plain, byColumns: () => makeRowsReport({ ...ground, ...more, rest }, parts === 1 ? undefined : help) }
}

const rules = checkRules({ tolerance: { EUR: 5n }, rates: { 'USD/EUR': '0.5' } }, gateways)
const exact = [{ pairs: 3, sum: { amount: 9_007_199_254_740_993n, currency: 'EUR' } }]

const id = fc.oneof(
  fc.nat({ max: 400 }).map((at) => `ORD-${String(at).padStart(5, '0')}`),
  fc.string({ unit: fc.constantFrom('a', 'B', '*', 'é', '\uE000', '\u{1F600}', '0'), maxLength: 9 }),
)
const word = fc.oneof(
  fc.constant(''),
  fc.nat({ max: 12 }).map((at) => `ch_00000${at}`),
  fc.nat({ max: 12 }).map((at) => `ch_00000${at}`.slice(0, 9)),
  fc.nat({ max: 6 }).map((at) => `Größe-${at}0000x ORD-0000${at}, ch_0000${at}`),
  fc.constantFrom('ß12345', 'ſ-1-2345', 'ſs12345', 'SS12345 ss-123_45', '12345', '-ab1234', 'a"b', 'one\nline'),
)
const row = fc.record({
  ...{ id, key: word, group: word, text: word },
  cents: fc.oneof(
    fc.constantFrom(100, 100, 100, 103, 200, 50, -100, 0),
    fc.constantFrom(9_007_199_254_740_991, -9_007_199_254_740_991),
  ),
  currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'USD'),
  day: fc.nat({ max: 12 }),
})
/** Some of them twice. */
const rowsWith = (maxLength: number) =>
  fc
    .tuple(fc.uniqueArray(row, { maxLength, selector: (each) => each.id }), fc.nat({ max: 2 }))
    .map(([rows, again]) => [...rows, ...rows.slice(0, again)])

describe('rows as columns', () => {
  it('give the report that plain items give, to the byte, whatever the rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ ours: rowsWith(14), gateway: rowsWith(14) }),
        fc.constantFrom([], exact, [...exact, { pairs: 1, sum: { amount: -5n, currency: 'USD' } }]),
        fc.constantFrom(1, 2),
        async (rows, sums, parts) => {
          const { plain, byColumns } = await both(rows, { exact: sums, rules }, parts)
          const [expected, found] = [plain(), await byColumns()]
          expect(JSON.stringify(found)).toBe(JSON.stringify(expected))
          expect(found).toEqual({ ...expected, explain: found.explain, toJSON: found.toJSON })
          expect(checkProof(found.proof)).toEqual([])
        },
      ),
      { numRuns: 200 },
    )
  })

  const plainRow: Row = { id: '1', key: '', group: '', text: '', cents: 100, currency: 'EUR', day: 0 }
  const numbered = (count: number, more: (at: number) => Partial<Row>): Row[] =>
    Array.from({ length: count }, (_, at) => ({ ...plainRow, id: `id-${(at * 7_919) % 10_007}`, ...more(at) }))

  it.each([
    ['a price that many have', (at: number) => ({ text: `order ${at % 300}-000000 and ch_00000${at % 9}` })],
    ['names that begin alike', (at: number) => ({ text: `reference-${at % 40}`, cents: at % 2 === 0 ? 100 : 102 })],
    ['one order for many', (at: number) => ({ group: `ORD-${at % 3}`, cents: 100 + (at % 7), day: at % 5 })],
    [
      'references of hundreds of letters',
      (at: number) => ({ text: `${at}`.repeat(400), key: `k${at % 100}`.repeat(90) }),
    ],
  ])('give it for %s', async (_, more) => {
    const rows = { ours: numbered(700, more), gateway: numbered(600, (at) => more(at + 1)) }
    const { plain, byColumns } = await both(rows, { exact, rules }, 2)
    expect(JSON.stringify(await byColumns())).toBe(JSON.stringify(plain()))
  })

  it('are refused where one identifier stands for two movements, or for all pairs', async () => {
    const alike = { ours: [plainRow, { ...plainRow, text: 'ch_000001' }], gateway: [] }
    await expect((await both(alike, { exact, rules })).byColumns()).rejects.toThrow(/ours:1 twice/)
    const star = { ours: [{ ...plainRow, id: '*EUR' }], gateway: [] }
    await expect((await both(star, { exact, rules })).byColumns()).rejects.toThrow(/ours:\*EUR twice/)
  })

  it('are read and written down by another thread as by this one', async () => {
    const rows = numbered(50, (at) => ({ key: `ch_${at}`, text: `größe-${at}0000` }))
    const [expected] = await read('gateway', rows, 1)
    const threads = createJoinThreads(1)
    const source = await openMovements(systemDisk, { path: join(folder, 'gateway.csv'), columns: names })
    let place = head.length
    const places = Float64Array.from(
      rows,
      (each) => (place += Buffer.byteLength(lineOf(each))) - Buffer.byteLength(lineOf(each)),
    )
    const found = await threads.rest({ source: await threadSource(source), places, side: 'stripe:' }, undefined)
    expect(found).toEqual(expected)
    const joined = joinRows([], [expected!])
    expect([expected!.bytes.length, expected!.amounts.length]).toEqual([0, 0])
    expect(await threads.number(joined, undefined)).toEqual(numberRows(joined))
    const { table, order } = restTable(joined)
    const { partners, rules: kinds, words, names: ids, nameStage } = joined.work
    const numbers = numbersInOrder(joined, numberRows(joined), order)
    const task = { table, numbers, rules, pairs: { partners, rules: kinds, words } }
    expect(await threads.match(task, undefined)).toEqual(matchHandedRows(task))
    expect(await threads.namePairs({ table, partners, names: ids, nameStage }, undefined)).toBe(0)
    const gone = { ...(await threadSource(source)), path: join(folder, 'gone.csv') as typeof source.file.path }
    expect(await threads.rest({ source: gone, places, side: 'stripe:' }, undefined)).toBe(undefined)
    await source.file.close()
    await threads.close()
  })
})

describe('the order of rows', () => {
  it('is that of their identifiers as text', () => {
    const unit = fc.constantFrom('a', 'b', 'b', 'b', 'é', '\uE000', '\uFFFD', '\u{1F600}')
    const ids = fc.tuple(
      fc.constantFrom('', 'ours:', 'bbbbbb'),
      fc.array(fc.string({ unit, maxLength: 9 }), { maxLength: 120 }),
    )
    fc.assert(
      fc.property(ids, fc.nat({ max: 3 }), ([start, ends], begin) => {
        const texts = ends.map((end) => start + end)
        const columns = new RowColumns(texts.length)
        for (const text of texts) {
          const bytes = Buffer.from(text)
          columns.reserve(bytes.length, 0)
          const from = columns.append(bytes, 0, bytes.length)
          columns.spans.set([from, columns.used], spanWidth * columns.count++)
        }
        const first = Math.min(begin, texts.length)
        const places = texts.map((_, at) => at).slice(first)
        const byText = (a: number, b: number): number =>
          texts[a]! < texts[b]! ? -1 : texts[a]! > texts[b]! ? 1 : a - b
        expect([...sortRows(columns.rows(), first, texts.length)]).toEqual(places.toSorted(byText))
      }),
      { numRuns: 200 },
    )
  })
})

describe('numbers of texts', () => {
  it('are the same for the same bytes and kind, however many there are', () => {
    const words = Array.from({ length: 3_000 }, (_, at) => `word-${at % 1_500}`)
    const bytes = Buffer.from(words.join(''))
    const numbers = new TextNumbers(bytes, 1)
    const known = new Map<string, number>()
    const texts = new Map<number, string>()
    let at = 0
    for (const [place, word] of words.entries()) {
      const kind = place % 3 === 0 ? 1 : 0
      const number = numbers.numberOf(at, at + word.length, kind)
      const name = `${kind} ${word}`
      if (!known.has(name)) known.set(name, known.size)
      expect(number).toBe(known.get(name))
      texts.set(number, word)
      at += word.length
    }
    const { starts, ends } = numbers.places()
    expect(starts).toHaveLength(known.size)
    for (const [number, word] of texts) expect(bytes.toString('utf8', starts[number], ends[number])).toBe(word)
  })
})
