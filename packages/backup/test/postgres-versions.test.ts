import { join } from 'node:path'
import { createBackup, currentPosition, openRepository, waitForRecovery } from '@exprsn/backup'
import { postgresConnector, postgresSource } from '@exprsn/backup/drivers/postgres'
import { startPostgres } from '@exprsn/backup/server'
import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { folderStore } from '@exprsn/core/storage'
import { postgresOfMajor } from '@exprsn/real-servers/postgres-of-major'
import { describe, expect, it } from 'vitest'
import { cheapScrypt } from './sample-repository.ts'
import { emitReceived, value } from './source.ts'

// The oldest that is supported and the newest run through every other test of PostgreSQL.
describe.each([16, 17] as const)('PostgreSQL %i', (major) => {
  it('is backed up, received from, and brought back to a moment', { timeout: 300_000 }, async (context) => {
    const installation = await postgresOfMajor(major)
    if ('missing' in installation) return context.skip(installation.missing)
    const folder = await makeTemporaryFolder(systemDisk, { prefix: 'versions-' })
    // As root the server runs as another user, who must be able to reach what is restored in here.
    await systemDisk.setMode(folder, 0o711)
    await using stack = new AsyncDisposableStack()
    stack.defer(() => removeTree(systemDisk, folder))
    const summaries = major >= 17 ? { summarize_wal: 'on' } : {}
    const server = await startPostgres({ installation, settings: { fsync: 'off', ...summaries } })
    stack.defer(() => server.stop())
    const connector = postgresConnector(server.connection)
    await using sql = await connector.sql()
    await sql.query(
      'create table events as select n as id, repeat(md5(n::text), 10) as body from generate_series(1, 20000) n',
    )
    await using backup = createBackup({
      repository: openRepository({
        ...{ store: folderStore({ path: join(folder, 'repository') }), password: 'secret', create: 'if-missing' },
        scrypt: cheapScrypt,
      }),
      cacheFolder: join(folder, 'cache'),
      sources: { db: postgresSource({ connector }) },
    })
    backup.start()
    const full = await backup.run('db')
    await sql.query('delete from events where id % 100 = 0')
    // From 17 on only what changed is sent.
    if (major >= 17) expect((await backup.run('db')).bytes).toBeLessThan(full.bytes / 2)
    await sql.query('insert into events values (0)')
    const { lsn } = await currentPosition(sql)
    await sql.query('drop table events')
    await emitReceived(sql)
    const { cluster } = await backup.restore('db', { into: join(folder, 'restored'), until: { lsn }, durable: false })
    const { dataFolder } = cluster!
    await using copy = await startPostgres({ dataFolder, installation, disposable: true, settings: { fsync: 'off' } })
    await using restored = await postgresConnector(copy.connection).sql()
    await waitForRecovery(restored, { timeout: '120s' })
    expect(await value(restored, 'select count(*)::int from events')).toBe(19_801)
  })
})
