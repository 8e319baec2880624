import { migrate, sqliteDatabase } from '@exprsn/core/database'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLedger, type LedgerEntry, type LedgerLine, type PostOutcome } from './index.ts'

const codes = ['a', 'b', 'c', 'w', 'v'] as const
const kinds = { a: 'asset', b: 'income', c: 'expense', w: 'liability', v: 'asset' } as const
const limited = new Set<string>(['w', 'v'])

/** The books as a plain list of what was posted: every question is answered by adding it all up again. */
class Model {
  readonly posted = new Map<string, { entry: string; lines: readonly LedgerLine[] }>()

  totals(extra: readonly (readonly [string, readonly LedgerLine[]])[] = []) {
    const sums = new Map<string, bigint>()
    const reserves = new Map<string, { debit: string; credit: string; amount: bigint; open: boolean }>()
    const bump = (name: string, by: bigint) => sums.set(name, (sums.get(name) ?? 0n) + by)
    const all = [...[...this.posted].map(([id, { lines }]) => [id, lines] as const), ...extra]
    for (const [id, lines] of all)
      for (const [index, line] of lines.entries()) {
        if (line.kind === 'post' || line.kind === 'release') {
          const held = reserves.get(line.reserve)
          if (!held?.open) return undefined
          held.open = false
          bump(`${held.debit}/rd`, -held.amount)
          bump(`${held.credit}/rc`, -held.amount)
          if (line.kind === 'release') continue
          const amount = line.amount?.amount ?? held.amount
          if (amount > held.amount) return undefined
          bump(`${held.debit}/d`, amount)
          bump(`${held.credit}/c`, amount)
          continue
        }
        const reserving = line.kind === 'reserve'
        bump(`${line.debit}/${reserving ? 'rd' : 'd'}`, line.amount.amount)
        bump(`${line.credit}/${reserving ? 'rc' : 'c'}`, line.amount.amount)
        if (reserving)
          reserves.set(`${id}#${index + 1}`, {
            debit: line.debit,
            credit: line.credit,
            amount: line.amount.amount,
            open: true,
          })
        for (const code of limited) if (this.overdrawn(code, sums)) return undefined
      }
    return sums
  }

  overdrawn(code: string, sums: ReadonlyMap<string, bigint>): boolean {
    const of = (part: string): bigint => sums.get(`${code}/${part}`) ?? 0n
    return kinds[code as 'w'] === 'liability' ? of('d') + of('rd') > of('c') : of('c') + of('rc') > of('d')
  }

  post({ id, lines }: LedgerEntry): PostOutcome['status'] {
    const before = this.posted.get(id)
    if (before !== undefined)
      return JSON.stringify(text(before.lines)) === JSON.stringify(text(lines)) ? 'exists' : 'refused'
    if (this.totals([[id, lines]]) === undefined) return 'refused'
    this.posted.set(id, { entry: id, lines })
    return 'posted'
  }
}

function text(lines: readonly LedgerLine[]): unknown {
  return lines.map((line) => JSON.stringify(line, (_, value) => (typeof value === 'bigint' ? String(value) : value)))
}

const amount = fc.bigInt(1n, 30n).map((minor) => ({ amount: minor, currency: 'EUR' }))
const id = fc.integer({ min: 1, max: 12 }).map((n) => `e${n}`)
const line: fc.Arbitrary<LedgerLine> = fc.oneof(
  fc
    .record({
      kind: fc.constantFrom('transfer' as const, 'reserve' as const),
      debit: fc.constantFrom(...codes),
      credit: fc.constantFrom(...codes),
      amount,
    })
    .filter(({ debit, credit }) => debit !== credit),
  fc.record({ kind: fc.constant('post' as const), reserve: id.map((entry) => `${entry}#1`), amount }),
  fc.record({ kind: fc.constant('release' as const), reserve: id.map((entry) => `${entry}#1`) }),
)
const entries = fc.array(fc.record({ id, lines: fc.array(line, { minLength: 1, maxLength: 3 }) }), {
  minLength: 1,
  maxLength: 30,
})

describe('the ledger against its model', () => {
  it('decides alike and ends with the same balances, one by one or in batches', async () => {
    await fc.assert(
      fc.asyncProperty(entries, fc.boolean(), async (list, batched) => {
        await using database = sqliteDatabase({ path: ':memory:' })
        const ledger = createLedger({ database })
        await migrate(database, [ledger.migrations])
        await ledger.openAccounts(
          codes.map((code) => ({
            code,
            currency: 'EUR',
            kind: kinds[code],
            limit: limited.has(code) ? 'never-negative' : 'none',
          })),
        )
        const model = new Model()
        const expected = list.map((entry) => model.post(entry))
        const outcomes: PostOutcome[] = []
        if (batched) outcomes.push(...(await Promise.all(list.map((entry) => ledger.post(entry)))))
        else for (const entry of list) outcomes.push(await ledger.post(entry))
        expect(outcomes.map(({ status }) => status)).toEqual(expected)
        const sums = model.totals()!
        for await (const { code, debits, credits, reservedDebits, reservedCredits } of ledger.accounts())
          expect([code, debits, credits, reservedDebits, reservedCredits]).toEqual([
            code,
            ...['d', 'c', 'rd', 'rc'].map((part) => sums.get(`${code}/${part}`) ?? 0n),
          ])
        const report = await ledger.verify()
        expect(report.faults).toEqual([])
        expect((await ledger.trialBalance()).balanced).toBe(true)
      }),
      { numRuns: 200 },
    )
  }, 120_000)
})
