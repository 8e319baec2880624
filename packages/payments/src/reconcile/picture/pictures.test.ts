import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { describe, expect, it } from 'vitest'
import { generateBooks } from '../../../test/reconcile/generate-books.ts'
import { outcomesPicture } from '../../dispute/report/outcomes-picture.ts'
import { movementsIn } from '../movements/movements-in.ts'
import { cashPosition } from '../position/cash-position.ts'
import { reconcile } from '../reconcile.ts'
import { createReconciliation } from '../store/create-reconciliation.ts'
import { agingIn, readAging } from './aging.ts'
import { agingPicture } from './aging-picture.ts'
import { cashPicture } from './cash-picture.ts'
import { exceptionsPage } from './exceptions-page.ts'
import { bar } from './svg.ts'

const rules = { tolerance: { EUR: 10n } }
const asOf = '2026-12-31'

/** Every element is closed, no number is broken, nothing comes from elsewhere and nothing runs. */
function checkPicture(picture: string): void {
  expect(picture).not.toMatch(/NaN|Infinity|undefined|<script|href=|onload/)
  const open: string[] = []
  for (const [, end, name, self] of picture.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (end === '/') expect(open.pop()).toBe(name)
    else if (self !== '/') open.push(name!)
  }
  expect(open).toEqual([])
}

describe('pictures', () => {
  it('of a month are whole, and the same twice', async () => {
    const books = await generateBooks(7, 120)
    const report = reconcile({ ...books, rules })
    const ages = agingIn(books, report, { asOf, rules })
    const open = new Set(report.exceptions.map(({ item }) => item))
    expect(ages.reduce((sum, each) => sum + each.open, 0)).toBeGreaterThan(0)
    expect(ages.reduce((sum, each) => sum + each.open, 0)).toBeLessThanOrEqual(open.size)
    checkPicture(agingPicture(ages))
    const positions = cashPosition(movementsIn(books, report, rules))
    for (const position of positions) {
      checkPicture(cashPicture(position))
      expect(cashPicture(position)).toBe(cashPicture(position))
    }
    await using database = sqliteDatabase({ path: ':memory:' })
    const reconciliation = createReconciliation({ database, gateways: Object.keys(books.settlements), rules })
    await migrate(database, [reconciliation.migrations])
    await reconciliation.add(books)
    expect(await readAging({ database, asOf })).toEqual(ages)
    const page = exceptionsPage(await reconciliation.exceptions(), ages)
    expect(page).toContain('<h2>missing (')
  })

  it('of nothing are whole', () => {
    checkPicture(agingPicture([]))
    checkPicture(cashPicture({ currency: 'EUR', days: [] }))
    const none = { name: 'all', cases: 0, open: 0, won: 0, lost: 0, accepted: 0, expired: 0, winRate: undefined }
    checkPicture(outcomesPicture({ all: none, byGateway: [], byNetwork: [], byFamily: [], amounts: [] }))
  })

  it('of debts show them below nothing', () => {
    const eur = (amount: bigint) => ({ amount, currency: 'EUR' })
    const day = (total: bigint) => ({
      day: '2026-11-02',
      atGateways: { s: eur(total) },
      inTransit: eur(0n),
      atBank: eur(0n),
      total: eur(total),
    })
    const picture = cashPicture({ currency: 'EUR', days: [day(500n), day(-300n)] })
    checkPicture(picture)
    expect(picture).toContain('>-3.00<')
  })

  it('show how disputes ended, with the share that was won', () => {
    const group = { name: 'fraud', cases: 10, open: 1, won: 6, lost: 2, accepted: 1, expired: 0, winRate: 0.75 }
    const picture = outcomesPicture({
      all: { ...group, name: 'all' },
      byGateway: [],
      byNetwork: [],
      byFamily: [group],
      amounts: [],
    })
    checkPicture(picture)
    expect(picture).toContain('75 % won')
    expect(picture).toContain('fraud: 6 won')
  })

  it('hostile names stand in pictures and pages as text', () => {
    checkPicture(`<svg>${bar(0, 0, 1, 1, '#fff', '<script>"&')}</svg>`)
    const amount = { amount: 100n, currency: 'EUR' }
    const page = exceptionsPage(
      [{ item: 'bank:<script>', reason: 'missing', amount, action: '=cmd()"<b>', candidates: [], assignee: "o'neil" }],
      [],
    )
    expect(page).toContain('bank:&lt;script&gt;')
    expect(page).toContain('=cmd()&quot;&lt;b&gt;')
    expect(page).not.toContain('<b>')
  })

  it('bad input: ages by a day that no calendar has', () => {
    expect(() =>
      agingIn({ ours: [], settlements: {}, statements: [] }, { exceptions: [] }, { asOf: '2026-02-30' }),
    ).toThrow('is no day')
  })
})
