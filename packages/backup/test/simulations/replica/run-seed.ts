import { ExprsnError, randomBelow, randomFraction, sleep } from '@exprsn/core'
import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { faultyStore, SeededRandom, SimulatedClock, type SimulationResult } from '@exprsn/core/testing'
import { replicate } from '../../../src/replicate/index.ts'
import { createConfig } from '../../../src/repository/config/config.ts'
import type { Repository } from '../../../src/repository/index.ts'
import { masterKeyOf } from '../../../src/repository/key/master-key.ts'
import { repositoryWithKey } from '../../../src/repository/assemble-repository.ts'
import { backupOnce, readBack } from '../repository/backup-once.ts'
import { randomFiles, type Files } from '../repository/model.ts'
import { simulateProgram, type ProcessFaults, type SimulatedProgram } from '../repository/process.ts'
import { storeFaults } from '../repository/store-faults.ts'

/** What a program of the simulation does, and with which of both stores. */
export type ReplicaRole = 'backup' | 'source-prune' | 'replicate' | 'replica-prune'

/** A bug on purpose: what stands between a program and its own store, by what the program does. */
export type ReplicaSabotage = (store: ObjectStore, role: ReplicaRole) => ObjectStore

const stormy: ProcessFaults = { kill: 100, pause: 40 }
const calm: ProcessFaults = { kill: 0, pause: 0 }
const sessionTimeout = 10 * 60_000
const actions: Readonly<Record<ReplicaRole, number>> = {
  backup: 6,
  'source-prune': 3,
  replicate: 8,
  'replica-prune': 8,
}

/**
 * A repository that is written and pruned, and its replica, which is brought up to date and pruned at the same time by
 * programs that die and stand still. What the replica shows is whole at every moment; in the end it holds all of the source.
 */
export async function runReplicaSeed(
  seed: number,
  sabotage: ReplicaSabotage = (store) => store,
): Promise<SimulationResult> {
  const clock = new SimulatedClock()
  const random = new SeededRandom(seed)
  const faults: Record<string, number> = {}
  const violations: string[] = []
  const attempts = new Map<string, Files>()
  const secrets = { master: masterKeyOf(random.bytes(64)), config: createConfig(random) }
  const hit = (fault: string): void => void (faults[fault] = (faults[fault] ?? 0) + 1)
  const stores = (['source', 'replica'] as const).map((name) => {
    const real = memoryStore({ clock })
    const options = { random: random.fork(name), clock, latency: '2s', staleness: '2s', faults: storeFaults } as const
    return { real, faulty: faultyStore(real, options) }
  })
  const [source, replica] = stores as [(typeof stores)[0], (typeof stores)[0]]

  const open = (store: ObjectStore, name: string, program?: SimulatedProgram): Repository =>
    repositoryWithKey(secrets, {
      ...{ store, clock: program?.clock ?? clock, random: random.fork(`${name}/random`) },
      ...{ packSize: 1_024, sessionTimeout, resticLocks: seed % 3 === 0 },
    })

  const start = (name: string, role: ReplicaRole, chances: ProcessFaults) => {
    const own = role === 'backup' || role === 'source-prune' ? source : replica
    const program = simulateProgram(own.faulty, clock, random.fork(name), chances, hit)
    const mine = open(sabotage(program.store, role), name, program)
    return { program, mine, other: open(source.faulty, `${name}/source`, program), random: random.fork(`${name}/work`) }
  }

  const act = async (role: ReplicaRole, name: string, parts: ReturnType<typeof start>): Promise<void> => {
    const { mine, other } = parts
    if (role === 'backup') {
      const files = randomFiles(parts.random, [...attempts.values()].at(-1))
      attempts.set(name, files)
      await backupOnce(mine, name, files, attempts)
      return
    }
    if (role === 'replicate') {
      const { ok, packs } = await replicate(other, mine)
      if (ok) hit('replicated')
      if (packs > 0) hit('copied')
      await verify('after a replication')
      return
    }
    const snapshots = await mine.snapshots()
    if (snapshots.length > 1 && randomFraction(parts.random) < 0.8)
      await mine.forget([snapshots[randomBelow(parts.random, snapshots.length)]!.id])
    const { removed, kept } = await mine.prune({ maxUnused: randomFraction(parts.random) < 0.5 ? 0 : 0.3 })
    if (removed.length > 0) hit(`swept/${role}`)
    if (kept.length > 0) hit(`kept/${role}`)
  }

  /** Errors of ours are what a store in trouble may cause; anything else is a bug. */
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!ExprsnError.is(error)) violations.push(`an error without a code: ${(error as Error).stack}`)
      else hit(`error/${error.code}`)
    }
  }

  const verify = async (when: string): Promise<Set<string>> => {
    const fresh = open(replica.real, 'verify')
    const seen = new Set<string>()
    for (const { id, tags } of await fresh.snapshots()) {
      const tag = tags[0]!
      try {
        const found = await readBack(fresh, id)
        if (textOf(found) !== textOf(attempts.get(tag))) violations.push(`${tag} has other content ${when}`)
        seen.add(tag)
      } catch (error) {
        // Another program may have forgotten it since the snapshots were listed.
        const stillThere = (await fresh.snapshots()).some((snapshot) => snapshot.id === id)
        if (stillThere) violations.push(`${tag} cannot be restored ${when}: ${(error as Error).message}`)
      }
    }
    return seen
  }

  let running = 0
  const run = async (role: ReplicaRole): Promise<void> => {
    running++
    let done = 0
    for (let life = 0; done < actions[role] && life < 20; life++) {
      const parts = start(`${role}/${life}`, role, role === 'replicate' ? stormy : calm)
      const work = async (): Promise<void> => {
        while (done < actions[role]) {
          done++
          await sleep(randomBelow(parts.random, 60_000), { clock: parts.program.clock })
          await attempt(() => act(role, `${role}/${done}`, parts))
        }
      }
      await Promise.race([work(), parts.program.death])
      if (parts.program.dead()) await verify('after a death')
    }
    running--
  }

  const converge = async (): Promise<void> => {
    const last = start('last', 'replicate', calm)
    const report = await replicate(open(source.real, 'last/source'), last.mine)
    if (!report.ok) violations.push(`the last replication failed: ${JSON.stringify(report)}`)
    const wanted = (await open(source.real, 'wanted').snapshots()).map(({ tags }) => tags[0]!)
    const all = async (when: string): Promise<void> => {
      const seen = await verify(when)
      for (const tag of wanted) if (!seen.has(tag)) violations.push(`${tag} is not in the replica ${when}`)
    }
    await all('in the end')
    const pruner = start('last-prune', 'replica-prune', calm)
    for (let round = 0; round < 3; round++) {
      await pruner.mine.prune({ maxUnused: 0 })
      await sleep(10_000, { clock })
    }
    await all('after the last prune')
  }

  for (const role of Object.keys(actions) as ReplicaRole[]) void run(role)
  for (let step = 0; running > 0 && step < 5_000; step++) await clock.advanceBy('10s')
  if (running > 0) violations.push('the storm did not end')
  for (const { faulty } of stores) {
    faulty.heal()
    for (const [kind, hits] of Object.entries(faulty.hits)) if (hits > 0) faults[kind] = (faults[kind] ?? 0) + hits
  }
  await clock.advanceBy(sessionTimeout * 4)
  let ended = false
  const ending = converge()
    .catch((error: unknown) => {
      const detail = ExprsnError.is(error) ? JSON.stringify(error.toJSON()) : (error as Error).stack
      violations.push(`after the storm: ${detail}`)
    })
    .finally(() => (ended = true))
  for (let step = 0; !ended && step < 2_000; step++) await clock.advanceBy('10s')
  if (!ended) violations.push('the end was not reached')
  else await ending
  return { faults, violations }
}

function textOf(files: Files | undefined): string {
  return JSON.stringify([...(files ?? [])].map(([path, text]) => `${path}=${text}`).sort())
}
