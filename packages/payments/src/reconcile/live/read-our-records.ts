import { sum } from '../../money/arithmetic.ts'
import type { Money } from '../../money/money.ts'
import type { Payment, Transfer } from '../../payments/payment.ts'
import type { Payments } from '../../payments/payments.ts'
import type { OurRecord } from '../items/our-record.ts'

/** Options of {@link readOurRecords}. */
export interface ReadOurRecordsOptions {
  /** Only what was first booked then or later. @default everything */
  readonly since?: Date | undefined
  /** Only what was first booked before then. @default everything */
  readonly until?: Date | undefined
  /** Ends reading. */
  readonly signal?: AbortSignal | undefined
}

/**
 * What `createPayments` has in its records, as `reconcile` takes it: captures, refunds and disputes, dated by the books.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createPayments } from '@exprsn/payments'
 * import { stripeGateway } from '@exprsn/payments/drivers/stripe'
 * import { readOurRecords } from '@exprsn/payments/reconcile'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * await using payments = createPayments({ database, gateways: { stripe: stripeGateway({ apiKey: 'sk_test_1' }) } })
 * await migrate(database, [payments.migrations])
 * console.log(await readOurRecords(payments)) // []
 * ```
 */
export async function readOurRecords(
  payments: Pick<Payments, 'ledger' | 'payment' | 'transfersOf'>,
  { since, until, signal }: ReadOurRecordsOptions = {},
): Promise<readonly OurRecord[]> {
  /** When something was first booked, by the beginning of its entries' names: `payment/<id>`, `refund/<gateway>/<reference>`. */
  const firstBooked = new Map<string, Date>()
  const paymentIds = new Set<string>()
  for await (const { entry, occurredAt } of payments.ledger.journal({ signal })) {
    const name = entry.slice(0, entry.lastIndexOf('/'))
    if (!firstBooked.has(name)) firstBooked.set(name, occurredAt)
    if (name.startsWith('payment/')) paymentIds.add(name.slice('payment/'.length))
  }
  const records: OurRecord[] = []
  for (const id of paymentIds) {
    signal?.throwIfAborted()
    const payment = await payments.payment(id)
    const transfers = (await payments.transfersOf(payment)).filter(
      ({ state }) => state !== 'failed' && state !== 'cancelled',
    )
    const dated = (name: string): Date => firstBooked.get(name) ?? payment.createdAt
    records.push(...chargesOf(payment, transfers, dated(`payment/${id}`)))
    for (const transfer of transfers)
      records.push(
        ...movementsOf(payment, transfer, dated(`${transfer.kind}/${transfer.gateway}/${transfer.reference}`)),
      )
  }
  return records.filter(
    ({ occurredAt }) => (since === undefined || occurredAt >= since) && (until === undefined || occurredAt < until),
  )
}

/** One record for each capture, or one for all where the gateway does not name them. */
function chargesOf(payment: Payment, transfers: readonly Transfer[], occurredAt: Date): OurRecord[] {
  const { id, captured, key, reference } = payment
  if (captured.amount === 0n) return []
  const captures = transfers.filter(({ kind }) => kind === 'capture')
  const base = { ...shared(payment), kind: 'charge', occurredAt } as const
  if (
    captures.length === 0 ||
    sum(
      captures.map(({ amount }) => amount),
      captured.currency,
    ).amount !== captured.amount
  )
    return [{ ...base, id, amount: captured, keys: present(key, reference) }]
  return captures.map((capture) => ({
    ...base,
    id: captures.length === 1 ? id : `${id}/${capture.reference}`,
    amount: capture.amount,
    keys: present(capture.reference, capture.key, captures.length === 1 ? key : undefined),
  }))
}

function movementsOf(payment: Payment, transfer: Transfer, occurredAt: Date): OurRecord[] {
  const { kind, reference, amount, withdrawn, reinstated, key } = transfer
  const record = (name: OurRecord['kind'], value: Money): OurRecord => ({
    ...{ ...shared(payment), id: `${name}/${reference}`, kind: name, amount: value, occurredAt },
    keys: present(reference, key),
  })
  if (kind === 'refund') return [record('refund', negative(amount))]
  if (kind !== 'dispute') return []
  return [
    ...(withdrawn.amount === 0n ? [] : [record('dispute', negative(withdrawn))]),
    ...(reinstated.amount === 0n ? [] : [record('dispute_reversal', reinstated)]),
  ]
}

function shared({ gateway, reference, order }: Payment): Pick<OurRecord, 'gateway' | 'payment' | 'order'> {
  return { gateway, payment: reference, order }
}

function present(...names: readonly (string | undefined)[]): string[] {
  return names.filter((name) => name !== undefined)
}

function negative({ amount, currency }: Money): Money {
  return { amount: -amount, currency }
}
