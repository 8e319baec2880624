import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ExprsnError, shuffled } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawRows, type DrawnRows } from '../../../test/reconcile/draw-rows.ts'
import { money } from '../../money/money.ts'
import { CsvRows } from '../../statement/csv/csv-rows.ts'
import { civilDate } from '../../statement/civil-date.ts'
import type { Item } from '../items/item.ts'
import { referenceTokens } from '../items/reference-tokens.ts'
import { matchLeg } from '../match/match-leg.ts'
import { checkProof } from '../proof/check-proof.ts'
import { checkRules } from '../rules.ts'
import { readAmount, readDay } from './read-fields.ts'
import { incomplete, malformed, readRow, rowFields } from './read-row.ts'
import { viewOf } from './byte-view.ts'
import { reconcileFiles, type ReconcileFilesOptions } from './reconcile-files.ts'

let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'exprsn-files-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const rules = { tolerance: { EUR: 5n } }
const oursColumns = { id: 'order', key: 'charge', amount: 'amount', date: 'date', group: 'order', currency: 'currency' }
const gatewayColumns = { ...oursColumns, id: 'transaction', group: undefined, text: 'text' }
const headings = { ours: 'order,charge,amount,date,currency', gateway: 'transaction,charge,amount,date,currency,text' }

function optionsFor(drawn: DrawnRows, more: Partial<ReconcileFilesOptions> = {}, end = '\n'): ReconcileFilesOptions {
  const paths = { ours: join(folder, 'ours.csv'), gateway: join(folder, 'gateway.csv') }
  for (const side of ['ours', 'gateway'] as const)
    writeFileSync(paths[side], [headings[side], ...drawn[side]].join(end) + (more.asOf === undefined ? end : ''))
  return {
    ours: { path: paths.ours, columns: oursColumns },
    gateway: { name: 'stripe', path: paths.gateway, columns: gatewayColumns },
    rules,
    ...more,
  }
}

/** What it must come to: every row is an item, and the plain rules decide about all of them at once. */
function plain({ ours, gateway }: DrawnRows) {
  const itemsOf = (side: 'ours' | 'gateway', rows: readonly string[]): Item[] =>
    rows.map((line) => {
      const [{ fields }] = new CsvRows(',').push(`${line}\n`) as unknown as [{ fields: string[] }]
      const [id, key, value, date, currency, text = ''] = fields as [string, string, string, string, string, string?]
      const amount = money(value, currency)
      return {
        ...{ id: `${side === 'ours' ? 'ours' : 'stripe'}:${id}`, side, amount, fee: 0n, gateways: ['stripe'] },
        ...{ kind: amount.amount < 0n ? 'refund' : 'charge', day: Date.parse(date.slice(0, 10)) / 86_400_000 },
        ...{ keys: key === '' ? [] : [key], groups: side === 'ours' ? [id] : [], name: undefined, payout: undefined },
        tokens: side === 'ours' ? referenceTokens(key, id) : referenceTokens(key, text),
        ...{ original: undefined, reversal: false },
      }
    })
  return matchLeg([...itemsOf('ours', ours), ...itemsOf('gateway', gateway)], checkRules(rules, ['stripe']))
}

const sorted = (texts: readonly string[]): string[] => texts.toSorted()

describe('two files', () => {
  it(
    'give what the plain rules give about all rows at once, in one piece and in parts',
    { timeout: 60_000 },
    async () => {
      for (let seed = 1; seed <= 6; seed++) {
        const drawn = drawRows(seed, 300)
        const { matches, open } = plain(drawn)
        for (const maximumMemory of [1e9, 2_000]) {
          const report = await reconcileFiles(optionsFor(drawn, { maximumMemory }, seed % 2 === 0 ? '\n' : '\r\n'))
          const others = report.matches.filter(({ left }) => !left[0]?.startsWith('ours:*'))
          const shown = new Set(others.map(({ left, right, rule }) => `${rule} ${left.join()} ${right.join()}`))
          const hidden = matches.filter(({ left, right, rule }) => !shown.has(`${rule} ${left.join()} ${right.join()}`))
          // What is not listed is a pair by name, and the numbers and sums of those are told.
          expect(hidden.every(({ rule, left, right }) => rule === 'key' && left.length + right.length === 2)).toBe(true)
          expect(report.exact.reduce((sum, { pairs }) => sum + pairs, 0)).toBe(hidden.length)
          expect(shown.size).toBe(matches.length - hidden.length)
          expect(report.exceptions.map(({ item, reason }) => `${item} ${reason}`)).toEqual(
            sorted(open.map(({ item, reason }) => `${item} ${reason}`)),
          )
          expect(report.rows).toEqual({ ours: drawn.ours.length, gateway: drawn.gateway.length })
          expect(checkProof(report.proof)).toEqual([])
        }
      }
    },
  )

  it('give the same bytes in every order of their rows, however they are parted', { timeout: 60_000 }, async () => {
    const drawn = drawRows(5, 120)
    const expected = await reconcileFiles(optionsFor(drawn))
    const text = JSON.stringify(expected)
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.constantFrom(1e9, 3_000, 500), async (seed, maximumMemory) => {
        const random = new SeededRandom(seed)
        const other = { ours: shuffled(random, drawn.ours), gateway: shuffled(random, drawn.gateway) }
        const report = await reconcileFiles(optionsFor(other, { maximumMemory }))
        expect([report.hash, JSON.stringify(report)]).toEqual([expected.hash, text])
      }),
      { numRuns: 20 },
    )
    const changed = {
      ...drawn,
      ours: drawn.ours.map((row, at) => (at === 7 ? row.replace(/2026-10-\d\d/, '2026-10-29') : row)),
    }
    expect((await reconcileFiles(optionsFor(changed, { asOf: new Date('2026-12-01') }))).hash).not.toBe(expected.hash)
  })

  it('larger than a piece are read over its borders, and progress is told', async () => {
    const drawn = drawRows(3, 24_000)
    const told: number[] = []
    const onProgress = ({ done, total }: { done: number; total: number }): void => void told.push(done / total)
    const options = optionsFor(drawn, { onProgress, asOf: new Date('2026-11-01') })
    const [whole, parted] = [
      await reconcileFiles(options),
      await reconcileFiles({ ...options, maximumMemory: 400_000 }),
    ]
    expect(whole.rows.ours + whole.rows.gateway).toBe(drawn.ours.length + drawn.gateway.length)
    expect(parted.hash).toBe(whole.hash)
    const helped = await reconcileFiles({ ...options, threads: 1 })
    expect([helped.hash, JSON.stringify(helped)]).toEqual([whole.hash, JSON.stringify(whole)])
    expect(told.length).toBeGreaterThan(4)
    expect(Math.max(...told)).toBeGreaterThan(0.9)
    expect(whole.explain(whole.exceptions[0]!.item).exception).toBe(whole.exceptions[0])
    expect(() => whole.explain('ours:none')).toThrow(/knows nothing/)
  })

  it('leave nothing behind when they end early', async () => {
    const options = optionsFor(drawRows(2, 300), { maximumMemory: 1_000, temporaryFolder: folder })
    for (const threads of [0, 1])
      await expect(reconcileFiles({ ...options, threads, signal: AbortSignal.abort() })).rejects.toThrow(/aborted/)
    await reconcileFiles(options)
    expect(readdirSync(folder).filter((name) => name.startsWith('exprsn-'))).toEqual([])
  })

  const good: DrawnRows = { ours: ['o1,c1,1.00,2026-10-01,EUR'], gateway: ['t1,c1,1.00,2026-10-01,EUR,'] }
  it.each([
    ['three decimals', { ours: ['o1,c1,1.000,2026-10-01,EUR'] }, /at byte 34: "1.000" is no amount in EUR/],
    ['a number with an exponent', { ours: ['o1,c1,1e3,2026-10-01,EUR'] }, /"1e3" is no amount/],
    ['30 February', { ours: ['o1,c1,1.00,2026-02-30,EUR'] }, /"2026-02-30" is no date/],
    ['a currency that is none', { ours: ['o1,c1,1.00,2026-02-03,EUX'] }, /EUX/],
    ['a row that is too short', { gateway: ['t1,c1,1.00'] }, /3 fields, not 6/],
    ['a quote without an end', { gateway: ['t1,"c1,1.00,2026-10-01,EUR,'] }, /a quote without an end/],
    ['text behind a quote', { gateway: ['t1,"c"1,1.00,2026-10-01,EUR,'] }, /behind a closing quote/],
    ['a row without an end', { gateway: [`t1,${'x'.repeat(2_000_000)},1.00,2026-10-01,EUR,`] }, /longer than 65536/],
    ['one name for two movements', { ours: ['o1,,1.00,2026-10-01,EUR', 'o1,,2.00,2026-10-01,EUR'] }, /ours:o1 twice/],
  ])('fault: %s is refused', async (_, bad, message) => {
    const wrong = reconcileFiles(optionsFor({ ...good, ...bad }))
    await expect(wrong).rejects.toThrow(message)
    await expect(wrong.catch((error: unknown) => ExprsnError.is(error))).resolves.toBe(true)
  })

  it('fault: other encodings, missing columns and odd options are refused', async () => {
    const options = optionsFor(good)
    writeFileSync(
      options.ours.path,
      Buffer.from('order,charge,amount,date,currency\no\xe9,c1,1.00,2026-10-01,EUR\n', 'latin1'),
    )
    await expect(reconcileFiles(options)).rejects.toThrow(/not UTF-8/)
    const { ours, gateway } = optionsFor(good)
    const columns = { ...oursColumns, key: 'reference' }
    await expect(reconcileFiles({ ours: { ...ours, columns }, gateway })).rejects.toThrow(/no column reference/)
    await expect(reconcileFiles({ ours: { ...ours, separator: ';;' }, gateway })).rejects.toThrow(/separator/)
    const { currency: _, ...without } = oursColumns
    await expect(reconcileFiles({ ours: { ...ours, columns: without }, gateway })).rejects.toThrow(/neither given/)
    for (const threads of [-1, 1.5, 65])
      await expect(reconcileFiles({ ours, gateway, threads })).rejects.toThrow(/no number of threads/)
    await expect(reconcileFiles({ ours, gateway: { ...gateway, name: 'bank' } })).rejects.toThrow(
      /no name of a gateway/,
    )
    await expect(reconcileFiles({ ours: { ...ours, path: join(folder, 'none') }, gateway })).rejects.toThrow(/none/)
    writeFileSync(ours.path, '"order,charge')
    await expect(reconcileFiles({ ours, gateway })).rejects.toThrow(/no line of headings/)
  })

  it('that are empty, repeat a row or carry a mark of their encoding are read', async () => {
    const options = optionsFor({
      ours: [good.ours[0]!, 'o2,,3.00,2026-10-01,EUR', 'o2,,3.00,2026-10-01,EUR', ''],
      gateway: [],
    })
    const report = await reconcileFiles(options)
    expect([report.repeated, report.exceptions.length, report.exact]).toEqual([['ours:o2'], 2, []])
    writeFileSync(options.ours.path, '\uFEFForder;charge;amount;date\n')
    const ours = { path: options.ours.path, separator: ';', decimal: ',', currency: 'EUR' } as const
    const { currency: _, ...columns } = oursColumns
    expect((await reconcileFiles({ ...options, ours: { ...ours, columns } })).rows).toEqual({ ours: 0, gateway: 0 })
    writeFileSync(options.ours.path, 'order;charge;amount;date\no1;c1;1,50;2026-10-01')
    expect((await reconcileFiles({ ...options, ours: { ...ours, columns } })).exceptions[0]!.amount.amount).toBe(150n)
  })
})

describe('fields that are read from bytes', () => {
  const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

  it('are the amounts that money reads', () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom('0', '1', '9', '.', '-', '+', ',', ' '), maxLength: 8 }),
      fc
        .tuple(fc.constantFrom('', '-', '+'), fc.nat(), fc.constantFrom('', '.0', '.05', '.005'))
        .map((all) => all.join('')),
      fc
        .bigInt({ min: 9_007_199_254_740_900n, max: 9_007_199_254_741_100n })
        .map((cents) => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`),
    )
    fc.assert(
      fc.property(text, fc.constantFrom('EUR', 'JPY', 'KWD'), (given, currency) => {
        const bytes = bytesOf(`x${given}x`)
        const found = readAmount(viewOf(bytes), 1, bytes.length - 1, 46, { EUR: 2, JPY: 0, KWD: 3 }[currency])
        let expected = Number.NaN
        try {
          const { amount } = money(given, currency)
          if (amount <= BigInt(Number.MAX_SAFE_INTEGER) && -amount <= BigInt(Number.MAX_SAFE_INTEGER))
            expected = Number(amount)
        } catch {
          // Not an amount for either.
        }
        expect(found).toBe(expected)
      }),
      { numRuns: 2_000 },
    )
  })

  it('are the days of the calendar', () => {
    const part = (min: number, max: number, width: number) =>
      fc.integer({ min, max }).map((value) => String(value).padStart(width, '0'))
    fc.assert(
      fc.property(
        part(1970, 2400, 4),
        part(0, 13, 2),
        part(0, 32, 2),
        fc.constantFrom('', 'T12:00', '5'),
        (y, m, d, more) => {
          const bytes = bytesOf(`${y}-${m}-${d}${more}`)
          const day = civilDate(y, m, d)
          const expected = day === undefined || more === '5' ? -1 : Date.parse(day) / 86_400_000
          expect(readDay(viewOf(bytes), 0, bytes.length)).toBe(expected)
        },
      ),
      { numRuns: 2_000 },
    )
    for (const text of [
      '',
      '2026-1-1',
      '2026/10/01',
      '20261001xx',
      '1969-12-31',
      'x026-10-01',
      '2026-10-0é',
      '202:-01-01',
    ])
      expect(readDay(viewOf(bytesOf(text)), 0, text.length)).toBe(-1)
  })

  it('are the rows that the plain reader gives, wherever the piece ends', () => {
    const unit = fc.constantFrom('a', 'é', ',', '"', '""', '\n', '\r\n', ' ')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), fc.constantFrom(',', ';', '\t', '\u0001'), (drawn, separator) => {
        const text = drawn.replaceAll(',', separator)
        const byte = separator.charCodeAt(0)
        let expected: string[][] | undefined
        try {
          const rows = new CsvRows(separator)
          expected = [...rows.push(text), ...rows.end()].map(({ fields }) => [...fields])
        } catch {
          // Refused by the plain reader: must be refused here.
        }
        const bytes = bytesOf(text)
        const row = rowFields(40)
        const found: string[][] = []
        let at = 0
        while (at < bytes.length) {
          // A piece that ends too early says so.
          for (let end = at; end < bytes.length; end++) {
            const copy = bytes.slice()
            const early = readRow(viewOf(copy), at, end, byte, false, row)
            if (early > 0 || early === malformed) break
            expect([early, copy]).toEqual([incomplete, bytes])
          }
          const next = readRow(viewOf(bytes), at, bytes.length, byte, true, row)
          if (next === malformed) {
            expect(expected).toBeUndefined()
            return
          }
          const fields = Array.from({ length: row.count }, (_, field) =>
            Buffer.from(bytes.subarray(row.places[2 * field], row.places[2 * field + 1])).toString(),
          )
          if (fields.length > 1 || fields[0] !== '' || row.raw !== undefined) found.push(fields)
          at = next
        }
        expect(found).toEqual(expected)
      }),
      { numRuns: 2_000 },
    )
  })
})
