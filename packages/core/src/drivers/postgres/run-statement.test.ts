import { describe, expect, it } from 'vitest'
import { systemClock } from '../../clock/system-clock.ts'
import { readStatement } from '../../database/read-statement.ts'
import { checkOut, type Checkout } from './checkout.ts'
import type { PgClientLike, PgQueryConfig } from './pool.ts'
import { runStatement } from './run-statement.ts'

/*
 * The races of a cancellation, which a real server only shows by luck: what the two connections do is scripted here.
 */
interface ScriptedClient extends PgClientLike {
  readonly processID?: number
  readonly sent: string[]
  readonly released: (boolean | undefined)[]
  listeners: number
}

function scripted(answer: (text: string) => Promise<void>, processID?: number): ScriptedClient {
  const client: ScriptedClient = {
    sent: [],
    released: [],
    listeners: 0,
    ...(processID === undefined ? {} : { processID }),
    async query({ text }: PgQueryConfig) {
      client.sent.push(text)
      await answer(text)
      return { rows: [{ one: 1 }], rowCount: 1 }
    },
    release: (destroy) => void client.released.push(destroy),
    on: () => ++client.listeners,
    removeListener: () => --client.listeners,
  }
  return client
}

const statement = { shape: readStatement('select 1', 'postgres'), values: [] }
const abort = (): AbortController => new AbortController()
const checkoutOf = (client: PgClientLike): Promise<Checkout> =>
  checkOut({ connect: async () => client }, 'app', undefined)

describe('runStatement', () => {
  it('keeps the result of a statement that ended before its cancellation, and absorbs the cancellation', async () => {
    const controller = abort()
    const aside = scripted(async () => {})
    const client = scripted(async (text) => {
      if (text === 'select 1' && client.sent.length === 1) controller.abort(new RangeError('enough'))
    }, 42)
    const checkout = await checkoutOf(client)
    const cancel = { clock: systemClock, aside: async () => aside }
    const result = await runStatement(checkout, statement, controller.signal, cancel)
    expect(result).toEqual({ rows: [{ one: 1 }], count: 1 })
    expect(aside.sent).toEqual(['select pg_cancel_backend($1)'])
    expect(aside.released).toEqual([undefined])
    expect(client.sent).toEqual(['select 1', 'select 1'])
    checkout.release()
    expect(client.released).toEqual([false])
    expect(client.listeners).toBe(0)
  })

  it('closes the connection when the late cancellation hit after all', async () => {
    const controller = abort()
    const client = scripted(async () => {
      if (client.sent.length === 2) throw new Error('canceling statement due to user request')
      controller.abort(new RangeError('enough'))
    }, 42)
    const checkout = await checkoutOf(client)
    await runStatement(checkout, statement, controller.signal, {
      clock: systemClock,
      aside: async () => scripted(async () => {}),
    })
    checkout.release()
    expect(client.released).toEqual([true])
  })

  it.each([
    ['pg does not tell the process number', undefined, async () => scripted(async () => {})],
    ['no other connection can be had', 42, () => Promise.reject(new Error('too many clients'))],
  ])('cuts the connection when %s', async (_, processId, aside) => {
    const controller = abort()
    let cut = (): void => {}
    const closed = new Promise<void>((__, reject) => (cut = () => reject(new Error('Connection terminated'))))
    const client = scripted(() => closed, processId)
    const checkout = await checkoutOf({ ...client, release: () => cut() })
    const running = runStatement(
      'processID' in client ? checkout : { ...checkout, client },
      statement,
      controller.signal,
      { clock: systemClock, aside },
    )
    controller.abort(new RangeError('enough'))
    await expect(running).rejects.toThrow(RangeError)
  })
})
