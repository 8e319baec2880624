import { sleep, type Clock } from '@exprsn/core'
import type { SeededRandom } from '@exprsn/core/testing'
import {
  gatewayErrors,
  type OperationOutcome,
  type PaymentGateway,
  type PaymentSnapshot,
} from '@exprsn/payments/gateway'
import type { GatewayTruth, TruePayment } from './gateway-truth.ts'

/** What may happen to a call, as one chance in so many; 0 for never. */
export interface GatewayChances {
  readonly lost: number
  readonly unanswered: number
  readonly late: number
  readonly limited: number
}

/** One process's view of the gateway, over a network that loses things. */
export function simulatedGateway(options: {
  readonly truth: GatewayTruth
  readonly clock: Clock
  readonly random: SeededRandom
  readonly chances: () => GatewayChances
  readonly hit: (fault: string) => void
  /** A point at which the process may end. */
  readonly step: (phase: string) => Promise<void>
}): PaymentGateway {
  const { truth, clock, random, chances, hit, step } = options
  const strikes = (chance: number): boolean => chance > 0 && random.uint32() % chance === 0
  const unknown = (): {
    readonly status: 'unknown'
    readonly error: ReturnType<typeof gatewayErrors.PAYMENTS_GATEWAY_UNAVAILABLE>
  } => ({
    status: 'unknown',
    error: gatewayErrors.PAYMENTS_GATEWAY_UNAVAILABLE({ gateway: 'sim', reason: 'simulated' }),
  })

  /** A command on its way there and back. */
  async function command<Answer>(key: string, work: () => Answer): Promise<Answer | ReturnType<typeof unknown>> {
    await step('before-call')
    const once = (): Answer => {
      if (!truth.keepsKeys) return work()
      if (!truth.answers.has(key)) truth.answers.set(key, work())
      return truth.answers.get(key) as Answer
    }
    await sleep(random.uint32() % 2_000, { clock })
    if (strikes(chances().limited)) {
      hit('limited')
      throw gatewayErrors.PAYMENTS_GATEWAY_RATE_LIMITED({ gateway: 'sim' })
    }
    if (strikes(chances().lost)) {
      hit('lost')
      return unknown()
    }
    if (strikes(chances().late)) {
      hit('late')
      clock.setTimer(() => void once(), 1_000 + (random.uint32() % 60_000))
      return unknown()
    }
    const answer = once()
    if (strikes(chances().unanswered)) {
      hit('unanswered')
      await step('unanswered')
      return unknown()
    }
    await sleep(random.uint32() % 2_000, { clock })
    await step('after-call')
    return answer
  }

  const find = (reference: string): TruePayment => truth.payments.get(reference)!
  const outcomeOf = (snapshot: PaymentSnapshot) =>
    snapshot.state === 'declined'
      ? ({ status: 'declined', decline: snapshot.decline!, payment: snapshot } as const)
      : ({ status: snapshot.state === 'authorised' ? 'authorised' : 'succeeded', payment: snapshot } as const)
  const refuse = (): OperationOutcome<never> => ({
    status: 'refused',
    refusal: { reason: 'wrong_state', code: 'state', message: 'no' },
  })
  const none = (): never => {
    throw gatewayErrors.PAYMENTS_GATEWAY_NOT_SUPPORTED({ gateway: 'sim', operation: 'this' })
  }

  return {
    name: 'sim',
    capabilities: {
      authorise: true,
      authorisationLifetime: 604_800_000,
      partialCapture: true,
      multipleCapture: false,
      partialRefund: true,
      refundNeedsSettlement: false,
      voidAfterCapture: false,
      redirect: false,
      savedMethods: false,
      offSession: false,
      payouts: [],
      disputes: false,
      acceptDispute: false,
      submitEvidence: false,
      webhooks: true,
      eventHistory: true,
      settlements: false,
      idempotency: truth.keepsKeys ? { kind: 'key', window: 86_400_000 } : { kind: 'lookup' },
      currencies: 'any',
    },
    charge: ({ key, amount, capture, method }) =>
      command(key, () => {
        const declined = method.kind === 'token' && method.token === 'declines'
        return outcomeOf(truth.snapshot(truth.charge(key, amount.amount, capture === 'later', declined)))
      }),
    capture: ({ key, payment, amount }) =>
      command(key, (): OperationOutcome<never> => {
        const found = find(payment)
        if (found.state !== 'authorised') return refuse()
        truth.capture(found, amount.amount)
        const snapshot = truth.snapshot(found)
        return { status: 'succeeded', result: { ...snapshot.captures[0]!, key } as never, payment: snapshot }
      }),
    void: ({ key, payment }) =>
      command(key, (): OperationOutcome<PaymentSnapshot> => {
        const found = find(payment)
        if (found.state !== 'authorised') return refuse()
        truth.void(found)
        return { status: 'succeeded', result: truth.snapshot(found) }
      }),
    refund: ({ key, payment, amount }) =>
      command(key, () => {
        const found = find(payment)
        const refund = truth.refund(found, key, amount.amount)
        return {
          status: 'succeeded' as const,
          result: truth.refundSnapshot(found, refund),
          payment: truth.snapshot(found),
        }
      }),
    async lookup({ operation, key, payment, sentAt }) {
      await step('lookup')
      await sleep(random.uint32() % 1_000, { clock })
      const missing = { found: false, conclusive: clock.now() - sentAt.getTime() >= 600_000 } as const
      if (operation === 'charge') {
        const made = [...truth.payments.values()].find((each) => each.key === key)
        return made === undefined ? missing : { found: true, operation, outcome: outcomeOf(truth.snapshot(made)) }
      }
      const on = truth.payments.get(payment ?? '')
      if (on === undefined) return missing
      const snapshot = truth.snapshot(on)
      if (operation === 'refund') {
        const refund = on.refunds.find((each) => each.key === key)
        if (refund === undefined) return missing
        return {
          found: true,
          operation,
          outcome: { status: 'succeeded', result: truth.refundSnapshot(on, refund), payment: snapshot },
        }
      }
      const done = operation === 'void' ? on.state === 'voided' : on.captured > 0n
      if (!done) return missing
      const result = operation === 'void' ? snapshot : snapshot.captures[0]!
      return {
        found: true,
        operation: operation as 'void',
        outcome: { status: 'succeeded', result, payment: snapshot },
      }
    },
    async fetch({ reference }) {
      await step('fetch')
      const found = truth.payments.get(reference)
      const snapshot = found && truth.snapshot(found)
      await sleep(random.uint32() % 1_000, { clock })
      return snapshot
    },
    async *events({ since }) {
      for (const event of [...truth.history]) if (event.occurredAt >= since) yield event
    },
    async *settlements() {},
    receive: async ({ body }) => {
      const id = Buffer.from(body).toString()
      return { verified: true, events: truth.history.filter((event) => event.id === id) }
    },
    resume: async () => none(),
    payout: async () => none(),
    createCustomer: async () => none(),
    saveMethod: async () => none(),
    removeMethod: async () => none(),
    acceptDispute: async () => none(),
    submitEvidence: async () => none(),
    close: async () => {},
    async [Symbol.asyncDispose]() {},
  }
}
