import type { GatewayEvent, PaymentSnapshot, RefundSnapshot } from '@exprsn/payments/gateway'

/** A payment as it truly is at the gateway. Amounts in cents. */
export interface TruePayment {
  readonly reference: string
  readonly key: string
  readonly amount: bigint
  state: PaymentSnapshot['state']
  captured: bigint
  readonly refunds: {
    readonly reference: string
    readonly key: string | undefined
    readonly amount: bigint
    failed: boolean
  }[]
}

/**
 * What truly happened at a gateway, whatever anybody was told. It trusts its client blindly: it refunds more than was
 * captured and charges twice if asked to, so that such a mistake shows.
 */
export class GatewayTruth {
  readonly payments = new Map<string, TruePayment>()
  readonly history: GatewayEvent[] = []
  readonly pending: GatewayEvent[] = []
  /** What commands gave, by key: empty when the gateway keeps no keys. */
  readonly answers = new Map<string, unknown>()
  readonly keepsKeys: boolean
  #count = 0
  readonly #now: () => number

  constructor(keepsKeys: boolean, now: () => number) {
    this.keepsKeys = keepsKeys
    this.#now = now
  }

  charge(key: string, amount: bigint, later: boolean, declined: boolean): TruePayment {
    const payment: TruePayment = {
      reference: `pay_${++this.#count}`,
      key,
      amount,
      state: declined ? 'declined' : later ? 'authorised' : 'captured',
      captured: later || declined ? 0n : amount,
      refunds: [],
    }
    this.payments.set(payment.reference, payment)
    this.announce(payment)
    return payment
  }

  capture(payment: TruePayment, amount: bigint): void {
    payment.captured += amount
    payment.state = 'captured'
    this.announce(payment)
  }

  void(payment: TruePayment): void {
    payment.state = 'voided'
    this.announce(payment)
  }

  refund(payment: TruePayment, key: string | undefined, amount: bigint): TruePayment['refunds'][number] {
    const refund = { reference: `re_${++this.#count}`, key, amount, failed: false }
    payment.refunds.push(refund)
    this.announce(payment)
    return refund
  }

  failRefund(payment: TruePayment, refund: TruePayment['refunds'][number]): void {
    refund.failed = true
    this.announce(payment)
  }

  refunded({ refunds }: TruePayment): bigint {
    return refunds.reduce((sum, { amount, failed }) => (failed ? sum : sum + amount), 0n)
  }

  /** An event with the state of this moment. */
  announce(payment: TruePayment): void {
    const event: GatewayEvent = {
      id: `evt_${++this.#count}`,
      type: `payment.${payment.state}`,
      occurredAt: new Date(this.#now()),
      subject: { kind: 'payment', reference: payment.reference },
      snapshot: this.snapshot(payment),
    }
    this.history.push(event)
    this.pending.push(event)
  }

  snapshot(payment: TruePayment): PaymentSnapshot {
    const { reference, key, state, amount, captured, refunds } = payment
    const authorised = state === 'declined' ? 0n : amount
    return {
      kind: 'payment',
      reference,
      key,
      state,
      amount: euros(amount),
      authorised: euros(authorised),
      captured: euros(captured),
      refunded: euros(this.refunded(payment)),
      captures:
        captured === 0n
          ? []
          : [
              {
                kind: 'capture',
                reference: `${reference}/c`,
                payment: reference,
                state: 'succeeded',
                amount: euros(captured),
                fee: euros(feeOf(captured)),
              },
            ],
      refunds: refunds.map((refund) => this.refundSnapshot(payment, refund)),
      decline:
        state === 'declined' ? { reason: 'card_declined', code: 'no', message: 'no', advice: 'later' } : undefined,
    }
  }

  refundSnapshot(
    payment: TruePayment,
    { reference, key, amount, failed }: TruePayment['refunds'][number],
  ): RefundSnapshot {
    return {
      kind: 'refund',
      reference,
      payment: payment.reference,
      key,
      state: failed ? 'failed' : 'succeeded',
      amount: euros(amount),
    }
  }

  /** What the gateway owes its merchant. */
  balance(): bigint {
    let sum = 0n
    for (const payment of this.payments.values())
      sum += payment.captured - feeOf(payment.captured) - this.refunded(payment)
    return sum
  }
}

function feeOf(captured: bigint): bigint {
  return captured / 50n
}

function euros(amount: bigint) {
  return { amount, currency: 'EUR' }
}
