import { createMetrics } from '@exprsn/core/metrics'
import type { JobOptions } from '@exprsn/core/schedule'
import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { SimulatedClock } from '@exprsn/core/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { mapSource } from '../../test/map-source.ts'
import { cheapScrypt } from '../../test/sample-repository.ts'
import { verifySnapshotLog } from '../evidence/index.ts'
import { openRepository, type Repository } from '../repository/index.ts'
import type { BackupOptions } from './backup-options.ts'
import { createBackup } from './create-backup.ts'
import { createBackupStatusHandler } from './status-handler.ts'

let clock: SimulatedClock
let store: ObjectStore
let files: Map<string, string>
let repository: Repository

beforeEach(async () => {
  clock = new SimulatedClock()
  store = memoryStore({ clock })
  files = new Map([
    ['a', 'first'],
    ['b', 'second'],
  ])
  repository = await openRepository({
    store,
    password: 'secret',
    create: 'new',
    scrypt: cheapScrypt,
    clock,
    hostname: 'host',
  })
})

const make = (options: Partial<BackupOptions> = {}) =>
  createBackup({ repository, sources: { docs: mapSource(files) }, clock, ...options })

describe('createBackup', () => {
  it('does nothing before it is asked to', async () => {
    const failing = Promise.reject(new Error('later'))
    const backup = make({ repository: failing })
    await expect(backup.list()).rejects.toThrow('later')
    expect(clock.pending).toBe(0)
  })

  it('stores, lists and restores', async () => {
    const backup = make({ tags: ['nightly'] })
    const phases: string[] = []
    const first = await backup.run('docs', { tags: ['extra'], onProgress: ({ phase }) => phases.push(phase) })
    expect(first).toMatchObject({ files: 2, bytes: 11, filesRead: 2 })
    expect(first.added).toBeGreaterThan(11)
    expect(phases).toContain('reading')
    files.set('a', 'changed')
    await clock.advanceBy('1h')
    const second = await backup.run('docs')
    expect(second.filesRead).toBe(1)
    expect(second.snapshot).toMatchObject({ parent: first.id, source: 'docs', hostname: 'host', tags: ['nightly'] })
    expect((await backup.list('docs')).map(({ id, tags }) => [id, tags])).toEqual([
      [first.id, ['nightly', 'extra']],
      [second.id, ['nightly']],
    ])
    const [latest, older] = [new Map<string, string>(), new Map<string, string>()]
    await backup.restore('docs', { into: latest })
    await backup.restore('docs', { into: older, from: first.id.slice(0, 10), include: ['/a'] })
    expect([...latest]).toEqual([
      ['a', 'changed'],
      ['b', 'second'],
    ])
    expect([...older]).toEqual([['a', 'first']])
  })

  it('browses and compares snapshots', async () => {
    const backup = make()
    const first = await backup.run('docs')
    files.set('a', 'changed')
    files.delete('b')
    files.set('c', 'new')
    const second = await backup.run('docs')
    const changes: string[] = []
    for await (const { path, change } of backup.diff(first.id, second.id)) changes.push(`${change} ${path}`)
    expect(changes).toEqual(['modified /a', 'removed /b', 'added /c'])
    const paths: string[] = []
    for await (const { path } of backup.entries(second.id)) paths.push(path)
    expect(paths).toEqual(['/a', '/c'])
    const parts: Uint8Array[] = []
    for await (const part of backup.open(first.id, '/b')) parts.push(part)
    expect(Buffer.concat(parts).toString()).toBe('second')
  })

  it('lets the source begin while the repository is being opened', async () => {
    const order: string[] = []
    let open = (_repository: Repository): void => {}
    const opening = new Promise<Repository>((resolve) => (open = resolve))
    const source = mapSource(files, () => {
      order.push('the source began')
      open(repository)
    })
    await createBackup({ repository: opening, sources: { docs: source }, clock }).run('docs')
    expect(order).toEqual(['the source began'])
  })

  it('stores only what an interrupted run had not stored', async () => {
    const backup = make()
    const stop = new AbortController()
    files.set('c', 'x'.repeat(5_000))
    const flushing = mapSource(files)
    const source = {
      ...flushing,
      backup: async (context: Parameters<typeof flushing.backup>[0]) => {
        const result = await flushing.backup(context)
        await (await context.session()).writer.flush()
        stop.abort(new Error('interrupted'))
        return result
      },
    }
    const interrupted = createBackup({ repository, sources: { docs: source }, clock })
    await expect(interrupted.run('docs', { signal: stop.signal })).rejects.toThrow('interrupted')
    expect(await backup.list()).toEqual([])
    const result = await backup.run('docs')
    expect(result).toMatchObject({ files: 3, added: 0, stored: 0 })
  })

  it('forgets by its policy, shows that before, and frees the space', async () => {
    const backup = make({ retention: { daily: 2 } })
    for (let day = 0; day < 4; day++) {
      files.set('a', `day ${day}`)
      await backup.run('docs')
      await clock.advanceBy('1d')
    }
    const plan = await backup.forget({ dryRun: true })
    expect(plan['docs']!.remove).toHaveLength(2)
    expect(await backup.list()).toHaveLength(4)
    const packs = (await backup.stats()).packs
    const report = await backup.maintain()
    expect(report.ok).toBe(true)
    expect(await backup.list()).toHaveLength(2)
    expect((await backup.stats()).packs).toBeLessThan(packs)
    await backup.prune({ maxUnused: 0 })
    expect((await backup.check({ level: 3 })).ok).toBe(true)
    expect(await make().forget()).toEqual({})
    expect(await backup.stats()).toMatchObject({ snapshots: 2 })
  })

  it('never forgets what another host or source has stored', async () => {
    const theirs = await openRepository({ store, password: 'secret', clock, hostname: 'elsewhere' })
    await createBackup({ repository: theirs, sources: { docs: mapSource(files) }, clock }).run('docs')
    await createBackup({ repository, sources: { other: mapSource(files) }, clock }).run('other')
    await make().run('docs')
    await make({ retention: { last: 1 } }).forget()
    expect(await repository.snapshots()).toHaveLength(3)
  })

  it('keeps replicas up to date, and heals from them', async () => {
    const other = memoryStore({ clock })
    const events: string[] = []
    const replica = { store: other, password: 'other', scrypt: cheapScrypt }
    const backup = make({ replicate: [replica], onEvent: ({ kind }) => events.push(kind) })
    await backup.run('docs')
    expect(events).toEqual(['run-completed', 'replicated'])
    expect((await backup.status()).replicas).toEqual([{ name: 'replica', missing: 0, age: 0, failure: undefined }])
    expect((await backup.replicate())['replica']).toMatchObject({ ok: true, packs: 0 })
  })

  it('has its snapshot although a replica is away, and tells of the lag', async () => {
    const broken: ObjectStore = { ...memoryStore(), get: () => Promise.reject(new Error('away')) }
    const events: string[] = []
    const backup = make({
      replicate: [{ store: broken, password: 'other', attempts: 1, name: 'bucket' }],
      lagAfter: '2h',
      onEvent: ({ kind }) => events.push(kind),
    })
    const { id } = await backup.run('docs')
    expect(events).toEqual(['run-completed', 'replicate-failed'])
    expect((await backup.list()).map((each) => each.id)).toEqual([id])
    await clock.advanceBy('3h')
    const { ok, alerts, replicas } = await backup.status()
    expect(ok).toBe(false)
    expect(replicas).toMatchObject([{ name: 'bucket', missing: 1, failure: 'away' }])
    expect(alerts).toMatchObject([{ key: 'lag:bucket', text: 'bucket lacks 1 snapshot(s), the oldest 3.0 h old.' }])
  })

  it('runs by its schedule', async () => {
    const added: JobOptions[] = []
    const backup = make({
      scheduler: { add: (job) => void added.push(job) },
      schedule: { docs: '0 2 * * *' },
      maintenance: '0 4 * * 0',
      retention: { last: 5 },
    })
    expect(added).toEqual([])
    backup.start()
    backup.start()
    expect(added.map(({ id }) => id)).toEqual(['backup:docs', 'backup-maintenance'])
    const context = { signal: new AbortController().signal } as Parameters<JobOptions['run']>[0]
    for (const { run } of added) await run(context)
    const { sources, lastCheck } = await backup.status()
    expect(sources[0]).toMatchObject({ snapshots: 1, nextRun: new Date('2026-01-01T02:00:00Z'), running: false })
    expect(lastCheck).toMatchObject({ ok: true })
    await backup.close()
    expect(clock.pending).toBe(0)
  })

  it('tells of a schedule that is missed, once, and that it is over', async () => {
    const told: string[] = []
    const backup = make({
      scheduler: { add: () => {} },
      schedule: { docs: '0 2 * * *' },
      notify: { send: async ({ status, key, severity }) => told.push(`${status} ${key} ${severity}`) },
    })
    backup.start()
    await clock.advanceBy('2h')
    expect(told).toEqual([])
    await clock.advanceBy('5h')
    expect(told).toEqual(['firing backup:missed:docs critical'])
    await backup.run('docs')
    await clock.advanceBy('6m')
    expect(told).toEqual(['firing backup:missed:docs critical', 'resolved backup:missed:docs critical'])
    await backup.close()
  })

  it('remembers a run that failed until one succeeds, and tells again when telling failed', async () => {
    let wrong = true
    let deaf = true
    const told: string[] = []
    const backup = createBackup({
      repository,
      clock,
      sources: {
        docs: mapSource(files, () => {
          if (wrong) throw new Error('the disk is on fire')
        }),
      },
      notify: {
        send: async ({ status, title }) => {
          if (deaf) throw new Error('no network')
          told.push(`${status}: ${title}`)
        },
      },
    })
    await expect(backup.run('docs')).rejects.toThrow('fire')
    await backup.watch()
    deaf = false
    await backup.watch()
    await backup.watch()
    wrong = false
    await backup.run('docs')
    await backup.watch()
    expect(told.map((text) => text.split(':')[0])).toEqual(['firing', 'resolved'])
    expect(told[0]).toContain('the disk is on fire')
  })

  it('answers monitors', async () => {
    const backup = make({ schedule: { docs: '0 2 * * *' }, scheduler: { add: () => {} } })
    const handler = createBackupStatusHandler(backup, { authorize: (request) => request.headers.has('authorization') })
    const headers = { authorization: 'x' }
    const ask = (method: string, init: RequestInit = {}) =>
      handler(new Request('http://localhost/', { method, ...init }))
    expect((await ask('GET')).status).toBe(403)
    expect((await ask('POST', { headers })).status).toBe(405)
    const good = await ask('GET', { headers })
    expect(good.status).toBe(200)
    expect(await good.json()).toMatchObject({ ok: true, sources: [{ name: 'docs', snapshots: 0 }] })
    await clock.advanceBy('1d')
    expect((await ask('HEAD', { headers })).status).toBe(503)
    expect((await createBackupStatusHandler(backup)(new Request('http://localhost/'))).status).toBe(503)
  })

  it('keeps a signed log of its snapshots when it is asked to', async () => {
    const events: string[] = []
    const backup = make({ snapshotLog: true, retention: { last: 1 }, onEvent: ({ kind }) => events.push(kind) })
    await backup.run('docs')
    files.set('a', 'changed')
    await clock.advanceBy('1h')
    await backup.run('docs')
    await backup.forget()
    expect(await verifySnapshotLog(repository)).toMatchObject({ ok: true, entries: 3, unrecorded: [] })
    await store.put('x-exprsn/log/000000000003', Buffer.from('forged'))
    await clock.advanceBy('1h')
    expect((await backup.run('docs')).files).toBe(2)
    expect(events).toContain('log-failed')
  })

  it('measures', async () => {
    const metrics = createMetrics()
    const backup = make({ metrics })
    await backup.run('docs')
    await backup.check()
    await backup.watch()
    let text = ''
    for await (const part of metrics.text()) text += part
    expect(text).toContain('backup_runs_total{source="docs",outcome="completed"} 1')
    expect(text).toMatch(/backup_last_success_timestamp_seconds\{source="docs"\} 1767225600/)
  })

  it('survives a listener that throws', async () => {
    const backup = make({
      onEvent: () => {
        throw new Error('listener')
      },
    })
    expect((await backup.run('docs')).files).toBe(2)
  })

  it.each([
    ['no sources', { sources: {} }],
    ['a name that is a path', { sources: { '../x': mapSource(new Map()) } }],
    ['a name of dots', { sources: { '..': mapSource(new Map()) } }],
    ['a schedule without a scheduler', { schedule: { docs: '0 2 * * *' } }],
    ['a schedule for nothing', { schedule: { other: '0 2 * * *' }, scheduler: { add: () => {} } }],
    ['maintenance without a scheduler', { maintenance: '0 4 * * 0' }],
  ] as const)('refuses %s', (_what, options) => {
    expect(() => make(options as Partial<BackupOptions>)).toThrow(
      expect.objectContaining({ code: 'BACKUP_OPTION_INVALID' }),
    )
  })

  it('refuses a policy that keeps nothing, unknown sources and snapshots', async () => {
    expect(() => make({ retention: {} })).toThrow(expect.objectContaining({ code: 'BACKUP_RETENTION_INVALID' }))
    const backup = make()
    await expect(backup.run('other')).rejects.toMatchObject({ code: 'BACKUP_SOURCE_UNKNOWN' })
    await expect(backup.list('toString')).rejects.toMatchObject({ code: 'BACKUP_SOURCE_UNKNOWN' })
    await expect(backup.restore('docs', { into: new Map() })).rejects.toMatchObject({
      code: 'BACKUP_SNAPSHOT_NOT_FOUND',
    })
    await expect(backup.restore('docs', { into: new Map(), from: 'abcd' })).rejects.toMatchObject({
      code: 'BACKUP_SNAPSHOT_NOT_FOUND',
    })
  })

  it('waits for a run in progress when it closes', async () => {
    let let_go = (): void => {}
    const held = new Promise<void>((resolve) => (let_go = resolve))
    const backup = createBackup({ repository, clock, sources: { docs: mapSource(files, () => held) } })
    const run = backup.run('docs')
    expect((await backup.status()).sources[0]!.running).toBe(true)
    let closed = false
    const closing = backup.close().then(() => (closed = true))
    await clock.advanceBy('1s')
    expect(closed).toBe(false)
    let_go()
    await run
    await closing
  })
})
