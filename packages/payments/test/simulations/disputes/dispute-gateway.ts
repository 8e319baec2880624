import type { SeededRandom } from '@exprsn/core/testing'
import {
  gatewayErrors,
  type DisputeSnapshot,
  type OperationOutcome,
  type PaymentGateway,
  type PaymentSnapshot,
} from '@exprsn/payments/gateway'
import type { DisputeTruth } from './dispute-truth.ts'

/** One process's view of the gateway, over a network that loses commands and answers. */
export function disputeGateway(options: {
  readonly truth: DisputeTruth
  readonly answers: Map<string, OperationOutcome<DisputeSnapshot>>
  readonly random: SeededRandom
  readonly calm: () => boolean
  readonly hit: (fault: string) => void
  readonly step: (phase: string) => Promise<void>
}): PaymentGateway {
  const { truth, answers, random, calm, hit, step } = options
  const strikes = (chance: number): boolean => !calm() && random.uint32() % chance === 0
  const unknown = () => ({
    status: 'unknown' as const,
    error: gatewayErrors.PAYMENTS_GATEWAY_UNAVAILABLE({ gateway: 'sim', reason: 'simulated' }),
  })

  async function command(
    key: string,
    reference: string,
    work: (dispute: NonNullable<ReturnType<DisputeTruth['disputes']['get']>>) => boolean,
  ): Promise<OperationOutcome<DisputeSnapshot>> {
    await step('before-call')
    if (strikes(6)) {
      hit('command/lost')
      return unknown()
    }
    // A gateway that keeps keys: a repetition is the first.
    if (!answers.has(key)) {
      const dispute = truth.disputes.get(reference)!
      const refusal = { reason: 'wrong_state', code: 'state', message: 'It takes none now.' } as const
      answers.set(
        key,
        work(dispute) ? { status: 'succeeded', result: truth.snapshot(dispute) } : { status: 'refused', refusal },
      )
    }
    if (strikes(5)) {
      hit('command/unanswered')
      return unknown()
    }
    await step('after-call')
    return answers.get(key)!
  }

  const payment = (reference: string): PaymentSnapshot => {
    const amount = { amount: 5_000n, currency: 'EUR' }
    const nothing = { amount: 0n, currency: 'EUR' }
    return {
      ...{
        kind: 'payment',
        reference,
        key: reference,
        state: 'captured',
        amount,
        authorised: amount,
        captured: amount,
      },
      ...{ refunded: nothing, captures: [], refunds: [] },
    }
  }
  const none = (): never => {
    throw gatewayErrors.PAYMENTS_GATEWAY_NOT_SUPPORTED({ gateway: 'sim', operation: 'this' })
  }

  return {
    name: 'sim',
    capabilities: {
      ...{ authorise: false, authorisationLifetime: 0, partialCapture: false, multipleCapture: false },
      ...{ partialRefund: false, refundNeedsSettlement: false, voidAfterCapture: false, redirect: false },
      ...{
        savedMethods: false,
        offSession: false,
        payouts: [],
        disputes: true,
        acceptDispute: true,
        submitEvidence: true,
      },
      ...{ webhooks: true, eventHistory: true, settlements: false, idempotency: { kind: 'key', window: 864e5 } },
      currencies: 'any',
    },
    charge: async ({ key }) => ({ status: 'succeeded', payment: payment(key) }),
    acceptDispute: ({ key, dispute }) => command(key, dispute, (found) => truth.concede(found)),
    submitEvidence: ({ key, dispute }) => command(key, dispute, (found) => truth.takeEvidence(found)),
    lookup: async ({ key }) => ({
      found: true,
      operation: 'charge',
      outcome: { status: 'succeeded', payment: payment(key) },
    }),
    async fetch({ kind, reference }) {
      await step('lookup')
      const dispute = truth.disputes.get(reference)
      if (kind === 'payment') return payment(reference)
      return dispute && truth.snapshot(dispute)
    },
    async *events({ since }) {
      await step('lookup')
      yield* truth.history.filter(({ occurredAt }) => occurredAt >= since)
    },
    async *settlements() {},
    receive: async ({ body }) => {
      const id = Buffer.from(body).toString()
      return { verified: true, events: truth.history.filter((event) => event.id === id) }
    },
    ...{
      resume: async () => none(),
      capture: async () => none(),
      void: async () => none(),
      refund: async () => none(),
    },
    ...{ payout: async () => none(), createCustomer: async () => none(), saveMethod: async () => none() },
    removeMethod: async () => none(),
    close: async () => {},
    async [Symbol.asyncDispose]() {},
  }
}
