import { randomBelow, shuffled } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GatewaySnapshot, PaymentSnapshot } from '../gateway/snapshot.ts'
import { createLedger } from '../ledger/create-ledger.ts'
import { applySnapshot } from './apply-snapshot.ts'
import { paymentMigrations } from './migrations.ts'
import { newPayment } from './prepare-command.ts'
import { paymentStore } from './payment-store.ts'

const euros = (amount: bigint) => ({ amount, currency: 'EUR' })

/** The history of one payment as its gateway tells it: every state once, with refunds and a dispute at the end. */
function history(random: SeededRandom): GatewaySnapshot[] {
  const reports: GatewaySnapshot[] = []
  const report = (state: PaymentSnapshot['state'], captured: bigint, more: Partial<PaymentSnapshot> = {}): void => {
    const authorised = state === 'requires_action' ? 0n : 1_000n
    const refunded = euros((more.refunds ?? []).reduce((sum, { amount }) => sum + amount.amount, 0n))
    const amounts = { amount: euros(1_000n), authorised: euros(authorised), captured: euros(captured), refunded }
    reports.push({ kind: 'payment', reference: 'pi', state, ...amounts, captures: [], refunds: [], ...more })
  }
  report('requires_action', 0n)
  report('pending', 0n)
  report('authorised', 0n)
  if (randomBelow(random, 4) === 0) {
    report('voided', 0n)
    return reports
  }
  if (randomBelow(random, 2) === 0) report('authorised', 300n)
  const capture = { kind: 'capture', reference: 'ch', payment: 'pi', state: 'succeeded', amount: euros(900n) } as const
  report('captured', 900n, { captures: [capture] })
  report('captured', 900n, { captures: [{ ...capture, fee: euros(29n) }] })
  for (let n = 0; n < 3; n++) {
    const refund = { kind: 'refund', reference: `re${n}`, payment: 'pi', amount: euros(100n) } as const
    reports.push({ ...refund, state: 'pending' }, { ...refund, state: 'succeeded' })
    if (randomBelow(random, 3) === 0) reports.push({ ...refund, state: 'failed', failure: 'closed account' })
  }
  const dispute = {
    kind: 'dispute',
    reference: 'dp',
    payment: 'pi',
    amount: euros(600n),
    reason: 'fraudulent',
  } as const
  const taken = { withdrawn: euros(600n), reinstated: euros(0n), fee: euros(15n) }
  reports.push({ ...dispute, ...taken, state: 'needs_response' }, { ...dispute, ...taken, state: 'under_review' })
  reports.push({ ...dispute, ...taken, state: 'lost' })
  if (randomBelow(random, 2) === 0)
    reports.push({ ...dispute, ...taken, reinstated: euros(600n), fee: euros(0n), state: 'won' })
  const payout = { kind: 'payout', reference: 'po', amount: euros(200n) } as const
  reports.push({ ...payout, state: 'pending' }, { ...payout, state: 'in_transit' }, { ...payout, state: 'paid' })
  if (randomBelow(random, 3) === 0) reports.push({ ...payout, state: 'failed' })
  return reports
}

/** Applies reports in this order and gives the end: the records, and the balances of the books. */
async function endOf(reports: readonly GatewaySnapshot[]): Promise<unknown> {
  await using database = sqliteDatabase({ path: ':memory:' })
  await migrate(database, [paymentMigrations])
  const store = paymentStore('sqlite', {})
  const ledger = createLedger({ database })
  const payment = newPayment('p', { gateway: 'sim', key: 'k', order: undefined, amount: euros(1_000n), now: 0 })
  await store.insertPayment(database, payment, 'later', undefined)
  for (const report of reports)
    await database.transaction((tx) =>
      applySnapshot({ store, ledger, now: 0, onChange: undefined }, tx, { gateway: 'sim', payment: 'p' }, report),
    )
  const balances: unknown[] = []
  for await (const { code, balance, reservedDebits, reservedCredits } of ledger.accounts())
    if (balance !== 0n || reservedDebits !== 0n) balances.push([code, balance, reservedDebits, reservedCredits])
  expect((await ledger.verify()).faults).toEqual([])
  expect((await ledger.trialBalance()).balanced).toBe(true)
  const { state, authorised, captured, refunded } = (await store.payment(database, 'p'))!.payment
  const transfers = [
    ...(await store.transfersOf(database, 'p')),
    ...(await store.transfersOfKind(database, 'payout', 10)),
  ]
  return { state, authorised, captured, refunded, transfers, balances }
}

describe('reports of a gateway', () => {
  it('come to the same end in every order, and told twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), async (seed) => {
        const random = new SeededRandom(seed)
        const reports = history(random)
        const inOrder = await endOf(reports)
        const doubled = [...reports, ...reports.filter(() => randomBelow(random, 3) === 0)]
        expect(await endOf(shuffled(random, doubled))).toEqual(inOrder)
      }),
      { numRuns: 200 },
    )
  }, 120_000)

  it('ends where the last report ends', async () => {
    const paid = { kind: 'payout', reference: 'po', amount: euros(200n), state: 'paid' } as const
    expect(await endOf([paid, { ...paid, state: 'pending' }])).toMatchObject({
      transfers: [{ state: 'paid' }],
      balances: [
        ['assets:bank:EUR', 200n, 0n, 0n],
        ['assets:gateway:sim:EUR', -200n, 0n, 0n],
      ],
    })
    const mail = await endOf([{ ...paid, state: 'cancelled' }])
    expect(mail).toMatchObject({ balances: [] })
  })
})
