import type { Payments } from '../../payments/payments.ts'
import type { SimulatedPayment } from '../simulator/simulated-payment.ts'
import type { HostApp, HostGateway, HostOrder } from './host-app.ts'
import type { HostStage } from './host-stage.ts'

/** An order and all that its buyer was told. */
export interface HostOrderHistory {
  /** With the card that the buyer comes with next. */
  order: HostOrder
  readonly told: ('paid' | 'declined' | 'pending')[]
  /** What a clerk asked to give back, by key. */
  readonly refunds: Map<string, bigint>
}

/** Compares what the host said and wrote down with what truly happened at the gateways, in sentences. */
export async function checkHost(stage: HostStage, histories: readonly HostOrderHistory[]): Promise<string[]> {
  const { app } = await stage.process()
  const truth = (Object.keys(stage.simulators) as HostGateway[]).flatMap((gateway) => [
    ...stage.simulators[gateway].payments(),
  ])
  const violations: string[] = []
  const known = new Set(histories.map(({ order }) => order.id))
  for (const { order, reference, captured } of truth)
    if (captured > 0n && (order === undefined || !known.has(order)))
      violations.push(`${reference} took ${captured} for no order; pass the order's id to the charge.`)
  for (const history of histories)
    violations.push(
      ...(await checkOrder(
        app,
        history,
        truth.filter(({ order }) => order === history.order.id),
      )),
    )
  if (app.payments !== undefined) violations.push(...(await checkBooks(stage, app.payments)))
  return violations
}

async function checkOrder(
  app: HostApp,
  { order, told, refunds }: HostOrderHistory,
  truth: readonly SimulatedPayment[],
): Promise<string[]> {
  const { id, amount } = order
  const charges = truth.filter((payment) => payment.captured > 0n)
  const captured = charges.reduce((sum, payment) => sum + payment.captured, 0n)
  const refunded = charges.reduce((sum, payment) => sum + payment.refunded, 0n)
  const asked = [...refunds.values()].reduce((sum, each) => sum + each, 0n)
  const violations: string[] = []
  if (charges.length > 1) violations.push(`${id} was charged ${charges.length} times.`)
  else if (captured > 0n && captured !== amount.amount)
    violations.push(`${id} costs ${amount.amount}, and ${captured} were taken.`)
  if (refunded > captured) violations.push(`Of ${id} ${refunded} went back, and ${captured} were taken.`)
  if (refunded > asked) violations.push(`Of ${id} ${refunded} went back, and ${asked} were asked for.`)
  if (told.includes('paid') && captured === 0n)
    violations.push(`The buyer of ${id} was told paid, and was not charged.`)
  if (told.at(-1) === 'declined' && captured > 0n)
    violations.push(`The buyer of ${id} was told declined, and was charged.`)
  const record = await recordOf(app, order)
  if (record !== undefined && (record.captured !== captured || record.refunded !== refunded))
    violations.push(
      `${id}: the host's records say ${record.captured} −${record.refunded}, it is ${captured} −${refunded}.`,
    )
  const fulfilled = await app.fulfilled?.(order)
  if (fulfilled !== undefined && fulfilled !== (captured > 0n ? 1 : 0))
    violations.push(`${id} was ${captured > 0n ? 'charged' : 'not charged'} and fulfilled ${fulfilled} times.`)
  return violations
}

async function recordOf(app: HostApp, order: HostOrder) {
  if (app.record !== undefined) return app.record(order)
  const payments = await app.payments?.paymentsOf(order.id)
  if (payments === undefined) return undefined
  const sum = (what: 'captured' | 'refunded'): bigint =>
    payments.reduce((total, payment) => total + payment[what].amount, 0n)
  return { captured: sum('captured'), refunded: sum('refunded') }
}

async function checkBooks(stage: HostStage, { ledger, capabilities }: Payments): Promise<string[]> {
  const { faults } = await ledger.verify()
  const violations = faults.map(({ message }) => `The books are wrong: ${message}`)
  if (!(await ledger.trialBalance()).balanced) violations.push('The books do not balance.')
  for (const gateway of Object.keys(stage.simulators) as HostGateway[]) {
    if (!Object.hasOwn(capabilities, gateway)) continue
    const owed: Record<string, bigint> = {}
    for (const { currency, captured, refunded } of stage.simulators[gateway].payments())
      owed[currency] = (owed[currency] ?? 0n) + captured - refunded
    for (const [currency, net] of Object.entries(owed)) {
      const balance = async (code: string): Promise<bigint> =>
        ledger.account(`${code}:${gateway}:${currency}`).then(
          (account) => account.balance,
          () => 0n,
        )
      // What the gateway holds, has sent on its way and kept as fees is what was taken and not given back.
      const booked =
        (await balance('assets:gateway')) + (await balance('assets:transit')) + (await balance('expenses:fees'))
      if (booked !== net) violations.push(`The books say ${gateway} took ${booked} ${currency}, it took ${net}.`)
    }
  }
  return violations
}
