import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { silentLogger } from '@exprsn/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { createService, type Service } from '../src/service.ts'

const restoreScript = fileURLToPath(new URL('../src/restore.ts', import.meta.url))
let folder: string
let environment: Record<string, string>
let service: Service
const operator = { headers: { authorization: 'Bearer operator-token' } }

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'exprsn-nightly-backup-'))
  environment = {
    APP_FOLDER: join(folder, 'data'),
    APP_BACKUPS: join(folder, 'backups'),
    APP_REPLICA: join(folder, 'replica'),
    APP_PASSWORD: 'correct horse',
    APP_TOKEN: 'operator-token',
  }
  service = createService(readConfig(environment), silentLogger)
  await service.lifecycle.start()
})
afterEach(async () => {
  await service.lifecycle.stop()
  rmSync(folder, { recursive: true })
})

const call = (path: string, init: RequestInit = {}) => fetch(service.url() + path, init)

/** The command of the README, in a process of its own. */
async function restore(source: string, into: string): Promise<void> {
  const args = ['--conditions=@exprsn/source', '--no-warnings', restoreScript, source, into]
  await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...environment } })
}

describe('the service', () => {
  it('backs up its database and its uploads while it runs, and gives them back', async () => {
    await call('/notes', { method: 'POST', body: 'buy milk' })
    await call('/uploads/letter', { method: 'PUT', body: 'first' })
    for (const source of ['database', 'uploads'])
      expect((await call(`/backups/${source}`, { method: 'POST', ...operator })).status).toBe(201)
    await call('/notes', { method: 'POST', body: 'too late' })
    await call('/uploads/letter', { method: 'PUT', body: 'second' })

    await restore('database', join(folder, 'restored-database'))
    const [file] = readdirSync(join(folder, 'restored-database'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.db'),
    )
    const database = new DatabaseSync(join(folder, 'restored-database', file!))
    expect(database.prepare('select text from notes').all()).toEqual([{ text: 'buy milk' }])
    database.close()
    await restore('uploads', join(folder, 'restored-uploads'))
    expect(readFileSync(join(folder, 'restored-uploads', environment['APP_FOLDER']!, 'uploads/letter'), 'utf8')).toBe(
      'first',
    )
  })

  it('tells operators, and nobody else, how the backups are', async () => {
    for (const path of ['/backups', '/backups/status']) expect((await call(path)).status).toBe(403)
    expect((await call('/backups/uploads', { method: 'POST' })).status).toBe(403)
    await call('/backups/uploads', { method: 'POST', ...operator })
    const status = await call('/backups/status', operator)
    expect(status.status).toBe(200)
    expect(await status.json()).toMatchObject({
      ok: true,
      sources: [{ name: 'database' }, { name: 'uploads', snapshots: 1 }],
      replicas: [{ missing: 0 }],
    })
    expect(await (await call('/backups', operator)).json()).toMatchObject([{ source: 'uploads', files: 0 }])
    expect(await (await call('/metrics')).text()).toContain('notes_backup_runs_total')
  })

  it('keeps a whole copy in the replica', async () => {
    await call('/uploads/letter', { method: 'PUT', body: 'first' })
    await call('/backups/uploads', { method: 'POST', ...operator })
    rmSync(environment['APP_BACKUPS']!, { recursive: true })
    environment = { ...environment, APP_BACKUPS: environment['APP_REPLICA']! }
    await restore('uploads', join(folder, 'restored'))
    expect(readFileSync(join(folder, 'restored', environment['APP_FOLDER']!, 'uploads/letter'), 'utf8')).toBe('first')
  })

  it('says everything that is wrong with its settings, and no secret', () => {
    const problem = (() => {
      try {
        return readConfig({ APP_PASSWORD: 'short', APP_PORT: 'x' })
      } catch (error) {
        return String(error)
      }
    })()
    expect(problem).toContain('password')
    expect(problem).toContain('token')
    expect(problem).not.toContain('short')
  })
})
