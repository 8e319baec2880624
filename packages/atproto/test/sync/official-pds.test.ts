import { setTimeout as wait } from 'node:timers/promises'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { createFaultProxy, SeededRandom, type ProxyFault } from '@exprsn/core/testing'
import {
  atprotoNetworkUnavailable,
  startAtprotoNetwork,
  type AtprotoNetwork,
} from '@exprsn/real-servers/atproto-network'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '@exprsn/core/client'
import { createIdentityResolver } from '@exprsn/atproto/identity'
import { createSync, firehoseSource } from '@exprsn/atproto/sync'
import { disturbedSource } from './disturbed-source.ts'

const unavailable = await atprotoNetworkUnavailable()
const allow = { loopbackAddresses: true }
const collection = 'com.example.note'

describe.skipIf(unavailable !== undefined)(`a sync with the official PDS (${unavailable ?? 'installed'})`, () => {
  let network: AtprotoNetwork
  beforeAll(async () => {
    network = await startAtprotoNetwork()
  }, 300_000)
  afterAll(() => network?.close())

  async function post(method: string, json: object, token?: string): Promise<Readonly<Record<string, string>>> {
    const response = await fetch(`${network.url}/xrpc/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(json),
    })
    if (!response.ok) throw new Error(`${method}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Readonly<Record<string, string>>
  }

  async function newAccount(name: string) {
    const json = { handle: `${name}.test`, email: `${name}@example.com`, password: 'password' }
    const { did, accessJwt } = await post('com.atproto.server.createAccount', json)
    const write = (writes: readonly object[]) =>
      post(
        'com.atproto.repo.applyWrites',
        { repo: did, writes: writes.map((one) => ({ collection, ...one })) },
        accessJwt,
      )
    return { did: did!, write }
  }

  const create = (rkey: string, text: string) => ({
    $type: 'com.atproto.repo.applyWrites#create',
    rkey,
    value: { text },
  })
  const update = (rkey: string, text: string) => ({
    ...create(rkey, text),
    $type: 'com.atproto.repo.applyWrites#update',
  })
  const remove = (rkey: string) => ({ $type: 'com.atproto.repo.applyWrites#delete', rkey })

  async function listRecords(did: string): Promise<Map<string, string>> {
    const records = new Map<string, string>()
    for (let cursor = ''; ;) {
      const query = new URLSearchParams({ repo: did, collection, limit: '100', ...(cursor === '' ? {} : { cursor }) })
      const response = await fetch(`${network.url}/xrpc/com.atproto.repo.listRecords?${query}`)
      const page = (await response.json()) as { records: { uri: string; cid: string }[]; cursor?: string }
      for (const { uri, cid } of page.records) records.set(uri, cid)
      if (page.cursor === undefined || page.records.length === 0) return records
      cursor = page.cursor
    }
  }

  function faults(round: number): ProxyFault {
    const kind = (['cut', 'reset', 'corrupt', 'delay'] as const)[round % 4]!
    return kind === 'delay' ? { kind, milliseconds: 20 } : { kind, afterBytes: 2_000 + round * 300 }
  }

  it(
    'is equal to listRecords behind a network that cuts, resets, delays and corrupts, that loses, doubles and swaps messages, with 20 restarts',
    { timeout: 480_000 },
    async () => {
      const { hostname, port } = new URL(network.url)
      await using proxy = createFaultProxy({
        target: { host: hostname, port: Number(port) },
        random: new SeededRandom(7),
      })
      const address = (await proxy.start()) as { host: string; port: number }
      await using database = sqliteDatabase({ path: ':memory:' })
      await database.query('create table copy (uri text primary key, cid text not null)')
      await using firehose = firehoseSource({ service: `http://${address.host}:${address.port}`, name: 'pds', allow })
      const source = disturbedSource(firehose)
      await using client = createClient({ allow })
      await using identities = createIdentityResolver({ client, plcDirectory: network.plcUrl, allowHttp: true })
      let wrong = 0
      await using sync = createSync({
        database,
        source,
        collections: [collection],
        backoff: { initial: '20ms', maximum: '200ms' },
        // A repository whose fetches were cut again and again would else be waited for half a minute when all is well.
        maxRetryInterval: '500ms',
        fetchLease: '2s',
        resolveSigningKey: async (did, options) => (await identities.resolveDid(did, options)).signingKey!,
        async apply(event, tx) {
          if (event.type === 'account' || event.type === 'identity') return
          const { rows } = await tx.query<{ cid: string }>('select cid from copy where uri = $1', [event.uri])
          if ((event.type === 'create') !== (rows.length === 0)) wrong++
          if (event.type === 'delete') await tx.query('delete from copy where uri = $1', [event.uri])
          else
            await tx.query('insert into copy values ($1, $2) on conflict (uri) do update set cid = excluded.cid', [
              event.uri,
              event.cid,
            ])
        },
      })
      await migrate(database, [sync.migrations])
      const accounts = [await newAccount('alice'), await newAccount('bob'), await newAccount('carol')]
      sync.start()

      for (let round = 0; round < 20; round++) {
        for (const { write } of accounts) {
          await write(Array.from({ length: 5 }, (_, index) => create(`k${round}-${index}`, `${round}`)))
          if (round > 0) await write([update(`k${round - 1}-0`, 'edited'), remove(`k${round - 1}-1`)])
          if (round % 4 === 3) await write([remove(`k${round}-2`), create(`k${round}-2`, 'again')])
        }
        const fault = faults(round)
        const name = `${fault.kind}/to-client`
        const before = proxy.hits[name] ?? 0
        const connected = sync.status().tally.connections
        proxy.setFaults([fault])
        proxy.resetAll()
        await network.restart()
        // What passes through brings the fault about, however slow the machine is; a repository that is fetched may take
        // it before the stream is back, so that is waited for too.
        const disturbed = () => (proxy.hits[name] ?? 0) > before && sync.status().tally.connections > connected
        for (let more = 0; !disturbed(); more++) {
          await accounts[round % 3]!.write([create(`m${round}-${more}`, 'more'.repeat(200))])
          await wait(50)
        }
      }
      proxy.setFaults([])
      proxy.resetAll()
      // A commit that the stream lost shows at the account's next one; where none follows, only a comparison finds it.
      await sync.reconcile()

      for (const { did } of accounts) {
        const expected = await listRecords(did)
        expect(expected.size).toBeGreaterThan(70)
        const copied = async (): Promise<Map<string, string>> => {
          const { rows } = await database.query<{ uri: string; cid: string }>(
            'select uri, cid from copy where uri like $1',
            [`at://${did}/%`],
          )
          return new Map(rows.map(({ uri, cid }) => [uri, cid]))
        }
        await expect.poll(copied, { timeout: 120_000, interval: 200 }).toEqual(expected)
      }
      expect(wrong).toBe(0)
      expect(await sync.parked()).toEqual([])
      // Each restart broke the connection, and each fault took effect: both were waited for.
      expect(sync.status().tally.connections).toBeGreaterThanOrEqual(20)
      for (const kind of ['cut', 'reset', 'corrupt', 'delay'])
        expect(proxy.hits[`${kind}/to-client`]).toBeGreaterThanOrEqual(5)
      expect(source.disturbances).toMatchObject({ corrupted: 1 })
      for (const count of Object.values(source.disturbances)) expect(count).toBeGreaterThan(0)
    },
  )

  it('hears of accounts that are taken down and come back', { timeout: 480_000 }, async () => {
    await using database = sqliteDatabase({ path: ':memory:' })
    await using source = firehoseSource({ service: network.url, name: 'pds', allow })
    await using client = createClient({ allow })
    await using identities = createIdentityResolver({ client, plcDirectory: network.plcUrl, allowHttp: true })
    const { did, write } = await newAccount('dave')
    await write([create('a', 'a')])
    const told: string[] = []
    await using sync = createSync({
      database,
      source,
      accepts: (account) => account === did,
      resolveSigningKey: async (account, options) => (await identities.resolveDid(account, options)).signingKey!,
      // What was said of the identity when the account was made may be heard or not: the stream begins then.
      apply(event) {
        if (event.type !== 'identity') told.push(event.type === 'account' ? event.status : event.type)
      },
    })
    await migrate(database, [sync.migrations])
    sync.start()
    await expect.poll(() => new Set(told), { timeout: 120_000 }).toEqual(new Set(['create', 'active']))
    await network.takedown(did)
    await expect.poll(() => told.at(-1), { timeout: 120_000 }).toBe('takendown')
    await network.takedown(did, false)
    await expect.poll(() => told.at(-1), { timeout: 120_000 }).toBe('active')
    await write([create('b', 'b')])
    await expect.poll(() => told.at(-1), { timeout: 120_000 }).toBe('create')
  })
})
