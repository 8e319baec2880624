import type { ConformanceCase } from '@exprsn/core/testing'
import { expectCode, expectThat } from './expect.ts'
import type { GatewaySubject } from './gateway-subject.ts'

type Case = ConformanceCase<GatewaySubject>

/** Charges, captures and voids. */
export const chargeCases: readonly Case[] = [
  {
    name: 'a charge takes the amount once and names payment, key and order',
    async run(subject) {
      const outcome = await charge(subject, 'case/charge', 4990n)
      expectThat(outcome.status === 'succeeded', 'the charge succeeds', outcome)
      const { payment } = outcome
      expectThat(payment.state === 'captured' && payment.captured.amount === 4990n, 'all of it is captured', payment)
      expectThat(payment.captured.currency === subject.currency, 'in its currency', payment)
      expectThat(payment.refunded.amount === 0n && payment.captures.length === 1, 'in one capture', payment)
      const truth = subject.simulator.payments()
      expectThat(truth.length === 1 && truth[0]?.captured === 4990n, 'the gateway holds one payment', truth)
      expectThat(truth[0]?.reference === payment.reference, 'under the reference that came back', truth)
    },
  },
  {
    name: 'the same command with the same key is done once',
    async run(subject) {
      const token = subject.tokens.pays()
      const first = await charge(subject, 'case/twice', 1200n, token)
      const second = await charge(subject, 'case/twice', 1200n, token)
      expectThat(first.status === 'succeeded' && second.status === 'succeeded', 'both succeed', [first, second])
      expectThat(first.payment.reference === second.payment.reference, 'with the same payment', [first, second])
      expectThat(captured(subject) === 1200n, 'and the money was taken once', subject.simulator.payments())
    },
  },
  {
    name: 'the same command at the same time is done once',
    async run(subject) {
      const token = subject.tokens.pays()
      const outcomes = await Promise.all([
        charge(subject, 'case/race', 1500n, token),
        charge(subject, 'case/race', 1500n, token),
      ])
      expectThat(
        outcomes.some(({ status }) => status === 'succeeded'),
        'one succeeds',
        outcomes,
      )
      expectThat(captured(subject) === 1500n, 'and the money was taken once', subject.simulator.payments())
    },
  },
  {
    name: 'a decline is a value, and nothing is taken',
    async run(subject) {
      const outcome = await charge(subject, 'case/decline', 700n, subject.tokens.declines())
      expectThat(outcome.status === 'declined' && outcome.decline.code !== '', 'it is declined with a code', outcome)
      expectThat(captured(subject) === 0n, 'nothing was taken', subject.simulator.payments())
    },
  },
  {
    name: 'what is authorised is taken by a capture',
    async run(subject) {
      const payment = await authorise(subject, 'case/auth', 5000n)
      expectThat(captured(subject) === 0n, 'nothing is taken before', subject.simulator.payments())
      const { currency, gateway } = subject
      const outcome = await gateway.capture({ key: 'case/auth/c', payment, amount: { amount: 5000n, currency } })
      expectThat(
        outcome.status === 'succeeded' && outcome.result.amount.amount === 5000n,
        'the capture succeeds',
        outcome,
      )
      expectThat(captured(subject) === 5000n, 'all is taken', subject.simulator.payments())
    },
  },
  {
    name: 'a capture takes a part, and no more than was authorised',
    async run(subject) {
      const { currency, gateway } = subject
      if (!gateway.capabilities.partialCapture) return
      const payment = await authorise(subject, 'case/part', 5000n)
      const over = await gateway.capture({ key: 'case/part/over', payment, amount: { amount: 900_000n, currency } })
      expectThat(over.status === 'refused', 'more than was authorised is refused', over)
      const part = await gateway.capture({ key: 'case/part/c', payment, amount: { amount: 1999n, currency } })
      expectThat(part.status === 'succeeded', 'a part is taken', part)
      expectThat(captured(subject) === 1999n, 'exactly the part', subject.simulator.payments())
    },
  },
  {
    name: 'several captures add up to no more than was authorised',
    async run(subject) {
      const { currency, gateway } = subject
      if (!gateway.capabilities.multipleCapture) return
      const payment = await authorise(subject, 'case/multi', 5000n)
      const take = (key: string, amount: bigint, final: boolean) =>
        gateway.capture({ key, payment, amount: { amount, currency }, final })
      const outcomes = [await take('case/multi/1', 2000n, false), await take('case/multi/2', 2500n, false)]
      expectThat(
        outcomes.every(({ status }) => status === 'succeeded'),
        'two captures succeed',
        outcomes,
      )
      const over = await take('case/multi/3', 600n, true)
      expectThat(over.status === 'refused', 'a third above the rest is refused', over)
      expectThat(captured(subject) === 4500n, 'two captures are taken', subject.simulator.payments())
      const snapshot = await gateway.fetch({ kind: 'payment', reference: payment })
      expectThat(snapshot?.kind === 'payment' && snapshot.captured.amount === 4500n, 'and seen', snapshot)
      expectThat(new Set(snapshot.captures.map(({ reference }) => reference)).size === 2, 'each by its name', snapshot)
    },
  },
  {
    name: 'a void frees what was authorised',
    async run(subject) {
      const { currency, gateway } = subject
      const payment = await authorise(subject, 'case/void', 5000n)
      const outcome = await gateway.void({ key: 'case/void/v', payment })
      expectThat(outcome.status === 'succeeded' && outcome.result.state === 'voided', 'the void succeeds', outcome)
      const late = await gateway.capture({ key: 'case/void/c', payment, amount: { amount: 5000n, currency } })
      expectThat(late.status === 'refused', 'a capture afterwards is refused', late)
      expectThat(captured(subject) === 0n, 'nothing is taken', subject.simulator.payments())
    },
  },
  {
    name: 'bad input is refused before anything is sent',
    async run(subject) {
      const { gateway, currency, tokens, simulator } = subject
      const before = simulator.requests.length
      const method = { kind: 'token', token: tokens.pays() } as const
      const amount = { amount: 100n, currency }
      const code = 'PAYMENTS_GATEWAY_INPUT_INVALID'
      await expectCode(code, () => gateway.charge({ key: '', amount, method }))
      await expectCode(code, () => gateway.charge({ key: 'case with blanks', amount, method }))
      await expectCode(code, () => gateway.charge({ key: 'case/0', amount: { amount: 0n, currency }, method }))
      await expectCode(code, () => gateway.charge({ key: 'case/-1', amount: { amount: -1n, currency }, method }))
      await expectCode(code, () => gateway.charge({ key: 'case/eur', amount: { amount: 1n, currency: 'eur' }, method }))
      await expectCode(code, () =>
        gateway.charge({ key: 'case/huge', amount: { amount: 10n ** 30n, currency }, method }),
      )
      await expectCode(code, () => gateway.charge({ key: 'case/order', amount, method, order: 'x'.repeat(101) }))
      expectThat(simulator.requests.length === before, 'nothing was sent', simulator.requests)
    },
  },
  {
    name: 'a card number anywhere is refused before anything is sent, and only its end is named',
    async run({ gateway, currency, simulator }) {
      const before = simulator.requests.length
      const amount = { amount: 100n, currency }
      const method = { kind: 'token', token: '4111111111111111' } as const
      const error = await expectCode('PAYMENTS_CARD_NUMBER_REFUSED', () =>
        gateway.charge({ key: 'case/pan', amount, method }),
      )
      expectThat(!JSON.stringify(error).includes('411111111'), 'the number is not repeated', error.message)
      const saved = { kind: 'saved', reference: 'x' } as const
      const description = 'card 5555-5555-5555-4444'
      await expectCode('PAYMENTS_CARD_NUMBER_REFUSED', () =>
        gateway.charge({ key: 'case/pan2', amount, method: saved, description }),
      )
      expectThat(simulator.requests.length === before, 'nothing was sent', simulator.requests)
    },
  },
  {
    name: 'a closed gateway takes no commands',
    async run({ gateway, currency, tokens }) {
      await gateway.close()
      const method = { kind: 'token', token: tokens.pays() } as const
      await expectCode('PAYMENTS_GATEWAY_CLOSED', () =>
        gateway.charge({ key: 'case/closed', amount: { amount: 100n, currency }, method }),
      )
    },
  },
]

/** Charges a token that pays. */
export function charge(subject: GatewaySubject, key: string, amount: bigint, token = subject.tokens.pays()) {
  const { gateway, currency } = subject
  return gateway.charge({ key, amount: { amount, currency }, method: { kind: 'token', token }, order: 'order-1' })
}

/** Authorises and gives the payment's reference. */
export async function authorise(subject: GatewaySubject, key: string, amount: bigint): Promise<string> {
  const { gateway, currency, tokens } = subject
  const method = { kind: 'token', token: tokens.pays() } as const
  const outcome = await gateway.charge({ key, amount: { amount, currency }, method, capture: 'later' })
  expectThat(outcome.status === 'authorised', 'the amount is authorised', outcome)
  expectThat(outcome.payment.authorised.amount === amount, 'all of it', outcome)
  return outcome.payment.reference
}

/** What all payments of the account have taken. */
export function captured({ simulator }: GatewaySubject): bigint {
  return simulator.payments().reduce((sum, payment) => sum + payment.captured, 0n)
}

/** What all payments of the account have given back. */
export function refunded({ simulator }: GatewaySubject): bigint {
  return simulator.payments().reduce((sum, payment) => sum + payment.refunded, 0n)
}
