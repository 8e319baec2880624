import { money } from '@exprsn/payments'
import { writeStatement } from '@exprsn/payments/testing'
import type { World } from './world.ts'

/**
 * The month's CAMT.053 file. The bank does what banks do: it took the rent, kept 25 cents of one payout, and printed the
 * reference of another nowhere.
 */
export function bankFile({ simulators }: World): string {
  const arrived = Object.values(simulators)
    .flatMap((simulator) => simulator.bankStatement())
    .toSorted((a, b) => (a.bookedOn < b.bookedOn || (a.bookedOn === b.bookedOn && a.id < b.id) ? -1 : 1))
  const ofStripe = arrived.filter(({ text }) => text.includes('STRIPE'))
  const movements = arrived.map(({ id, bookedOn, amount, currency, text }) => ({
    bookedOn,
    amount: { amount: id === ofStripe[1]?.id ? amount - 25n : amount, currency },
    bankReference: id.slice(-16),
    text: id === ofStripe[2]?.id ? 'INCOMING WIRE' : text,
  }))
  const last = arrived.at(-1)?.bookedOn ?? '2026-10-31'
  const rent = { bookedOn: last, amount: money('-1200.00', 'USD'), bankReference: 'R-10', text: 'RENT OCTOBER' }
  return writeStatement('camt', {
    id: '2026-10',
    account: 'US1',
    opening: money('5000.00', 'USD'),
    movements: [...movements, rent],
  })
}
