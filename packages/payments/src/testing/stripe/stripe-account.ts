import type { Clock, Random } from '@exprsn/core'
import { BalanceBook, type BalanceEntry } from '../simulator/balance-book.ts'
import { renderCharge, renderDispute, renderIntent, renderMethod, renderPayout, renderRefund } from './render.ts'
import type {
  ChargeRecord,
  CustomerRecord,
  DisputeRecord,
  EventRecord,
  IntentRecord,
  MethodRecord,
  PayoutRecord,
  RefundRecord,
} from './stripe-objects.ts'

const day = 86_400_000

/** How long a card authorisation holds (docs.stripe.com/payments/place-a-hold-on-a-payment-method: 7 days for most). */
export const authorisationLifetime = 7 * day
/** When a payment's money is free to be paid out. */
export const settlementDelay = 2 * day
/** When a payout arrives at the bank. */
export const payoutDelay = 2 * day
/** What Stripe takes for a dispute, in minor units. */
export const disputeFee = 1500

interface AccountOptions {
  readonly clock: Clock
  readonly random: Random
  readonly onEvent: (event: EventRecord) => void
}

/** Everything that a simulated Stripe account holds, and the movements between states that no request asks for. */
export class StripeAccount {
  readonly clock: Clock
  readonly intents = new Map<string, IntentRecord>()
  readonly charges = new Map<string, ChargeRecord>()
  readonly refunds = new Map<string, RefundRecord>()
  readonly disputes = new Map<string, DisputeRecord>()
  readonly payouts = new Map<string, PayoutRecord>()
  readonly customers = new Map<string, CustomerRecord>()
  readonly methods = new Map<string, MethodRecord>()
  readonly events: EventRecord[] = []
  readonly book = new BalanceBook()
  readonly #random: Random
  readonly #onEvent: AccountOptions['onEvent']
  #settledAt = Number.NaN

  constructor({ clock, random, onEvent }: AccountOptions) {
    this.clock = clock
    this.#random = random
    this.#onEvent = onEvent
  }

  /** An identifier as Stripe's look like. */
  createId(prefix: string): string {
    return `${prefix}_${Buffer.from(this.#random.bytes(12)).toString('hex')}`
  }

  /** What Stripe keeps of a payment by card in its home country: 2.9 % and 30 minor units; whole where there are no others. */
  feeOf(amount: number, currency: string): number {
    const fee = Math.round((amount * 29) / 1000) + 30
    return currency === 'isk' || currency === 'ugx' ? Math.ceil(fee / 100) * 100 : fee
  }

  enter(entry: Omit<BalanceEntry, 'id' | 'at'>): BalanceEntry {
    return this.book.add({ ...entry, id: this.createId('txn'), at: this.clock.now() })
  }

  emit(type: string, object: unknown): void {
    const event = { id: this.createId('evt'), createdAt: this.clock.now(), type, object }
    this.events.push(event)
    this.#onEvent(event)
  }

  emitIntent(type: string, intent: IntentRecord): void {
    this.emit(type, renderIntent(this, intent, new Set()))
  }

  emitCharge(type: string, charge: ChargeRecord): void {
    this.emit(type, renderCharge(this, charge, new Set()))
  }

  emitRefund(type: string, refund: RefundRecord): void {
    this.emit(type, renderRefund(refund))
  }

  emitDispute(type: string, dispute: DisputeRecord): void {
    this.emit(type, renderDispute(this, dispute))
  }

  emitPayout(type: string, payout: PayoutRecord): void {
    this.emit(type, renderPayout(payout))
  }

  emitMethod(type: string, method: MethodRecord): void {
    this.emit(type, renderMethod(this, method))
  }

  /** Carries out what time alone brings: authorisations end, payouts arrive. */
  settle(): void {
    const now = this.clock.now()
    if (now === this.#settledAt) return
    this.#settledAt = now
    for (const charge of this.charges.values()) {
      const intent = this.intents.get(charge.intent)!
      if (intent.status === 'requires_capture' && intent.charge === charge.id && charge.captureBefore <= now) {
        Object.assign(intent, { status: 'canceled', capturable: 0, cancellationReason: 'automatic', canceledAt: now })
        this.emitCharge('charge.expired', charge)
        this.emitIntent('payment_intent.canceled', intent)
      }
    }
    for (const payout of this.payouts.values()) {
      if (payout.status === 'in_transit' && payout.arrivalAt <= now) this.#arrive(payout)
    }
  }

  #arrive(payout: PayoutRecord): void {
    payout.status = 'paid'
    this.book.book({
      id: `bank-${payout.id}`,
      bookedOn: new Date(payout.arrivalAt).toISOString().slice(0, 10),
      amount: BigInt(payout.amount),
      currency: payout.currency.toUpperCase(),
      text: `STRIPE PAYOUT ${payout.id}`,
      payout: payout.id,
    })
    this.emitPayout('payout.paid', payout)
  }
}
