import { randomBelow } from '@exprsn/core'
import { money } from '@exprsn/payments'
import type { Books } from './books.ts'
import type { World } from './world.ts'

const days = 24
const gateways = ['stripe', 'paypal', 'authorizenet'] as const

/** A month of business: orders at three gateways, some refunds, payouts twice a week, and a dispute in its middle. */
export async function sell(world: World, { payments, sweep }: Books): Promise<{ readonly dispute: string }> {
  const { calendar, random, simulators, tokens } = world
  let dispute = ''
  for (let day = 1; day <= days; day++) {
    for (const gateway of gateways) {
      const order = `${gateway}-${day}`
      const amount = money(`${20 + randomBelow(random, 180)}.${10 + randomBelow(random, 90)}`, 'USD')
      const method = { kind: 'token', token: tokens[gateway]() } as const
      const { payment } = await payments.charge({ gateway, amount, method, order, key: `${order}/1` })
      if (gateway === 'stripe' && day % 8 === 0)
        await payments.refund({ payment, amount: money('5.00', 'USD'), key: `${order}/r1` })
      if (gateway === 'stripe' && day === 23)
        dispute = simulators.stripe.openDispute(payment.reference ?? '', {
          reason: 'product_not_received',
          networkReason: '13.1',
        })
    }
    await calendar.advanceBy('1d')
    if (day % 4 === 0) simulators.stripe.payOut('USD')
    for (const simulator of Object.values(simulators)) simulator.settle()
    await sweep()
  }
  await calendar.advanceBy('6d')
  for (const simulator of Object.values(simulators)) simulator.settle()
  await sweep()
  return { dispute: `stripe:${dispute}` }
}
