import { createConnection } from 'node:net'
import { requireOracle } from '@exprsn/real-servers/oracles'
import { freshPostgresDatabase, requirePostgres } from '@exprsn/real-servers/postgres'
import { startRedis } from '@exprsn/real-servers/redis'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../random/seeded-random.ts'
import { createFaultProxy, type ProxyAddress } from './fault-proxy.ts'
import { randomProxyFaults } from './random-proxy-faults.ts'

function addressOf(connection: { readonly host: string; readonly port: number }): ProxyAddress {
  const { host, port } = connection
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
}

describe('a fault proxy before a real PostgreSQL', () => {
  it('never lets a client believe in a commit that did not happen', async (context) => {
    await requirePostgres(context)
    await using database = await freshPostgresDatabase()
    const direct = new pg.Client({ ...database.connection })
    await direct.connect()
    await direct.query('create table kept (n int primary key)')
    await using proxy = createFaultProxy({
      target: addressOf(database.connection),
      random: new SeededRandom(3),
      faults: randomProxyFaults({ probability: 0.8, kinds: ['cut', 'reset', 'delay'], maximumBytes: 400 }),
    })
    const address = await proxy.start()
    const acknowledged: number[] = []
    let failed = 0
    for (let n = 0; n < 25; n++) {
      const client = new pg.Client({ ...database.connection, ...address, connectionTimeoutMillis: 2_000 })
      client.on('error', () => {})
      try {
        await client.connect()
        await client.query('insert into kept values ($1)', [n])
        acknowledged.push(n)
      } catch {
        failed++
      }
      await client.end().catch(() => {})
    }
    const { rows } = await direct.query<{ n: number }>('select n from kept')
    await direct.end()
    const kept = new Set(rows.map(({ n }) => n))
    expect(acknowledged.filter((n) => !kept.has(n))).toEqual([])
    expect(failed).toBeGreaterThan(3)
    expect(acknowledged.length).toBeGreaterThan(3)
  })
})

/** Sends one inline command (Redis' telnet form) and gives the answer: a client library would send more of its own. */
function ask(address: ProxyAddress, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ ...address }, () => socket.write(`${command}\r\n`))
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      resolve(chunk.toString())
      socket.destroy()
    })
  })
}

describe('a fault proxy before a real Redis', () => {
  it('loses answers, not data: after a reset the value is there', async (context) => {
    await using server = await startRedis({ program: requireOracle(context, 'redis') })
    const target = server.connection as { readonly path: string }
    await using proxy = createFaultProxy({ target, faults: [{ kind: 'reset', afterBytes: 0 }] })
    const address = await proxy.start()
    await expect(ask(address, 'SET key value')).rejects.toMatchObject({ code: 'ECONNRESET' })
    proxy.setFaults([])
    expect(await ask(address, 'GET key')).toBe('$5\r\nvalue\r\n')
    expect(proxy.hits).toEqual({ 'reset/to-client': 1 })
  })
})
