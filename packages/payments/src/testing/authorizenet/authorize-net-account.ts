import type { Clock, Random } from '@exprsn/core'
import { BalanceBook } from '../simulator/balance-book.ts'
import type {
  BatchRecord,
  NotificationRecord,
  ProfileRecord,
  TokenRecord,
  TransactionRecord,
} from './authorize-net-objects.ts'

const day = 86_400_000
const authorisationLifetime = 30 * day

interface AccountOptions {
  readonly clock: Clock
  readonly random: Random
  readonly currency: string
  readonly onNotification: (notification: NotificationRecord) => void
}

/** Everything that a simulated Authorize.Net account holds. */
export class AuthorizeNetAccount {
  readonly clock: Clock
  readonly currency: string
  readonly transactions = new Map<string, TransactionRecord>()
  readonly batches: BatchRecord[] = []
  readonly tokens = new Map<string, TokenRecord>()
  readonly profiles = new Map<string, ProfileRecord>()
  readonly notifications: NotificationRecord[] = []
  readonly book = new BalanceBook()
  readonly #random: Random
  readonly #onNotification: AccountOptions['onNotification']
  #lastId = 60_000_000_000
  #settledUntil: number
  #settledAt = Number.NaN

  constructor({ clock, random, currency, onNotification }: AccountOptions) {
    this.clock = clock
    this.currency = currency
    this.#random = random
    this.#onNotification = onNotification
    this.#settledUntil = clock.now()
  }

  /** Transactions and batches are named by numbers of eleven digits. */
  createId(): string {
    this.#lastId += 1 + (this.#random.uint32() % 90)
    return String(this.#lastId)
  }

  notify(eventType: string, transaction: TransactionRecord): void {
    const hex = Buffer.from(this.#random.bytes(16)).toString('hex')
    const notification: NotificationRecord = {
      id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
      createdAt: this.clock.now(),
      eventType: `net.authorize.payment.${eventType}${eventType.startsWith('fraud.') ? '' : '.created'}`,
      payload: {
        responseCode: Number(transaction.responseCode),
        authAmount: Number(transaction.amount) / 100,
        invoiceNumber: transaction.invoiceNumber,
        entityName: 'transaction',
        id: transaction.id,
      },
    }
    this.notifications.push(notification)
    this.#onNotification(notification)
  }

  /** Carries out what time alone brings: a batch each midnight (UTC), authorisations that end. */
  settle(): void {
    const now = this.clock.now()
    if (now === this.#settledAt) return
    this.#settledAt = now
    for (const transaction of this.transactions.values()) {
      const over =
        transaction.status === 'authorizedPendingCapture' && transaction.createdAt + authorisationLifetime <= now
      if (over) transaction.status = 'expired'
    }
    for (let midnight = nextMidnight(this.#settledUntil); midnight <= now; midnight += day) this.#settleAt(midnight)
    this.#settledUntil = now
  }

  #settleAt(midnight: number): void {
    const waiting = [...this.transactions.values()].filter(
      ({ status, createdAt }) =>
        (status === 'capturedPendingSettlement' || status === 'refundPendingSettlement') && createdAt < midnight,
    )
    if (waiting.length === 0) return
    const batch: BatchRecord = { id: this.createId(), settledAt: midnight }
    this.batches.push(batch)
    let total = 0n
    for (const transaction of waiting) {
      const refund = transaction.status === 'refundPendingSettlement'
      transaction.status = refund ? 'refundSettledSuccessfully' : 'settledSuccessfully'
      transaction.batch = batch.id
      const gross = refund ? -transaction.settleAmount : transaction.settleAmount
      total += gross
      this.#enter(
        refund ? 'refund' : 'charge',
        gross,
        transaction.id,
        batch,
        refund ? transaction.refTransId : transaction.id,
      )
    }
    // The processor pays each batch out; its fees are billed, not deducted.
    this.#enter('payout', -total, batch.id, batch, undefined)
    this.book.book({
      id: `bank-${batch.id}`,
      bookedOn: new Date(midnight + 2 * day).toISOString().slice(0, 10),
      amount: total,
      currency: this.currency,
      text: `MERCHANT DEPOSIT ${batch.id}`,
      payout: batch.id,
    })
  }

  #enter(
    kind: 'charge' | 'refund' | 'payout',
    gross: bigint,
    source: string,
    batch: BatchRecord,
    payment: string | undefined,
  ): void {
    const at = batch.settledAt
    this.book.add({
      id: `${batch.id}-${source}`,
      kind,
      gross,
      fee: 0n,
      currency: this.currency,
      at,
      availableAt: at,
      source,
      payment,
      payout: batch.id,
    })
  }
}

function nextMidnight(after: number): number {
  return (Math.floor(after / day) + 1) * day
}
