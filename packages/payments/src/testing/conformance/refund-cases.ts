import type { ConformanceCase } from '@exprsn/core/testing'
import { captured, charge, refunded } from './charge-cases.ts'
import { expectThat } from './expect.ts'
import type { GatewaySubject } from './gateway-subject.ts'

const day = 86_400_000

/** Refunds, settlements and payouts. */
export const refundCases: readonly ConformanceCase<GatewaySubject>[] = [
  {
    name: 'refunds give back parts, and never more than was taken',
    async run(subject) {
      const payment = await settledCharge(subject, 'case/refunds', 5000n)
      const give = (key: string, amount: bigint) => refund(subject, payment, key, amount)
      const outcomes = [await give('case/r1', 2000n), await give('case/r2', 2500n)]
      expectThat(
        outcomes.every(({ status }) => status === 'succeeded' || status === 'pending'),
        'two parts go back',
        outcomes,
      )
      const over = await give('case/r3', 501n)
      expectThat(over.status === 'refused', 'more than is left is refused', over)
      expectThat(refunded(subject) === 4500n, 'the parts went back', subject.simulator.payments())
      const again = await give('case/r2', 2500n)
      expectThat(
        again.status === 'succeeded' || again.status === 'pending',
        'a repeated refund is the first one',
        again,
      )
      expectThat(refunded(subject) === 4500n, 'and gives nothing more', subject.simulator.payments())
    },
  },
  {
    name: 'refunds at the same time never give back more than was taken',
    async run(subject) {
      const payment = await settledCharge(subject, 'case/concurrent', 5000n)
      const keys = ['a', 'b', 'c', 'd', 'e']
      const outcomes = await Promise.all(keys.map((key) => refund(subject, payment, `case/concurrent/${key}`, 2000n)))
      const refused = outcomes.filter(({ status }) => status === 'refused')
      expectThat(refused.length === 3, 'three of five are refused', outcomes)
      expectThat(refunded(subject) === 4000n, 'two went back', subject.simulator.payments())
    },
  },
  {
    name: 'a refund of nothing that was taken is refused',
    async run(subject) {
      const declined = await charge(subject, 'case/none', 900n, subject.tokens.declines())
      if (declined.status !== 'declined' || declined.payment === undefined) return
      const outcome = await refund(subject, declined.payment.reference, 'case/none/r', 900n)
      expectThat(outcome.status === 'refused', 'it is refused', outcome)
      expectThat(captured(subject) === 0n && refunded(subject) === 0n, 'no money moves', subject.simulator.payments())
    },
  },
  {
    name: 'settlements add up to what the gateway holds',
    async run(subject) {
      const { gateway, simulator, currency, advance } = subject
      if (!gateway.capabilities.settlements) return
      const since = new Date(0)
      const payment = await settledCharge(subject, 'case/settle', 5000n)
      await charge(subject, 'case/settle/2', 1234n)
      await refund(subject, payment, 'case/settle/r', 1000n)
      await advance(3 * day)
      simulator.settle()
      const lines = []
      for await (const line of gateway.settlements({ since })) lines.push(line)
      const truth = simulator.balance().reduce((sum, { gross, fee }) => sum + gross - fee, 0n)
      const reported = lines.reduce((sum, { net }) => sum + net.amount, 0n)
      expectThat(reported === truth, `the nets add up to ${truth}`, lines)
      expectThat(
        lines.every(({ gross, fee, net }) => gross.amount - fee.amount === net.amount),
        'net is gross less fee',
        lines,
      )
      expectThat(
        lines.every(({ net }) => net.currency === currency),
        'in the currency of the account',
        lines,
      )
      const grosses = new Set(lines.filter(({ kind }) => kind === 'charge').map(({ gross }) => gross.amount))
      expectThat(grosses.size === 2 && grosses.has(1234n) && grosses.has(5000n), 'both charges are in it', lines)
    },
  },
]

/** Takes money and waits until it can be given back. */
export async function settledCharge(subject: GatewaySubject, key: string, amount: bigint): Promise<string> {
  const outcome = await charge(subject, key, amount)
  expectThat(outcome.status === 'succeeded', 'the charge succeeds', outcome)
  if (subject.gateway.capabilities.refundNeedsSettlement) {
    await subject.advance(2 * day)
    subject.simulator.settle()
  }
  return outcome.payment.reference
}

export function refund({ gateway, currency }: GatewaySubject, payment: string, key: string, amount: bigint) {
  return gateway.refund({ key, payment, amount: { amount, currency } })
}
