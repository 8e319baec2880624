import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { describe, expect, it } from 'vitest'
import { generateBooks } from '../../../test/reconcile/generate-books.ts'
import { reconcile } from '../reconcile.ts'
import { createReconciliation } from '../store/create-reconciliation.ts'
import { movementsIn } from './movements-in.ts'
import { readMovements } from './read-movements.ts'

const rules = { tolerance: { EUR: 10n } }

describe('movements', () => {
  it('of the store are those of memory, for a whole month', async () => {
    const books = await generateBooks(7, 120)
    const report = reconcile({ ...books, rules })
    const inMemory = movementsIn(books, report, rules)
    await using database = sqliteDatabase({ path: ':memory:' })
    const gateways = Object.keys(books.settlements)
    const reconciliation = createReconciliation({ database, gateways, rules })
    await migrate(database, [reconciliation.migrations])
    await reconciliation.add(books)
    expect(await readMovements({ database })).toEqual(inMemory)
    const day = inMemory[Math.floor(inMemory.length / 2)]!.day
    const [before, after] = [
      await readMovements({ database, until: day }),
      await readMovements({ database, since: day }),
    ]
    expect([...before, ...after]).toEqual(inMemory)
  })

  it('name the day on which a payout came, and the gateway of the bank’s entry', async () => {
    const books = await generateBooks(7, 120)
    const report = reconcile({ ...books, rules })
    const movements = movementsIn(books, report, rules)
    const byId = new Map(movements.map((movement) => [movement.id, movement]))
    const matched = report.matches.filter(({ right }) => right.some((id) => id.startsWith('bank:')))
    expect(matched.length).toBeGreaterThan(0)
    for (const { left, right } of matched) {
      const last = right
        .map((id) => byId.get(id)!.day)
        .toSorted()
        .at(-1)
      for (const id of left)
        expect(byId.get(id)).toMatchObject({ kind: expect.stringContaining('payout'), arrivedOn: last })
      for (const id of right) expect(byId.get(id)!.gateway).toBe(left[0]!.split(':')[0])
    }
  })
})
