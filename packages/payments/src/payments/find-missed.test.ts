import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { SimulatedClock } from '@exprsn/core/testing'
import { beforeEach, afterEach, describe, expect, it } from 'vitest'
import type { HistoryQuery, PaymentGateway } from '../gateway/gateway.ts'
import type { GatewayEvent } from '../gateway/gateway-event.ts'
import { stripeGateway } from '../drivers/stripe.ts'
import { createPayments, type Payments } from './index.ts'

const hour = 3_600_000

describe('a sweep that reads a gateway’s own list of events', () => {
  let clock: SimulatedClock
  let database: Database
  let payments: Payments
  let statements: number
  let listed: GatewayEvent[]
  let asked: HistoryQuery[]
  /** What the list does at an event. */
  let meet: (event: GatewayEvent) => void

  beforeEach(async () => {
    clock = new SimulatedClock()
    database = sqliteDatabase({ path: ':memory:' })
    ;[statements, listed, asked, meet] = [0, [], [], () => {}]
    const real = stripeGateway({ client: {} as never, clock })
    const gateway: PaymentGateway = Object.assign(Object.create(real) as PaymentGateway, {
      close: async () => {},
      capabilities: real.capabilities,
      // Nobody knows what these events are about.
      fetch: async () => undefined,
      async *events(query: HistoryQuery) {
        asked.push(query)
        for (const event of listed) {
          if (event.occurredAt < query.since || event.occurredAt >= (query.until ?? new Date(clock.now() + 1))) continue
          meet(event)
          yield event
        }
      },
    })
    const counted: Database = {
      ...database,
      query: (...given: Parameters<Database['query']>) => {
        statements++
        return database.query(...given)
      },
    } as Database
    payments = createPayments({ database: counted, gateways: { stripe: gateway }, clock })
    await migrate(database, [payments.migrations])
  })

  afterEach(async () => {
    await payments.close()
    await database.close()
  })

  const event = (at: number, before = 0): GatewayEvent => ({
    ...{ id: `evt_${at}`, type: 'charge.updated', occurredAt: new Date(clock.now() - before) },
    subject: { kind: 'payment', reference: `pi_${at}` },
  })
  const kept = async (): Promise<number> => {
    const { rows } = await database.query<{ count: number }>('select count(*) as count from exprsn_payment_inbox')
    return Number(rows[0]!.count)
  }

  it('asks for known events by the hundreds, not one by one', async () => {
    listed = Array.from({ length: 1_000 }, (_, at) => event(at, 1_000))
    expect(await payments.sweep()).toMatchObject({ missed: 1_000, failures: [] })
    statements = 0
    expect(await payments.sweep()).toMatchObject({ missed: 0, failures: [] })
    // Five look-ups, and what every sweep asks.
    expect(statements).toBeLessThanOrEqual(15)
    expect(await kept()).toBe(1_000)
  })

  it('fault: a list that ends half-way keeps what it had, and is read again', async () => {
    listed = Array.from({ length: 450 }, (_, at) => event(at, 1_000))
    meet = ({ id }) => {
      if (id === 'evt_430') throw new Error('the line broke')
    }
    expect((await payments.sweep()).failures).toEqual(['the line broke'])
    expect(await kept()).toBe(430)
    meet = () => {}
    expect(await payments.sweep()).toMatchObject({ missed: 20, failures: [] })
    expect(await kept()).toBe(450)
  })

  it('fault: after a long silence every span that was listed whole is done with, whatever becomes of the next', async () => {
    await payments.sweep()
    const begin = clock.now()
    await clock.advanceBy('10d')
    listed = Array.from({ length: 10 }, (_, at) => event(at, (9.5 - at) * 24 * hour))
    meet = ({ id }) => {
      if (id === 'evt_6') throw new Error('the line broke')
    }
    asked = []
    expect(await payments.sweep()).toMatchObject({ missed: 6, failures: ['the line broke'] })
    expect(asked.length).toBeGreaterThan(3)
    const reached = asked.at(-1)!.since.getTime()
    meet = () => {}
    asked = []
    expect(await payments.sweep()).toMatchObject({ missed: 4, failures: [] })
    // It goes on where it was, less the hour for events that are listed late.
    expect(asked[0]!.since.getTime()).toBe(reached - hour)
    expect(reached).toBeGreaterThan(begin + 5 * 24 * hour)
    asked = []
    await payments.sweep()
    expect(asked).toHaveLength(1)
    expect(await kept()).toBe(10)
  })
})
