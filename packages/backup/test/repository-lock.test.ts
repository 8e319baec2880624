import { systemClock, type Clock } from '@exprsn/core'
import { memoryStore } from '@exprsn/core/storage'
import { s3Store, type S3Store } from '@exprsn/core/drivers/s3'
import { simulateS3, type S3Simulator } from '@exprsn/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBackup, type BackupEvent } from '../src/engine/index.ts'
import { openReplica, replicate } from '../src/replicate/index.ts'
import { openRepository } from '../src/repository/index.ts'
import { checkRepository } from '../src/verify/index.ts'
import { mapSource } from './map-source.ts'
import { cheapScrypt, readAll, sampleFiles, sampleRepository, type SampleRepository } from './sample-repository.ts'

const day = 86_400_000
let offset: number
const clock: Clock = { ...systemClock, now: () => Date.now() + offset }
let simulator: S3Simulator
let store: S3Store
let sample: SampleRepository

beforeEach(async () => {
  offset = 0
  simulator = simulateS3({ buckets: [{ name: 'backups', objectLock: true }], clock })
  const { endpoint } = await simulator.start()
  const credentials = { accessKeyId: 'simulator', secretAccessKey: 'simulator-secret' }
  store = s3Store({ bucket: 'backups', endpoint, region: 'us-east-1', credentials, clock })
  sample = await sampleRepository(2, { store, clock, lock: '10d' })
})
afterEach(async () => {
  await store.close()
  await simulator.close()
})

/** The client learns of the new time from the answer to a request that is refused for its old one. */
async function pass(days: number): Promise<void> {
  offset += days * day
  await store.head('config').catch(() => {})
}

/** Days for which objects are locked from now on, by key. */
async function locks(prefix = ''): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (const key of await sample.keys(prefix)) {
    const until = (await store.head(key))!.lockedUntil?.getTime()
    found.set(key, until === undefined ? 0 : Math.round((until - clock.now()) / day))
  }
  return found
}

/** What an interrupted backup leaves behind: packs that nobody needs. */
async function leavePack(text: string): Promise<void> {
  const session = await sample.repository.begin()
  await session.writer.save('data', Buffer.from(text))
  await session.writer.flush()
  await session.end()
}

describe('a repository with object lock', () => {
  it('locks all that cannot be made again, and nothing that comes and goes', async () => {
    const session = await sample.repository.begin()
    const found = await locks()
    for (const kind of ['config', 'keys/', 'data/', 'index/', 'snapshots/'])
      expect([...found.keys()].some((key) => key.startsWith(kind))).toBe(true)
    for (const [key, days] of found) expect([key, days]).toEqual([key, /^(?:x-exprsn|locks)\//.test(key) ? 0 : 10])
    await session.end()
    expect(await sample.keys('x-exprsn/sessions/')).toEqual([])
  })

  it('forgets a snapshot only when its lock has ended', async () => {
    const [first, second] = await sample.repository.snapshots()
    expect(await sample.repository.forget([first!.id])).toEqual([])
    expect((await sample.repository.snapshots()).length).toBe(2)
    await pass(10.1)
    expect(await sample.repository.forget([first!.id])).toEqual([first!.id])
    expect((await sample.repository.snapshots()).map(({ id }) => id)).toEqual([second!.id])
  })

  it('prunes packs only when their lock has ended', async () => {
    await leavePack('nobody needs this')
    const before = await sample.keys('data/')
    const plan = await sample.repository.prune({ maxUnused: 0 })
    expect(plan).toMatchObject({ removed: [], waitingFor: [] })
    expect(plan.locked.length).toBe(1)
    expect(await sample.keys('data/')).toEqual(before)
    await pass(5)
    expect((await sample.repository.prune({ maxUnused: 0 })).locked).toEqual(plan.locked)
    await pass(5.1)
    expect(await sample.repository.prune({ maxUnused: 0 })).toMatchObject({ removed: plan.locked, locked: [] })
    expect(await sample.keys('data/')).toEqual(before.filter((key) => !key.endsWith(plan.locked[0]!)))
    expect(await readAll(await sample.reopen())).toEqual(sample.known)
  })

  it('is whole all the time, for checks and for later prunes', async () => {
    await leavePack('nobody needs this')
    for (let round = 0; round < 5; round++) {
      await sample.repository.prune({ maxUnused: 0 })
      const again = await sample.reopen()
      expect(await checkRepository(again, { level: 3 })).toMatchObject({ ok: true, problems: [] })
      await pass(15)
    }
    expect((await checkRepository(await sample.reopen())).unindexedPacks).toBe(0)
  })

  it('keeps what snapshots need locked, and lets the rest go', async () => {
    await leavePack('nobody needs this')
    const needed = [...(await readNeeded())]
    await pass(4)
    expect(await sample.repository.extendLocks()).toMatchObject({ extended: 0 })
    await pass(2)
    const { objects, extended, until } = await sample.repository.extendLocks()
    expect([extended, Math.round((until.getTime() - clock.now()) / day)]).toEqual([objects, 10])
    for (const [key, days] of await locks('data/')) expect([key, days]).toEqual([key, needed.includes(key) ? 10 : 4])
    for (const [, days] of await locks('snapshots/')) expect(days).toBe(10)
    expect((await sample.repository.extendLocks()).extended).toBe(0)
    await pass(4.1)
    expect((await sample.repository.prune()).removed.length).toBe(1)
  })

  it('locks old packs for longer when a new snapshot relies on them', async () => {
    await pass(9)
    await sample.backup('again', sampleFiles(1))
    await sample.repository.extendLocks()
    await pass(5)
    for (const [key, days] of await locks('data/')) expect([key, days]).toEqual([key, 5])
  })

  it('is looked after by the engine, with its replicas', async () => {
    const replicaSimulator = simulateS3({ buckets: [{ name: 'replica', objectLock: true }] })
    const { endpoint } = await replicaSimulator.start()
    const credentials = { accessKeyId: 'simulator', secretAccessKey: 'simulator-secret' }
    const copy = s3Store({ bucket: 'replica', endpoint, region: 'us-east-1', credentials })
    const events: BackupEvent[] = []
    try {
      const backup = createBackup({
        repository: sample.repository,
        sources: { files: mapSource(new Map([['file', 'content']])) },
        replicate: [{ store: copy, password: 'other', scrypt: cheapScrypt, lock: '20d', name: 'copy' }],
        retention: { last: 1 },
        onEvent: (event) => events.push(event),
        clock,
      })
      await backup.run('files')
      await backup.run('files')
      await backup.maintain()
      const extensions = events.filter((event) => event.kind === 'locks-extended')
      expect(extensions.map(({ replica }) => replica)).toEqual([undefined, 'copy'])
      expect(events.some(({ kind }) => kind === 'forgotten' || kind === 'replicate-failed')).toBe(false)
      expect((await copy.head('config'))!.lockedUntil!.getTime()).toBeGreaterThan(Date.now() + 19 * day)
      await backup.close()
    } finally {
      await copy.close()
      await replicaSimulator.close()
    }
  })

  it('is copied to a store without locks', async () => {
    const replica = await openReplica(sample.repository, {
      store: memoryStore(),
      password: 'other',
      scrypt: cheapScrypt,
    })
    expect(await replicate(sample.repository, replica)).toMatchObject({ ok: true })
    expect(await readAll(replica)).toEqual(sample.known)
  })

  it('is refused where it cannot be', async () => {
    const refused = { code: 'BACKUP_REPOSITORY_OPTION_INVALID' }
    const open = (options: object) =>
      openRepository({ store, password: 'secret', scrypt: cheapScrypt, clock, ...options })
    await expect(open({ store: memoryStore(), create: 'new', lock: '10d' })).rejects.toMatchObject(refused)
    await expect(open({ lock: '1h' })).rejects.toMatchObject(refused)
    await expect((await open({})).extendLocks()).rejects.toMatchObject(refused)
  })

  it('is honoured by programs that were opened without it', async () => {
    await leavePack('nobody needs this')
    const other = await openRepository({ store, password: 'secret', clock })
    const [first] = await other.snapshots()
    expect(await other.forget([first!.id])).toEqual([])
    expect((await other.prune()).locked.length).toBe(1)
  })
})

/** Keys of the packs of which a dry run says that they would stay. */
async function readNeeded(): Promise<Set<string>> {
  const { remove, orphans } = await sample.repository.prune({ dryRun: true, maxUnused: 1 })
  const gone = new Set([...remove, ...orphans])
  return new Set((await sample.keys('data/')).filter((key) => !gone.has(key.slice('data/00/'.length))))
}
