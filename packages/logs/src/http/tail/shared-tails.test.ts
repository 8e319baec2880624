import { createServer, request, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { toNodeHandler } from '@exprsn/core/http'
import { memoryStore } from '@exprsn/core/storage'
import { afterEach, describe, expect, it } from 'vitest'
import { createLogStore, type LogStore } from '../../store/index.ts'
import { createLogHandler, type LogHandlerOptions } from '../create-log-handler.ts'

const open: LogStore[] = []

function world(options: LogHandlerOptions = {}) {
  const store = createLogStore({ store: memoryStore(), sealAfter: 0, maintenanceInterval: 0 })
  open.push(store)
  const asked: string[] = []
  const watched: LogStore = new Proxy(store, {
    get(target, name) {
      if (name === 'tailBatches')
        return (...[query, choice]: Parameters<LogStore['tailBatches']>) => {
          asked.push(JSON.stringify(query))
          return target.tailBatches(query, choice)
        }
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { store, asked, handler: createLogHandler(watched, options) }
}

afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
})

/** One event: its type, and what it holds. */
interface Event {
  readonly event: string
  readonly id: string | undefined
  readonly data: { readonly time: number; readonly sequence: number; readonly text: string; readonly lines: number }
}

/** The events of a body, which end where it does. */
async function* eventsIn(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Event> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const part of parts) {
    const blocks = `${rest}${decoder.decode(part, { stream: true })}`.split('\n\n')
    rest = blocks.pop()!
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)))
      if (fields.data === undefined) continue
      yield { event: fields.event ?? 'message', id: fields.id, data: JSON.parse(fields.data) as Event['data'] }
    }
  }
}

async function follow(handler: ReturnType<typeof createLogHandler>, query: string) {
  const response = await handler(new Request(`http://localhost/tail?q=${encodeURIComponent(query)}`))
  const events = eventsIn(response.body!)
  expect((await events.next()).value).toMatchObject({ event: 'following' })
  return events
}

async function take(events: AsyncGenerator<Event>, count: number): Promise<Event[]> {
  const taken: Event[] = []
  while (taken.length < count) taken.push((await events.next()).value as Event)
  return taken
}

const lineOf = (n: number) => JSON.stringify({ level: n % 3 === 0 ? 50 : 30, n, msg: `line ${n} "quoted" ä` })

describe('tails over HTTP', { timeout: 120_000 }, () => {
  it('give every reader all its lines once and in their order, and ask the store once for those who ask the same', async () => {
    const { store, asked, handler } = world()
    const queries = ['*', 'level:error', '*', 'level:error', '*', 'n:<100']
    const readers = await Promise.all(queries.map((query) => follow(handler, query)))
    expect(new Set(asked).size).toBe(3)
    expect(asked).toHaveLength(3)
    const count = 5_000
    const wanted = {
      '*': Array.from({ length: count }, (_, n) => n),
      'level:error': Array.from({ length: Math.ceil(count / 3) }, (_, n) => 3 * n),
      'n:<100': Array.from({ length: 100 }, (_, n) => n),
    }
    const reading = queries.map((query, at) => take(readers[at]!, wanted[query as keyof typeof wanted].length))
    for (let n = 0; n < count; n += 50) await store.append(Array.from({ length: 50 }, (_, at) => lineOf(n + at)))
    for (const [at, events] of (await Promise.all(reading)).entries()) {
      expect(events.map(({ data }) => data.text)).toEqual(wanted[queries[at] as keyof typeof wanted].map(lineOf))
      for (const { event, id, data } of events)
        expect([event, id]).toEqual(['message', `${data.time}-${data.sequence}`])
    }
    // Who comes later begins where it comes.
    const late = await follow(handler, '*')
    await store.append('{"late":true}')
    expect((await take(late, 1))[0]!.data).toMatchObject({ text: '{"late":true}', sequence: count + 1 })
    for (const reader of [...readers, late]) await reader.return(undefined)
  })

  it('tell a slow reader how many lines it has missed where they are missing, hold little for it, and others miss none', async () => {
    const { store, handler } = world({ tailLimit: 3_000_000 })
    const server = createServer(toNodeHandler(handler))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const asked = request({ port, host: '127.0.0.1', path: '/tail?q=*' }).end()
    const [slow] = (await once(asked, 'response')) as [IncomingMessage]
    const slowEvents = eventsIn(slow)
    expect((await slowEvents.next()).value).toMatchObject({ event: 'following' })
    const fast = await follow(handler, '*')
    // Far more than the sockets hold between a server and a client that does not read.
    const text = 'x'.repeat(10_000)
    const count = 4_000
    let sent = 0
    while (sent < count) {
      const part = Array.from({ length: 100 }, (_, at) => JSON.stringify({ n: sent + at, text }))
      await store.append(part)
      const got = await take(fast, part.length)
      expect(got.map(({ data }) => data.text)).toEqual(part)
      sent += part.length
    }
    let [next, missed] = [0, 0]
    while (next < count) {
      const { event, data } = (await slowEvents.next()).value as Event
      if (event === 'gap') {
        missed += data.lines
        next += data.lines
      } else expect(JSON.parse(data.text)).toMatchObject({ n: next++ })
    }
    expect(next).toBe(count)
    expect(missed).toBeGreaterThan(0)
    await fast.return(undefined)
    asked.destroy()
    server.closeAllConnections()
    server.close()
  })

  it('refuse what is no question, end with the store, and stop when nobody follows', async () => {
    const { store, asked, handler } = world()
    const wrong = await handler(new Request('http://localhost/tail?q=%22open'))
    expect([wrong.status, ((await wrong.json()) as { code: string }).code]).toEqual([400, 'LOGS_QUERY_INVALID'])
    const piped = await handler(new Request(`http://localhost/tail?q=${encodeURIComponent('* | stats count()')}`))
    expect(piped.status).toBe(400)
    const [first, second] = [await follow(handler, '*'), await follow(handler, '*')]
    await first.return(undefined)
    await store.append('{"n":1}')
    expect((await take(second, 1))[0]!.data.text).toBe('{"n":1}')
    await second.return(undefined)
    const third = await follow(handler, '*')
    expect(asked.filter((query) => query === asked.at(-1))).toHaveLength(2)
    const ended = third.next()
    await store.close()
    expect((await ended).done).toBe(true)
    expect((await handler(new Request('http://localhost/tail?q=*'))).status).toBeGreaterThanOrEqual(400)
  })
})
