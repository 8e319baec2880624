import { folderStore } from '@exprsn/core/storage'
import { s3Store } from '@exprsn/core/drivers/s3'
import { createSimulatedDisk, randomFaults, SeededRandom, simulateS3, SimulatedClock } from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { checkRepository } from '../src/verify/index.ts'
import { openReplica, repairRepository, replicate } from '../src/replicate/index.ts'
import { cheapScrypt, readAll, sampleFiles, sampleRepository } from './sample-repository.ts'

describe('a repository in a bucket', () => {
  it.each(['minio', 'r2', 'ceph', 'b2'] as const)(
    'is written, pruned and read under the profile %s',
    async (profile) => {
      const simulator = simulateS3({ buckets: ['backups'] })
      const { endpoint } = await simulator.start()
      const credentials = { accessKeyId: 'simulator', secretAccessKey: 'simulator-secret' }
      const store = s3Store({ bucket: 'backups', prefix: 'app', endpoint, region: 'us-east-1', credentials, profile })
      try {
        const sample = await sampleRepository(3, { store })
        const [first] = await sample.repository.snapshots()
        await sample.repository.forget([first!.id])
        await sample.repository.prune({ maxUnused: 0 })
        const again = await sample.reopen()
        expect(await checkRepository(again, { level: 3 })).toMatchObject({ ok: true })
        expect([...(await readAll(again)).keys()]).toEqual(['1', '2'])
      } finally {
        await store.close()
        await simulator.close()
      }
    },
  )

  it('heals a byte that flipped in a folder', async () => {
    const simulator = simulateS3({ buckets: ['replica'] })
    const { endpoint } = await simulator.start()
    const credentials = { accessKeyId: 'simulator', secretAccessKey: 'simulator-secret' }
    const store = s3Store({ bucket: 'replica', endpoint, region: 'us-east-1', credentials, profile: 'minio' })
    try {
      const sample = await sampleRepository()
      const replica = await openReplica(sample.repository, { store, password: 'other', scrypt: cheapScrypt })
      expect(await replicate(sample.repository, replica)).toMatchObject({ ok: true })
      await sample.flip((await sample.keys('data/'))[0]!, 30)
      const { before, after } = await repairRepository(await sample.reopen(), { from: [replica] })
      expect([before.ok, after.ok]).toEqual([false, true])
    } finally {
      await store.close()
      await simulator.close()
    }
  })
})

describe('a repository on a disk in trouble', () => {
  it('keeps what it has when the disk is full, and goes on when there is room', async () => {
    const disk = createSimulatedDisk({ capacity: 200_000 })
    const clock = new SimulatedClock()
    const store = folderStore({ path: '/repository', disk, clock, random: new SeededRandom(1) })
    const sample = await sampleRepository(1, { store, clock, attempts: 1, compression: false })
    const noise = Buffer.from(new SeededRandom(2).bytes(400_000)).toString('latin1')
    await expect(sample.backup('too large', new Map([['one/large', noise]]))).rejects.toMatchObject({
      code: 'CORE_STORAGE_FULL',
    })
    expect(await readAll(await sample.reopen())).toEqual(new Map([['0', sampleFiles(0)]]))
    await sample.backup('small', sampleFiles(1))
    await (await sample.reopen()).prune({ maxUnused: 0 })
    expect(await checkRepository(await sample.reopen(), { level: 3 })).toMatchObject({ ok: true })
  })

  it('never shows a snapshot that it could not write whole, whatever call of the disk fails', async () => {
    let failures = 0
    for (let seed = 1; seed <= 40; seed++) {
      const random = new SeededRandom(seed)
      const clock = new SimulatedClock()
      const { intercept } = randomFaults({ random: random.fork('faults'), rate: 0.01 })
      let failing = false
      const disk = createSimulatedDisk({ intercept: (operation) => (failing ? intercept(operation) : undefined) })
      const store = folderStore({ path: '/repository', disk, clock, random: random.fork('store') })
      const sample = await sampleRepository(1, { store, clock, attempts: 1, random: random.fork('repository') })
      const promised = new Set(['0'])
      failing = true
      for (let version = 1; version < 5; version++) {
        try {
          await sample.backup(String(version), sampleFiles(version))
          promised.add(String(version))
          await sample.repository.prune({ maxUnused: 0 })
        } catch (error) {
          failures++
          expect((error as { code?: string }).code).toMatch(/^(CORE_STORAGE|BACKUP)_/)
        }
      }
      failing = false
      const found = await readAll(await sample.reopen())
      for (const [tag, files] of found) expect(files, `seed ${seed}`).toEqual(sample.known.get(tag))
      for (const tag of promised) expect(found.has(tag), `snapshot ${tag} of seed ${seed} is lost`).toBe(true)
    }
    expect(failures).toBeGreaterThan(20)
  })
})
