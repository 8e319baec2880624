import { ExprsnError } from '@exprsn/core'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { SimulatedClock } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLedger } from '../../ledger/index.ts'
import { money } from '../../money/index.ts'
import { checkProof, createReconciliation, reconcile, type Reconciliation, type ReconcileInputs } from '../index.ts'

const occurredAt = new Date('2026-11-18T12:00:00Z')
const count = 6
const prices = ['5.00', '5.00', '7.00', '9.00'] as const

/** Orders and lines of which some fit, some nearly, and some not at all. */
function inputsOf(seed: readonly number[]): ReconcileInputs {
  const price = (at: number) => money(prices[seed[at]! % prices.length]!, 'EUR')
  return {
    ours: Array.from({ length: count }, (_, at) => ({
      ...({ id: `${at}`, kind: 'charge', amount: price(at), occurredAt } as const),
      keys: seed[at]! % 3 === 0 ? [`ch_${at}`] : [],
    })),
    settlements: {
      stripe: Array.from({ length: count }, (_, at) => {
        const gross = price(count + at)
        const named = { source: `ch_${at}` }
        return { reference: `${at}`, kind: 'charge', gross, fee: money('0', 'EUR'), net: gross, occurredAt, ...named }
      }),
    },
    statements: [],
  }
}

const [ours, theirs] = [
  fc.nat({ max: count }).map((at) => `ours:${at}`),
  fc.nat({ max: count }).map((at) => `stripe:${at}`),
]
const by = fc.constantFrom('ann', 'ben').map((name) => ({ by: name }))
const item = fc.oneof(ours, theirs)

/** What people may do; much of it is refused. */
const command = fc.oneof(
  fc.record({
    what: fc.constant('match' as const),
    left: fc.array(ours, { minLength: 0, maxLength: 2 }),
    right: fc.array(theirs, { minLength: 0, maxLength: 2 }),
    isStated: fc.boolean(),
    by,
  }),
  fc.record({ what: fc.constant('approve' as const), at: fc.nat({ max: 1 }), by }),
  fc.record({ what: fc.constant('undo' as const), at: fc.nat({ max: 3 }), by }),
  fc.record({
    what: fc.constantFrom(...(['writeOff', 'reopen', 'assign', 'comment'] as const)),
    item,
    by,
  }),
)
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never

async function run(reconciliation: Reconciliation, one: Command, made: string[], amounts: ReadonlyMap<string, bigint>) {
  if (one.what === 'match') {
    const sum = (ids: readonly string[]): bigint => ids.reduce((all, id) => all + (amounts.get(id) ?? 0n), 0n)
    const difference = { amount: sum(one.left) - sum(one.right), currency: 'EUR' }
    made.push(await reconciliation.match({ ...one, ...(one.isStated ? { difference } : {}) }, one.by))
  } else if (one.what === 'approve') await reconciliation.approve(made[one.at] ?? 'match:none', one.by)
  else if (one.what === 'undo') await reconciliation.reopen(made[one.at] ?? 'match:none', one.by)
  else if (!('item' in one)) return
  else if (one.what === 'writeOff') await reconciliation.writeOff(one.item, one.by)
  else if (one.what === 'reopen') await reconciliation.reopen(one.item, one.by)
  else if (one.what === 'assign') await reconciliation.assign(one.item, one.by.by, one.by)
  else await reconciliation.comment(one.item, { ...one.by, note: 'looked at' })
}

/** All that can be seen, so that a refused command can be shown to have done nothing. */
async function seen(reconciliation: Reconciliation) {
  const report = await reconciliation.report()
  const exceptions = await reconciliation.exceptions({ limit: 1_000 })
  const ids = report.proof.items.map(([id]) => id)
  const histories = await Promise.all(ids.map((id) => reconciliation.history(id)))
  return { report, exceptions, histories: histories.map((events) => events.length), hash: report.hash }
}

describe.each([false, true])('the queue of exceptions, with four eyes: %s', (fourEyes) => {
  it(
    'holds whatever people do: nothing is lost or matched twice, what is refused does nothing, all can be undone',
    { timeout: 120_000 },
    async () => {
      const tried = new Map<string, number>()
      const property = fc.asyncProperty(
        fc.array(fc.nat({ max: 11 }), { minLength: 2 * count, maxLength: 2 * count }),
        fc.array(command, { minLength: 1, maxLength: 12 }),
        async (seed, commands) => {
          await using database = sqliteDatabase({ path: ':memory:' })
          const clock = new SimulatedClock()
          const ledger = createLedger({ database, clock })
          const reconciliation = createReconciliation({ database, gateways: ['stripe'], ledger, clock, fourEyes })
          await migrate(database, [ledger.migrations, reconciliation.migrations])
          const inputs = inputsOf(seed)
          const untouched = reconcile(inputs).hash
          await reconciliation.add(inputs)
          let before = await seen(reconciliation)
          expect(before.hash).toBe(untouched)
          const amounts = new Map(before.report.proof.items.map(([id, , , , amount]) => [id, BigInt(amount)]))
          const made: string[] = []
          for (const one of commands) {
            let refused = false
            tried.set(one.what, (tried.get(one.what) ?? 0) + 1)
            try {
              await run(reconciliation, one, made, amounts)
            } catch (error) {
              if (!ExprsnError.is(error) || !/^PAYMENTS_RECONCILE_(REFUSED|UNKNOWN)$/.test(error.code)) throw error
              refused = true
              tried.set(one.what, tried.get(one.what)! - 1)
            }
            const after = await seen(reconciliation)
            if (refused) expect({ ...after, report: undefined }).toEqual({ ...before, report: undefined })
            expect(checkProof(after.report.proof)).toEqual([])
            const open = after.exceptions.map(({ item: id }) => id)
            expect(open).toEqual([...new Set(after.report.exceptions.map(({ item: id }) => id))])
            // What is told of one item is what the report tells of it.
            for (const [id] of after.report.proof.items)
              expect((await reconciliation.explain(id)).exception?.reason).toBe(
                after.report.explain(id).exception?.reason,
              )
            before = after
          }
          // Who proposed never approved.
          for (const { rule, evidence, left, right } of before.report.matches)
            if (rule === 'manual' && fourEyes) {
              const events = await reconciliation.history([...left, ...right][0]!)
              const actorOf = (action: string) => events.findLast((event) => event.action === action)?.actor
              const [proposed, approved] = [actorOf('match proposed'), actorOf('match approved')]
              expect([evidence, proposed]).not.toEqual([evidence, approved])
            }
          for (const id of made)
            await reconciliation.reopen(id, { by: 'cleo' }).catch((error: unknown) => {
              if (!ExprsnError.is(error)) throw error
            })
          for (const { item: id } of await reconciliation.exceptions({ reason: 'written_off' }))
            await reconciliation.reopen(id, { by: 'cleo' })
          expect((await reconciliation.report()).hash).toBe(untouched)
        },
      )
      await fc.assert(property, { numRuns: 60 })
      for (const what of ['match', 'writeOff', 'comment']) expect([what, tried.get(what)! > 0]).toEqual([what, true])
    },
  )
})
