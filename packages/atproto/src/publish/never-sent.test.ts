import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import type { ExprsnError } from '@exprsn/core'
import { createClient } from '@exprsn/core/client'
import { describe, expect, it } from 'vitest'
import { publishErrors } from './errors.ts'
import { neverSent, sendOrGiveBack } from './never-sent.ts'

describe('a call that failed', () => {
  it('was never sent when nobody listens there, the circuit is open, or a login is needed', async () => {
    const perOrigin = { breaker: { minimumCalls: 1, openFor: '10m' } } as const
    await using client = createClient({ allow: { loopbackAddresses: true }, retry: false, perOrigin })
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    const post = (): Promise<unknown> =>
      client.request(`http://127.0.0.1:${port}/`, { method: 'POST', json: {} }).then(
        () => expect.fail('somebody listens there'),
        (error: unknown) => error,
      )
    const [refused, open] = [await post(), await post()]
    expect([refused, open].map((error) => (error as ExprsnError).code)).toEqual([
      'CORE_CLIENT_CONNECT_FAILED',
      'CORE_CIRCUIT_OPEN',
    ])
    const login = publishErrors.ATPROTO_PUBLISH_LOGIN_FAILED({ service: 'https://pds.example', reason: 'wrong' })
    expect([refused, open, login].map(neverSent)).toEqual([true, true, true])
  })

  it('may have been sent whatever else is thrown', () => {
    const lost = new Error('the connection was reset')
    const unavailable = publishErrors.ATPROTO_PUBLISH_UNAVAILABLE({ method: 'putRecord', status: 502, error: '' })
    expect([lost, unavailable].map(neverSent)).toEqual([false, false])
  })

  it('gives back what was taken for it if it was never sent', async () => {
    const login = publishErrors.ATPROTO_PUBLISH_LOGIN_FAILED({ service: 'https://pds.example', reason: 'wrong' })
    const given: unknown[] = []
    for (const error of [login, new Error('lost')]) {
      const sent = sendOrGiveBack(
        () => Promise.reject(error),
        async () => given.push(error),
      )
      await expect(sent).rejects.toBe(error)
    }
    expect(
      await sendOrGiveBack(
        async () => 'sent',
        async () => given.push('sent'),
      ),
    ).toBe('sent')
    expect(given).toEqual([login])
  })
})
