import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { createClient } from '@exprsn/core/client'
import { createIdentityResolver } from '@exprsn/atproto/identity'
import { createSync, firehoseSource } from '@exprsn/atproto/sync'
import { collection } from './account.ts'

/** The host's process: its own table, and the sync that fills it. It is killed and started again. */
const [path, service, plcDirectory] = process.argv.slice(2) as [string, string, string]
const allow = { loopbackAddresses: true }
const database = sqliteDatabase({ path })
const identities = createIdentityResolver({ client: createClient({ allow }), plcDirectory, allowHttp: true })
const sync = createSync({
  database,
  source: firehoseSource({ service, name: 'pds', allow }),
  collections: [collection],
  batch: 1,
  fetchLease: '500ms',
  resolveSigningKey: async (did, options) => (await identities.resolveDid(did, options)).signingKey!,
  async apply(event, tx) {
    if (event.type === 'create') await tx.query('insert into note values ($1, $2, 1)', [event.uri, event.cid])
    if (event.type === 'update')
      await tx.query('update note set cid = $2, changes = changes + 1 where uri = $1', [event.uri, event.cid])
    if (event.type === 'delete') await tx.query('delete from note where uri = $1', [event.uri])
  },
})
await database.query(
  'create table if not exists note (uri text primary key, cid text not null, changes integer not null)',
)
await migrate(database, [sync.migrations])
sync.start()
