import { setTimeout as wait } from 'node:timers/promises'
import { migrate, type Database } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSync, firehoseSource, type Sync } from '@exprsn/atproto/sync'
import { createFakePds, type FakePds } from '@exprsn/atproto/testing'

let server: Awaited<ReturnType<typeof freshPostgresDatabase>>
let database: Database
let pds: FakePds
const naming = { prefix: 'app_', schema: 'ops' } as const

beforeAll(async () => {
  server = await freshPostgresDatabase()
  database = postgresDatabase({ connection: { ...server.connection }, max: 12 })
  pds = createFakePds()
  await pds.start()
})

afterAll(async () => {
  await pds.close()
  await database.close()
  await server.drop()
})

function syncOf(source: ReturnType<typeof firehoseSource>): Sync {
  return createSync({
    database,
    source,
    ...naming,
    batch: 7,
    fetchLease: '2s',
    resolveSigningKey: async (did) => pds.host.plc.get(did)!.signingKey,
    async apply(event, tx) {
      // Strict: what comes twice breaks a key, what is missing changes no row.
      if (event.type === 'create') await tx.query('insert into copy values ($1, $2)', [event.uri, event.cid])
      if (event.type === 'update') {
        const { count } = await tx.query('update copy set cid = $2 where uri = $1', [event.uri, event.cid])
        expect(count).toBe(1)
      }
      if (event.type === 'delete')
        expect((await tx.query('delete from copy where uri = $1', [event.uri])).count).toBe(1)
      if (event.type === 'identity') await tx.query('insert into told values ($1)', [`${event.did} ${event.handle}`])
    },
  })
}

describe('a sync into PostgreSQL', () => {
  it('applies each change once, with two processes at work and streams that break', { timeout: 120_000 }, async () => {
    await database.query('create table copy (uri text primary key, cid text not null)')
    await database.query('create table told (what text primary key)')
    const sources = [1, 2].map(() =>
      firehoseSource({ service: pds.url, name: 'shared', allow: { loopbackAddresses: true } }),
    )
    const syncs = sources.map(syncOf)
    await migrate(database, [syncs[0]!.migrations], naming)
    const dids = Array.from({ length: 8 }, (_, index) => pds.host.createAccount({ handle: `u${index}.test` }).did)
    for (const did of dids)
      pds.host.write(did, [{ action: 'create', path: 'com.example.note/a', value: { text: 'a' } }])
    for (const sync of syncs) sync.start()
    for (let round = 0; round < 30; round++) {
      for (const did of dids) {
        const path = `com.example.note/k${round}`
        pds.host.write(did, [{ action: 'create', path, value: { round } }])
        if (round % 3 === 1) pds.host.write(did, [{ action: 'update', path, value: { edited: round } }])
        if (round % 3 === 2) pds.host.write(did, [{ action: 'delete', path }])
      }
      if (round % 10 === 5) pds.dropStreams()
      pds.host.setHandle(dids[round % 8]!, `renamed${round}.test`)
      await wait(20)
    }
    const expected = new Map(
      [...pds.host.accounts.values()].flatMap(({ did, repo }) =>
        [...repo.records].map(([path, { cid }]) => [`at://${did}/${path}`, String(cid)] as const),
      ),
    )
    await expect
      .poll(
        async () => {
          const { rows } = await database.query<{ uri: string; cid: string }>('select uri, cid from copy')
          return new Map(rows.map(({ uri, cid }) => [uri, cid]))
        },
        { timeout: 60_000, interval: 200 },
      )
      .toEqual(expected)
    for (const sync of syncs) expect(await sync.parked()).toEqual([])
    await Promise.all(syncs.map((sync) => sync.close()))
    await Promise.all(sources.map((source) => source.close()))
  })
})
