import { ExprsnError, randomBelow, sleep } from '@exprsn/core'
import type { Disk } from '@exprsn/core/disk'
import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import {
  createSimulatedDisk,
  faultyStore,
  SeededRandom,
  SimulatedClock,
  type SimulationResult,
} from '@exprsn/core/testing'
import { archiveSpool } from '../../../src/postgres/archive/archive-spool.ts'
import { changeArchive } from '../../../src/postgres/archive/change-archive.ts'
import { loadArchive, type ArchivedSegment, type WalArchive } from '../../../src/postgres/archive/wal-archive.ts'
import type { BackupFacts } from '../../../src/postgres/base/backup-facts.ts'
import { unneededSegments } from '../../../src/postgres/trim-archive.ts'
import { createConfig } from '../../../src/repository/config/config.ts'
import { masterKeyOf } from '../../../src/repository/key/master-key.ts'
import { repositoryWithKey } from '../../../src/repository/assemble-repository.ts'
import type { Repository } from '../../../src/repository/index.ts'
import { simulateProgram, type ProcessFaults } from '../repository/process.ts'
import { commitTime, segments, segmentSize } from './log.ts'

/** A bug on purpose: what a program sees of the world is changed. */
export interface Sabotage {
  store?(store: ObjectStore, role: Role): ObjectStore
  disk?(disk: Disk): Disk
  /** What the archiver remembers of the archive. */
  memory?(archive: WalArchive): WalArchive
  /** What a trim takes for unneeded. */
  unneeded?(segment: ArchivedSegment): boolean
}

/** What a program of the simulation does. */
export type Role = 'archive' | 'prune'

const stormy: ProcessFaults = { kill: 40, pause: 20 }
const calm: ProcessFaults = { kill: 0, pause: 0 }
const sessionTimeout = 10 * 60_000
const spool = '/spool'

/** A log that grows in a spool, and is taken from there into a repository. */
export async function runSeed(seed: number, sabotage: Sabotage = {}): Promise<SimulationResult> {
  const clock = new SimulatedClock()
  const random = new SeededRandom(seed)
  const real = memoryStore({ clock })
  const disk = createSimulatedDisk({ clock, random: random.fork('disk') })
  const secrets = { master: masterKeyOf(random.bytes(64)), config: createConfig(random) }
  const faults: Record<string, number> = {}
  const violations: string[] = []
  const hit = (fault: string): void => void (faults[fault] = (faults[fault] ?? 0) + 1)
  const faulty = faultyStore(real, {
    random: random.fork('store'),
    clock,
    latency: '2s',
    faults: { slow: 0.3, unavailable: 0.02, 'lost-response': 0.02, duplicate: 0.03, truncated: 0.01 },
  })
  disk.makeFolderSync(spool)
  /** Segments that were written into the spool, and the first one that may not be trimmed. */
  const world = { written: 0, from: 0, promisedFrom: 0 }

  const write = (index: number): void => {
    const { name, bytes } = segments[index]!
    const path = `${spool}/${name}.partial`
    const file = disk.openSync(path, 'create')
    file.writeSync(bytes, 0)
    file.closeSync()
    disk.renameSync(path, `${spool}/${name}`)
    world.written = index + 1
  }

  const start = (name: string, role: Role, processFaults: ProcessFaults) => {
    const program = simulateProgram(faulty, clock, random.fork(name), processFaults, hit)
    const store = sabotage.store?.(program.store, role) ?? program.store
    const settings = { clock: program.clock, random: random.fork(`${name}/random`), packSize: 1_024, sessionTimeout }
    const repository = repositoryWithKey(secrets, { ...settings, store, listDelay: 0, resticLocks: false })
    return { program, repository, store }
  }

  let memory: WalArchive | undefined
  const archive = async (repository: Repository, alive: () => boolean): Promise<void> => {
    const before = memory === undefined ? undefined : (sabotage.memory?.(memory) ?? memory)
    // Files that a dead program would have removed stay.
    const own: Disk = { ...disk, removeFile: async (path) => (alive() ? disk.removeFile(path) : undefined) }
    const seen = sabotage.disk?.(own) ?? own
    const count = disk.entriesSync(spool).length
    const common = { repository, source: 'db', spool, partial: false, disk: seen, clock }
    const result = await archiveSpool({ ...common, before })
    if (!alive()) return
    memory = result.archive
    if (disk.entriesSync(spool).length < count) hit('tidied')
  }
  const trim = async (repository: Repository): Promise<void> => {
    const base = randomBelow(random, Math.max(1, world.written - 2))
    world.promisedFrom = Math.max(world.promisedFrom, base)
    const isUnneeded = unneededSegments([factsAt(world.promisedFrom)], {}, clock.now())
    const remove = (segment: ArchivedSegment): boolean =>
      (isUnneeded(segment) || sabotage.unneeded?.(segment) === true) && (hit('trimmed'), true)
    memory = await changeArchive({ repository, source: 'db', clock, remove })
  }

  /** Everything that was written and is promised lies in the spool or, whole and unchanged, in the archive. */
  const verify = async (when: string): Promise<void> => {
    const fresh = repositoryWithKey(secrets, { store: real, clock, random: new SeededRandom(1), listDelay: 0 })
    const found = await loadArchive(fresh, 'db')
    const waiting = new Set(disk.entriesSync(spool).map(({ name }) => name))
    for (const [index, { name, bytes }] of segments.slice(0, world.written).entries()) {
      const segment = found.segments.get(name)
      if (segment === undefined) {
        if (index >= world.promisedFrom && !waiting.has(name)) violations.push(`${name} is lost ${when}`)
        continue
      }
      const pieces: Uint8Array[] = []
      try {
        for (const id of segment.node.content ?? []) pieces.push(await fresh.reader.read('data', id))
      } catch (error) {
        violations.push(`${name} cannot be read ${when}: ${(error as Error).message}`)
        continue
      }
      if (!isContent(pieces, bytes)) violations.push(`${name} has other content ${when}`)
      if (segment.lastCommit !== commitTime(index) || segment.end !== segment.start + BigInt(segmentSize))
        violations.push(`${name} is described wrongly ${when}`)
    }
  }

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!ExprsnError.is(error)) violations.push(`an error without a code: ${(error as Error).stack}`)
      else hit(`error/${error.code}`)
    }
  }
  const archiving = async (): Promise<void> => {
    for (let life = 0; world.written < segments.length && life < 30; life++) {
      const { program, repository } = start(`archive/${life}`, 'archive', stormy)
      // What the program before remembered is gone with it.
      memory = undefined
      const work = async (): Promise<void> => {
        while (world.written < segments.length) {
          write(world.written)
          await sleep(randomBelow(random, 60_000), { clock: program.clock })
          await attempt(() => archive(repository, () => !program.dead()))
          if (randomBelow(random, 4) === 0) await attempt(() => trim(repository))
        }
      }
      await Promise.race([work(), program.death])
      await verify(`after life ${life}`)
    }
  }
  const pruning = async (): Promise<void> => {
    for (let round = 0; round < 6; round++) {
      const { program, repository } = start(`prune/${round}`, 'prune', stormy)
      const work = attempt(async () => {
        await sleep(randomBelow(random, 120_000), { clock: program.clock })
        await repository.prune({ maxUnused: 0 })
      })
      await Promise.race([work, program.death])
    }
  }

  await inTime(clock, violations, Promise.all([archiving(), pruning()]))
  faulty.heal()
  await clock.advanceBy(sessionTimeout * 4)
  const last = start('last', 'archive', calm)
  const sweeper = start('sweep', 'prune', calm)
  memory = undefined
  await inTime(
    clock,
    violations,
    (async () => {
      while (world.written < segments.length) write(world.written)
      await archive(last.repository, () => true)
      await sleep(10_000, { clock })
      for (let round = 0; round < 3; round++) {
        await sweeper.repository.prune({ maxUnused: 0 })
        await sleep(10_000, { clock })
      }
      // What lay in a pack that was about to go is taken over when a prune has decided that it stays.
      await archive(last.repository, () => true)
      await verify('at the end')
      const left = await last.repository.snapshots({ source: 'db:wal' })
      if (left.length !== 1) violations.push(`${left.length} snapshots hold the archive in the end`)
      if (disk.entriesSync(spool).length !== 1) violations.push('the spool was not tidied')
    })(),
  )
  for (const [kind, hits] of Object.entries(faulty.hits)) if (hits > 0) faults[kind] = hits
  return { faults, violations }
}

function isContent(pieces: readonly Uint8Array[], wanted: Uint8Array): boolean {
  let at = 0
  for (const piece of pieces) {
    if (Buffer.compare(piece, wanted.subarray(at, at + piece.length)) !== 0) return false
    at += piece.length
  }
  return at === wanted.length
}

/** Lets time pass until some work has ended. */
async function inTime(clock: SimulatedClock, violations: string[], work: Promise<unknown>): Promise<void> {
  let ended = false
  const running = work
    .catch((error: unknown) => void violations.push(`it failed: ${(error as Error).stack}`))
    .finally(() => (ended = true))
  for (let step = 0; !ended && step < 5_000; step++) await clock.advanceBy('10s')
  if (ended) await running
  else violations.push('it did not end')
}

/** A base backup that begins with a segment. */
function factsAt(index: number): BackupFacts {
  const startLsn = BigInt(`0x${segments[0]!.name.slice(16)}`) * BigInt(segmentSize) + BigInt(index * segmentSize)
  return {
    ...{ systemIdentifier: 77n, timeline: 1, startLsn, endLsn: startLsn + 1n, stoppedAt: 0n, serverVersion: 180_000 },
    ...{ segmentSize, extensions: [], locales: [], bytes: 0 },
  }
}
