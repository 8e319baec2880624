import { findOracle, missingReason } from '@exprsn/real-servers/oracles'
import { startRedis, type RedisServer } from '@exprsn/real-servers/redis'
import { createFaultProxy } from '@exprsn/core/testing'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FenceEvent } from '../fence/index.ts'
import { redisFenceEvents, type PlacedFenceEvent } from './redis.ts'

const program = findOracle('redis')

const event = (number: number): FenceEvent => ({
  type: 'enter',
  fence: 'depot',
  object: `van ${number}`,
  time: new Date(number * 1_000),
  confirmed: new Date(number * 1_000 + 5),
  position: [9.5, 47.1],
})

async function take(events: AsyncIterable<PlacedFenceEvent>, count: number): Promise<PlacedFenceEvent[]> {
  const taken: PlacedFenceEvent[] = []
  for await (const each of events) if (taken.push(each) === count) break
  return taken
}

describe.skipIf(program === undefined)(
  program === undefined ? `redis: ${missingReason('redis')}` : 'fence events in Redis',
  () => {
    let server: RedisServer
    let client: Redis

    beforeAll(async () => {
      server = await startRedis({ program: program!, listen: 'tcp' })
      client = new Redis({ ...server.connection })
    })
    afterAll(async () => {
      client.disconnect()
      await server.stop()
    })

    it('reach every listener, in their order and as they were', async () => {
      const events = redisFenceEvents({ client, key: 'many' })
      const listeners = [1, 2, 3].map(() => take(events.subscribe(), 1_000))
      // A listener hears what comes after it asked; asking takes a moment.
      await expect.poll(async () => Number((await client.info('clients')).match(/blocked_clients:(\d+)/)![1])).toBe(3)
      const sent = Array.from({ length: 1_000 }, (_, number) => event(number))
      await events.publish(sent.slice(0, 1))
      await events.publish(sent.slice(1))
      for (const heard of await Promise.all(listeners)) expect(heard.map((each) => each.event)).toEqual(sent)
    })

    it('go on after a place, with nothing missed and nothing twice', async () => {
      const events = redisFenceEvents({ client, key: 'places' })
      await events.publish([1, 2, 3, 4].map(event))
      const first = await take(events.subscribe({ after: '0' }), 2)
      const rest = await take(events.subscribe({ after: first[1]!.id }), 2)
      expect([...first, ...rest].map((each) => each.event.object)).toEqual(['van 1', 'van 2', 'van 3', 'van 4'])
    })

    it('survive a connection that is cut while listening', async () => {
      const { port } = server.connection as { port: number }
      await using proxy = createFaultProxy({ target: { host: '127.0.0.1', port } })
      const address = await proxy.start()
      const through = new Redis({ ...address, maxRetriesPerRequest: 1, retryStrategy: () => 20 })
      through.on('error', () => {})
      const listening = take(redisFenceEvents({ client: through, key: 'cut' }).subscribe({ after: '0' }), 30)
      const direct = redisFenceEvents({ client, key: 'cut' })
      for (let number = 0; number < 30; number++) {
        if (number % 10 === 5) proxy.resetAll()
        await direct.publish([event(number)])
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      expect((await listening).map((each) => each.event.object)).toEqual(
        Array.from({ length: 30 }, (_, at) => `van ${at}`),
      )
      through.disconnect()
    })

    it('keep no more than they should', async () => {
      const events = redisFenceEvents({ client, key: 'short', keep: 100 })
      await events.publish(Array.from({ length: 2_000 }, (_, number) => event(number)))
      expect(await client.xlen('short')).toBeLessThan(400)
    })

    it('end when they are told to, and close their connection', async () => {
      const before = Number((await client.info('clients')).match(/connected_clients:(\d+)/)![1])
      const stop = new AbortController()
      const listening = take(redisFenceEvents({ client, key: 'ends' }).subscribe({ signal: stop.signal }), 1)
      setTimeout(() => stop.abort(new Error('enough')), 50)
      await expect(listening).rejects.toThrow('enough')
      await expect
        .poll(async () => Number((await client.info('clients')).match(/connected_clients:(\d+)/)![1]))
        .toBe(before)
      const ended = redisFenceEvents({ client }).subscribe({ signal: stop.signal })
      await expect(ended.next()).rejects.toThrow('enough')
    })

    it('say so when something else stands in the stream, or Redis refuses', async () => {
      await client.xadd('foreign', '*', 'event', '{"fence":1}')
      const reading = take(redisFenceEvents({ client, key: 'foreign' }).subscribe({ after: '0' }), 1)
      await expect(reading).rejects.toMatchObject({ code: 'GEO_REDIS_EVENT_INVALID' })
      await client.set('text', 'x')
      const refused = redisFenceEvents({ client, key: 'text' }).publish([event(1)])
      await expect(refused).rejects.toMatchObject({ code: 'GEO_REDIS_UNAVAILABLE', retryable: true })
    })
  },
)
