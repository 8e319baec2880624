import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { faultyStore, SeededRandom } from '@exprsn/core/testing'
import { availableParallelism } from 'node:os'
import { describe, expect, it, onTestFinished } from 'vitest'
import { cheapScrypt, readAll, sampleFiles, sampleRepository } from '../../test/sample-repository.ts'
import { openRepository } from '../repository/index.ts'
import { checkRepository } from '../verify/check-repository.ts'
import { openReplica } from './open-replica.ts'
import { replicaLag } from './replica-lag.ts'
import { repairRepository } from './repair-repository.ts'
import { replicate } from './replicate.ts'

const replicaOf = async (sample: Awaited<ReturnType<typeof sampleRepository>>, store = memoryStore()) => ({
  store,
  replica: await openReplica(sample.repository, { store, password: 'other', scrypt: cheapScrypt }),
})

const openIt = (store: ObjectStore) => openRepository({ store, password: 'other', scrypt: cheapScrypt })

describe('replicate', () => {
  it('makes a repository that stands on its own, under its own password', async () => {
    const sample = await sampleRepository()
    const { store, replica } = await replicaOf(sample)
    const report = await replicate(sample.repository, replica)
    expect(report).toMatchObject({ ok: true, snapshots: 2, unreadable: [], unverified: [] })
    const alone = await openIt(store)
    expect(await readAll(alone)).toEqual(sample.known)
    expect(await checkRepository(alone, { level: 3 })).toMatchObject({ ok: true })
    await expect(openRepository({ store, password: 'secret', scrypt: cheapScrypt })).rejects.toMatchObject({
      code: 'BACKUP_REPOSITORY_PASSWORD',
    })
  })

  it('copies only what is missing, and says how far the replica is behind', async () => {
    const sample = await sampleRepository()
    const { replica } = await replicaOf(sample)
    await replicate(sample.repository, replica)
    expect(await replicate(sample.repository, replica)).toMatchObject({ ok: true, packs: 0, bytes: 0, snapshots: 0 })
    expect(await replicaLag(sample.repository, replica, 10_000)).toEqual({ snapshots: 0, age: 0 })
    await sample.backup('2', sampleFiles(2))
    expect(await replicaLag(sample.repository, replica, 10_000)).toEqual({ snapshots: 1, age: 7_000 })
    expect((await replicate(sample.repository, replica)).snapshots).toBe(1)
  })

  it('goes on after a prune of the source, and the replica can be pruned by itself', async () => {
    const sample = await sampleRepository(3)
    const { replica } = await replicaOf(sample)
    await replicate(sample.repository, replica)
    const [first] = await sample.repository.snapshots()
    await sample.repository.forget([first!.id])
    await sample.repository.prune({ maxUnused: 0 })
    await sample.backup('3', sampleFiles(3))
    expect(await replicate(sample.repository, replica)).toMatchObject({ ok: true })
    expect([...(await readAll(replica)).keys()].sort()).toEqual(['0', '1', '2', '3'])
    await replica.forget([first!.id])
    await replica.prune({ maxUnused: 0 })
    expect(await checkRepository(replica, { level: 3 })).toMatchObject({ ok: true })
  })

  it('shows no snapshot in the replica that lacks something there', async () => {
    const sample = await sampleRepository()
    const [pack] = await sample.keys('data/')
    await sample.flip(pack!, 30)
    const { replica } = await replicaOf(sample)
    expect(await replicate(sample.repository, replica)).toMatchObject({ ok: false, unreadable: [pack] })
    expect(await replica.snapshots()).toEqual([])
  })

  it('replaces a pack that has another size in the replica', async () => {
    const sample = await sampleRepository()
    const { store, replica } = await replicaOf(sample)
    await replicate(sample.repository, replica)
    const [pack] = await sample.keys('data/')
    await store.put(pack!, Buffer.from('short'))
    expect(await replicate(sample.repository, replica)).toMatchObject({ ok: true, packs: 1 })
    expect(await checkRepository(replica, { level: 3 })).toMatchObject({ ok: true })
  })

  it('says when the replica forgets what it was given', async () => {
    const sample = await sampleRepository()
    const inner = memoryStore()
    const store = {
      ...inner,
      put: async (...[key, body, options]: Parameters<typeof inner.put>) => {
        const info = await inner.put(key, body, options)
        if (key.startsWith('data/')) await inner.delete(key)
        return info
      },
    }
    const { replica } = await replicaOf(sample, store)
    const report = await replicate(sample.repository, replica)
    expect(report.ok).toBe(false)
    expect(report.unverified.length).toBeGreaterThan(0)
  })

  it('refuses a store that holds another repository', async () => {
    const [one, two] = [await sampleRepository(0), await sampleRepository(0)]
    await expect(openReplica(one.repository, { store: two.store, password: 'secret' })).rejects.toMatchObject({
      code: 'BACKUP_REPLICA_OTHER',
    })
  })

  it('starts no thread for the key of a replica that is said to be cheap', async () => {
    const sample = await sampleRepository()
    const { store } = await replicaOf(sample)
    let started = 0
    const onWorker = (): void => void started++
    process.on('worker', onWorker)
    onTestFinished(() => void process.off('worker', onWorker))
    await openReplica(sample.repository, { store, password: 'other', scrypt: cheapScrypt })
    expect(started).toBe(0)
    // As long as nobody says so some are, where there are processors for them.
    await openReplica(sample.repository, { store, password: 'other' })
    expect(started > 0).toBe(availableParallelism() > 1)
  })

  it('is taken up again after it was interrupted anywhere', async () => {
    const sample = await sampleRepository(3)
    for (let seed = 1; seed <= 30; seed++) {
      const inner = memoryStore()
      const faulty = faultyStore(inner, {
        random: new SeededRandom(seed),
        faults: { unavailable: 0.15, 'lost-response': 0.1 },
      })
      for (let attempt = 0; ; attempt++) {
        try {
          const replica = await openReplica(sample.repository, {
            store: faulty,
            password: 'other',
            scrypt: cheapScrypt,
            attempts: 1,
          })
          await replicate(sample.repository, replica)
          break
        } catch (error) {
          expect((error as { code?: string }).code).toMatch(/^(CORE_STORAGE_UNAVAILABLE|BACKUP_REPOSITORY_NO_KEY)$/)
          const visible = await openIt(inner).catch(() => undefined)
          // Whatever the replica shows is whole at every moment.
          if (visible !== undefined)
            for (const [tag, files] of await readAll(visible)) expect(files).toEqual(sample.known.get(tag))
        }
        if (attempt === 40) faulty.heal()
      }
      expect(await readAll(await openIt(inner))).toEqual(sample.known)
    }
  }, 180_000)
})

describe('repairRepository', () => {
  it('heals a flipped byte, a lost pack, index and snapshot from a replica', async () => {
    const sample = await sampleRepository(3)
    const { replica } = await replicaOf(sample)
    await replicate(sample.repository, replica)
    const [pack, other] = await sample.keys('data/')
    await sample.flip(pack!, 30)
    await sample.store.delete(other!)
    await sample.flip((await sample.keys('index/'))[0]!, 40)
    await sample.flip((await sample.keys('snapshots/'))[0]!, 40)
    const report = await repairRepository(await sample.reopen(), { from: [replica] })
    expect(report.before.ok).toBe(false)
    expect(report.after).toMatchObject({ ok: true, affected: [] })
    expect(report.lostPacks).toEqual([])
    expect(await readAll(await sample.reopen())).toEqual(sample.known)
  })

  it('builds a lost index again from the packs', async () => {
    const sample = await sampleRepository()
    const packs = await sample.keys('data/')
    for (const key of await sample.keys('index/')) await sample.store.delete(key)
    const report = await repairRepository(await sample.reopen())
    expect(report.indexedPacks).toBe(packs.length)
    expect(report.after.ok).toBe(true)
    expect(await readAll(await sample.reopen())).toEqual(sample.known)
  })

  it('replaces a damaged index', async () => {
    const sample = await sampleRepository()
    for (const key of await sample.keys('index/')) await sample.flip(key, 50)
    expect((await repairRepository(await sample.reopen())).after.ok).toBe(true)
    expect(await readAll(await sample.reopen())).toEqual(sample.known)
  })

  it('without a replica saves the sound blobs of a damaged pack, and names the files that are lost', async () => {
    const sample = await sampleRepository(1, { packSize: 100_000 })
    for (const key of await sample.keys('data/')) {
      // The first blob of the pack of file contents.
      await sample.flip(key, 20)
      if (
        (await checkRepository(await sample.reopen(), { level: 3 })).affected.some(
          ({ path }) => path.split('/').length === 3,
        )
      )
        break
      await sample.flip(key, 20)
    }
    const report = await repairRepository(await sample.reopen())
    expect(report.lostPacks).toHaveLength(1)
    expect(report.before.affected).toHaveLength(1)
    expect(report.after.affected).toEqual(report.before.affected)
    const repaired = await sample.reopen()
    let readable = 0
    for await (const { path, node } of repaired.entries('latest', '/', { recursive: true })) {
      if (node.type !== 'file') continue
      const content = repaired.open('latest', path)[Symbol.asyncIterator]()
      await content.next().then(
        () => readable++,
        () => {},
      )
    }
    expect(readable).toBe(2)
    // A new backup of the same files brings everything back.
    await sample.backup('again', sampleFiles(0))
    expect((await checkRepository(await sample.reopen(), { level: 3 })).ok).toBe(true)
  })

  it('changes nothing in a dry run', async () => {
    const sample = await sampleRepository()
    await sample.store.delete((await sample.keys('data/'))[0]!)
    const before = await sample.keys()
    const report = await repairRepository(await sample.reopen(), { dryRun: true })
    expect(report.before.ok).toBe(false)
    expect(await sample.keys()).toEqual(before)
  })

  it('finds nothing to do in a sound repository', async () => {
    const sample = await sampleRepository()
    const before = await sample.keys()
    expect(await repairRepository(sample.repository)).toMatchObject({ healed: [], indexedPacks: 0, lostPacks: [] })
    expect(await sample.keys()).toEqual(before)
  })
})
