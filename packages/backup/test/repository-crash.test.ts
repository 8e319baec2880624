import { folderStore, type ObjectStore } from '@exprsn/core/storage'
import {
  enumerateCrashPoints,
  SeededRandom,
  SimulatedClock,
  type CrashContext,
  type SimulatedDisk,
} from '@exprsn/core/testing'
import { describe, expect, it } from 'vitest'
import { createConfig } from '../src/repository/config/config.ts'
import type { Repository } from '../src/repository/index.ts'
import { masterKeyOf } from '../src/repository/key/master-key.ts'
import { repositoryWithKey } from '../src/repository/assemble-repository.ts'
import { repairRepository, replicate } from '../src/replicate/index.ts'
import { readAll } from './sample-repository.ts'
import { backupOnce, readBack } from './simulations/repository/backup-once.ts'
import type { Files } from './simulations/repository/model.ts'

const random = new SeededRandom('secrets')
const secrets = { master: masterKeyOf(random.bytes(64)), config: createConfig(random) }

const versions: readonly Files[] = [
  new Map([
    ['one/a', 'first '.repeat(60)],
    ['one/b', 'shared'],
    ['two/c', 'only in the first version'],
  ]),
  new Map([
    ['one/a', 'second '.repeat(60)],
    ['one/b', 'shared'],
    ['two/c', 'shared'],
  ]),
  new Map([
    ['one/a', 'third'],
    ['two/c', 'shared'],
  ]),
]
const known = new Map(versions.map((files, index) => [String(index), files]))

/** A program that starts again draws other numbers than it did before. */
let starts = 0

function open(disk: SimulatedDisk, context?: Pick<CrashContext<unknown>, 'clock' | 'random'>): Repository {
  const { clock = new SimulatedClock(), random: chance = new SeededRandom(`start ${++starts}`) } = context ?? {}
  const store = folderStore({ path: '/repository', disk, clock, random: chance })
  return repositoryWithKey(secrets, { store, clock, random: chance, packSize: 1_024, attempts: 1 })
}

function replicaStore(disk: SimulatedDisk, context?: Pick<CrashContext<unknown>, 'clock' | 'random'>): ObjectStore {
  const { clock = new SimulatedClock(), random: chance = new SeededRandom(`replica ${++starts}`) } = context ?? {}
  return folderStore({ path: '/replica', disk, clock, random: chance })
}

function openReplicaAt(disk: SimulatedDisk, context?: Pick<CrashContext<unknown>, 'clock' | 'random'>): Repository {
  const { clock = new SimulatedClock(), random: chance = new SeededRandom(`replica ${++starts}`) } = context ?? {}
  return repositoryWithKey(secrets, {
    store: replicaStore(disk, context),
    clock,
    random: chance,
    packSize: 1_024,
    attempts: 1,
  })
}

/** Every visible snapshot, read back in full: a snapshot that is there and cannot be read throws. */
async function contents(disk: SimulatedDisk): Promise<Map<string, Files>> {
  const repository = open(disk)
  const found = new Map<string, Files>()
  for (const { id, tags } of await repository.snapshots()) found.set(tags[0]!, await readBack(repository, id))
  return found
}

function compare(
  recovered: ReadonlyMap<string, Files>,
  promised: readonly string[],
  gone: readonly string[] = [],
): void {
  for (const [tag, files] of recovered)
    expect(Object.fromEntries(files), tag).toEqual(Object.fromEntries(known.get(tag)!))
  for (const tag of promised) if (!gone.includes(tag)) expect(recovered.has(tag), `snapshot ${tag} is lost`).toBe(true)
}

describe('a repository in a folder when the power fails', () => {
  it(
    'keeps every acknowledged snapshot and shows no partial one, at every point of two backups',
    { timeout: 120_000 },
    async () => {
      const report = await enumerateCrashPoints<Map<string, Files>, string>({
        async run(context) {
          for (const tag of ['0', '1']) {
            await backupOnce(open(context.disk, context), tag, known.get(tag)!, known)
            context.acknowledge(tag)
          }
        },
        recover: contents,
        check: ({ recovered, acknowledged }) => compare(recovered, acknowledged),
      })
      expect(report.violations).toEqual([])
      expect(report.points).toBeGreaterThan(60)
    },
  )

  it('loses nothing at any point of a prune, and a later prune ends what it began', { timeout: 120_000 }, async () => {
    const report = await enumerateCrashPoints<Map<string, Files>, string>({
      async prepare(disk) {
        starts = 0
        for (const tag of ['0', '1', '2']) await backupOnce(open(disk), tag, known.get(tag)!, known)
      },
      async run(context) {
        const repository = open(context.disk, context)
        const first = (await repository.snapshots()).find(({ tags }) => tags[0] === '0')!
        await repository.forget([first.id])
        await repository.prune({ maxUnused: 0 })
        context.acknowledge('pruned')
      },
      async recover(disk) {
        const repository = open(disk)
        const first = (await repository.snapshots()).find(({ tags }) => tags[0] === '0')
        if (first !== undefined) await repository.forget([first.id])
        await repository.prune({ maxUnused: 0 })
        return contents(disk)
      },
      check: ({ recovered }) => {
        expect([...recovered.keys()].sort()).toEqual(['1', '2'])
        compare(recovered, ['1', '2'])
      },
    })
    expect(report.violations).toEqual([])
    expect(report.points).toBeGreaterThan(40)
  })

  it(
    'shows only whole snapshots in a replica, at every point of a replication, and ends it later',
    { timeout: 120_000 },
    async () => {
      const report = await enumerateCrashPoints<Map<string, Files>, string>({
        async prepare(disk) {
          starts = 0
          for (const tag of ['0', '1']) await backupOnce(open(disk), tag, known.get(tag)!, known)
        },
        async run(context) {
          await replicate(open(context.disk, context), openReplicaAt(context.disk, context))
          context.acknowledge('0')
          context.acknowledge('1')
        },
        async recover(disk) {
          compare(await readAll(openReplicaAt(disk)), [])
          const { ok } = await replicate(open(disk), openReplicaAt(disk))
          expect(ok).toBe(true)
          return readAll(openReplicaAt(disk))
        },
        check: ({ recovered }) => compare(recovered, ['0', '1']),
      })
      expect(report.violations).toEqual([])
      expect(report.points).toBeGreaterThan(40)
    },
  )

  it('loses nothing more at any point of a repair, and a later one ends it', { timeout: 120_000 }, async () => {
    const report = await enumerateCrashPoints<boolean, string>({
      async prepare(disk) {
        starts = 0
        for (const tag of ['0', '1']) await backupOnce(open(disk), tag, known.get(tag)!, known)
        await replicate(open(disk), openReplicaAt(disk))
        const store = folderStore({
          path: '/repository',
          disk,
          clock: new SimulatedClock(),
          random: new SeededRandom('damage'),
        })
        const keys: string[] = []
        for await (const { key } of store.list()) keys.push(key)
        await store.delete(keys.find((key) => key.startsWith('data/'))!)
        await store.delete(keys.find((key) => key.startsWith('index/'))!)
      },
      run: async (context) =>
        void (await repairRepository(open(context.disk, context), { from: [openReplicaAt(context.disk, context)] })),
      async recover(disk) {
        const { after } = await repairRepository(open(disk), { from: [openReplicaAt(disk)] })
        return after.ok
      },
      async check({ disk, recovered }) {
        expect(recovered).toBe(true)
        compare(await contents(disk), ['0', '1'])
      },
    })
    expect(report.violations).toEqual([])
    expect(report.points).toBeGreaterThan(10)
  })
})
