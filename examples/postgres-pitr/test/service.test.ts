import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { currentPosition, emitMarker, waitForRecovery } from '@exprsn/backup'
import { postgresConnector } from '@exprsn/backup/drivers/postgres'
import { startPostgres } from '@exprsn/backup/server'
import { silentLogger } from '@exprsn/core'
import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { createService } from '../src/service.ts'

const restoreScript = fileURLToPath(new URL('../src/restore.ts', import.meta.url))
const operator = { headers: { authorization: 'Bearer operator-token' } }

describe('the service', () => {
  it('backs a cluster up, proves it, shows it, and brings a moment back', { timeout: 180_000 }, async (context) => {
    const folder = await makeTemporaryFolder(systemDisk, { prefix: 'postgres-pitr-' })
    context.onTestFinished(() => removeTree(systemDisk, folder))
    // As root the server runs as another user, who must be able to reach what is restored in here.
    await systemDisk.setMode(folder, 0o711)
    await using cluster = await startPostgres({ resolveFrom: import.meta.filename, settings: { fsync: 'off' } })
    const { host, port, user, database } = cluster.connection
    const environment = {
      APP_DATABASE: `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`,
      APP_FOLDER: join(folder, 'data'),
      APP_BACKUPS: join(folder, 'backups'),
      APP_PASSWORD: 'correct horse',
      APP_TOKEN: 'operator-token',
      APP_ASSERTION: 'select count(*) = 100 from orders',
    }
    const service = createService(readConfig(environment), silentLogger)
    await service.lifecycle.start()
    try {
      const call = (path: string, init: RequestInit = {}) => fetch(service.url() + path, { ...operator, ...init })
      expect((await fetch(`${service.url()}/drills`, { method: 'POST' })).status).toBe(403)
      await using sql = await postgresConnector(cluster.connection).sql()
      await sql.query('create table orders as select generate_series(1, 99) as id')
      const run = await (await call('/backups', { method: 'POST' })).json()
      expect(run).toMatchObject({ window: expect.stringMatching(/^At .*\/s a backup of .* fits into 2 h\.$/) })
      await sql.query('insert into orders values (100)')

      expect(await (await call('/drills', { method: 'POST' })).json()).toMatchObject({ ok: true, failed: [] })
      const report = await (await call('/drills/last')).text()
      expect(report).toContain('the assertion of this service')
      expect(await (await call('/status')).json()).toMatchObject({ ok: true, sources: [{ name: 'db', snapshots: 1 }] })
      const metrics = await (await call('/metrics')).text()
      expect(metrics).toMatch(/backup_drill_recovery_seconds\{source="db"\} \d/)
      expect(await (await call('/rules.yaml')).text()).toContain('BackupDrillMissing')
      expect(await (await call('/dashboard.json')).json()).toMatchObject({ uid: 'exprsn-backup' })

      const before = await currentPosition(sql)
      await sql.query('drop table orders')
      await emitMarker(sql)
      await service.backups.restore('db', { into: join(folder, 'checked'), until: { time: before.time } })
      expect(await (await call('/recoverable')).json()).toMatchObject([{ snapshots: [expect.any(String)] }])
      const into = join(folder, 'restored')
      const args = ['--conditions=@exprsn/source', '--no-warnings', restoreScript, into, before.time]
      await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...environment } })
      const { major } = cluster.installation.version
      const settings = { fsync: 'off' }
      await using restored = await startPostgres({
        dataFolder: into,
        major,
        settings,
        resolveFrom: import.meta.filename,
      })
      await using copy = await postgresConnector(restored.connection).sql()
      await waitForRecovery(copy, { timeout: '60s' })
      expect((await copy.query('select count(*)::int as orders from orders')).rows).toEqual([{ orders: 100 }])
    } finally {
      await service.lifecycle.stop()
    }
  })

  it('says everything that is wrong with its settings, and no secret', () => {
    const problem = (() => {
      try {
        return readConfig({ APP_PASSWORD: 'short', APP_PORT: 'x' })
      } catch (error) {
        return String(error)
      }
    })()
    for (const setting of ['password', 'token', 'database']) expect(problem).toContain(setting)
    expect(problem).not.toContain('short')
  })
})
