import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../testing/clock/simulated-clock.ts'
import { renewingClient } from './renewing-client.ts'
import type { S3StoreCredentials } from './s3-client.ts'
import { temporaryCredentials } from './temporary-credentials.ts'

const minute = 60_000

function numbered(changes: (number: number) => Partial<S3StoreCredentials> = () => ({})) {
  let asked = 0
  const ask = (): S3StoreCredentials => {
    asked++
    return { accessKeyId: `key-${asked}`, secretAccessKey: 'secret', ...changes(asked) }
  }
  return { ask, asked: () => asked }
}

describe('temporaryCredentials', () => {
  it('asks once for all who ask at a time, and keeps what never expires', async () => {
    const clock = new SimulatedClock()
    const { ask, asked } = numbered()
    const { provide } = temporaryCredentials(async () => ask(), clock)
    const found = await Promise.all([provide(), provide(), provide()])
    await clock.advanceBy('1000h')
    expect([...found, await provide()].map(({ accessKeyId }) => accessKeyId)).toEqual(Array(4).fill('key-1'))
    expect(asked()).toBe(1)
  })

  it('asks again five minutes before they expire', async () => {
    const clock = new SimulatedClock()
    const { ask } = numbered(() => ({ expiration: new Date(clock.now() + 60 * minute) }))
    const { provide } = temporaryCredentials(ask, clock)
    expect((await provide()).accessKeyId).toBe('key-1')
    await clock.advanceBy('54m')
    expect((await provide()).accessKeyId).toBe('key-1')
    await clock.advanceBy('1m')
    const renewed = await Promise.all([provide(), provide()])
    expect(renewed.map(({ accessKeyId }) => accessKeyId)).toEqual(['key-2', 'key-2'])
  })

  it('takes what it is given, though it expires within five minutes', async () => {
    const clock = new SimulatedClock()
    const { ask, asked } = numbered(() => ({ expiration: new Date(clock.now() + minute) }))
    expect((await temporaryCredentials(ask, clock).provide()).accessKeyId).toBe('key-1')
    expect(asked()).toBe(1)
  })

  it('asks again after a failure', async () => {
    const { ask } = numbered()
    let failures = 1
    const { provide } = temporaryCredentials(() => {
      if (failures-- > 0) throw new Error('no network')
      return ask()
    }, new SimulatedClock())
    await expect(provide()).rejects.toThrow('no network')
    expect((await provide()).accessKeyId).toBe('key-1')
  })
})

describe('renewingClient', () => {
  const failure = (name: string, httpStatusCode: number) =>
    Object.assign(new Error(name), { name, $metadata: { httpStatusCode } })

  /** A service that refuses the first key. */
  function client(refusal: Error) {
    const { ask, asked } = numbered()
    const credentials = temporaryCredentials(ask, new SimulatedClock())
    const sent: string[] = []
    const send = async (): Promise<string> => {
      const { accessKeyId } = await credentials.provide()
      sent.push(accessKeyId)
      if (accessKeyId === 'key-1') throw refusal
      return accessKeyId
    }
    return { ...renewingClient({ send }, credentials), sent, asked }
  }

  it.each([failure('ExpiredToken', 400), failure('TokenRefreshRequired', 400), failure('400', 400)])(
    'sends a request again with new credentials after $name',
    async (refusal) => {
      const { send, sent } = client(refusal)
      expect(await send({})).toBe('key-2')
      expect(sent).toEqual(['key-1', 'key-2'])
    },
  )

  it('renews them once for all requests that were refused', async () => {
    const { send, asked } = client(failure('ExpiredToken', 400))
    expect(await Promise.all([send({}), send({}), send({})])).toEqual(['key-2', 'key-2', 'key-2'])
    expect(asked()).toBe(2)
  })

  it.each([failure('AccessDenied', 403), failure('InvalidRequest', 400)])('leaves $name alone', async (refusal) => {
    const { send, sent } = client(refusal)
    await expect(send({})).rejects.toBe(refusal)
    expect(sent).toEqual(['key-1'])
  })
})
