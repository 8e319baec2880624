import { ExprsnError, randomBelow, randomFraction, sleep } from '@exprsn/core'
import { memoryStore, type ObjectStore } from '@exprsn/core/storage'
import { faultyStore, SeededRandom, SimulatedClock, type SimulationResult } from '@exprsn/core/testing'
import { createConfig, type RepositoryConfig } from '../../../src/repository/config/config.ts'
import { masterKeyOf, type MasterKey } from '../../../src/repository/key/master-key.ts'
import { repositoryWithKey } from '../../../src/repository/assemble-repository.ts'
import type { Repository } from '../../../src/repository/index.ts'
import { backupOnce, readBack } from './backup-once.ts'
import { checkStore } from './check-store.ts'
import { randomFiles, type Files } from './model.ts'
import { simulateProgram, type ProcessFaults, type SimulatedProgram } from './process.ts'
import { storeFaults } from './store-faults.ts'

/** A bug on purpose: what stands between a program and its store, by what the program does. */
export type Sabotage = (store: ObjectStore, role: Role) => ObjectStore

/** What a program of the simulation does. */
export type Role = 'backup' | 'prune'

/** How the seed's repository can be opened after its run. */
export interface SeedOutcome extends SimulationResult {
  readonly store: ObjectStore
  readonly secrets: { readonly master: MasterKey; readonly config: RepositoryConfig }
}

export interface World {
  readonly real: ObjectStore
  readonly clock: SimulatedClock
  readonly random: SeededRandom
  readonly secrets: SeedOutcome['secrets']
  readonly faults: Record<string, number>
  readonly violations: string[]
  readonly attempts: Map<string, Files>
  readonly promised: Set<string>
  readonly forgotten: Set<string>
  readonly listDelay: number
}

const stormy: ProcessFaults = { kill: 60, pause: 40 }
const calm: ProcessFaults = { kill: 0, pause: 0 }
const sessionTimeout = 10 * 60_000
const actions = { backup: 5, prune: 4 }

/** A storm of backups, forgets and prunes by programs that die, stand still and talk to a store in trouble. */
export async function runSeed(seed: number, sabotage: Sabotage = (store) => store): Promise<SeedOutcome> {
  const clock = new SimulatedClock()
  const random = new SeededRandom(seed)
  const stale = seed % 2 === 0
  const real = memoryStore({ clock })
  const secrets = { master: masterKeyOf(random.bytes(64)), config: createConfig(random) }
  const world: World = {
    real,
    clock,
    random,
    secrets,
    faults: {},
    violations: [],
    attempts: new Map(),
    promised: new Set(),
    forgotten: new Set(),
    listDelay: stale ? 3_000 : 0,
  }
  const faulty = faultyStore(real, {
    random: random.fork('store'),
    clock,
    latency: '2s',
    staleness: '2s',
    faults: {
      ...storeFaults,
      ...(stale ? { 'stale-list': 0.5 } : {}),
    },
  })
  const start = (name: string, role: Role, faults: ProcessFaults): Program => {
    const program = simulateProgram(faulty, clock, random.fork(name), faults, (fault) => count(world, fault))
    const repository = repositoryWithKey(secrets, {
      store: sabotage(program.store, role),
      clock: program.clock,
      random: random.fork(`${name}/random`),
      packSize: 1_024,
      sessionTimeout,
      listDelay: world.listDelay,
      resticLocks: seed % 3 === 0,
    })
    return { program, repository, random: random.fork(`${name}/work`), name }
  }
  let running = 0
  const run = (name: string, role: Role): void => {
    running++
    void runProgram(world, (life) => start(`${name}/${life}`, role, stormy), role).finally(() => running--)
  }
  run('a', 'backup')
  run('b', 'backup')
  run('p', 'prune')
  run('q', 'prune')
  for (let step = 0; running > 0 && step < 5_000; step++) await clock.advanceBy('10s')
  if (running > 0) world.violations.push('the storm did not end')
  faulty.heal()
  for (const [kind, hits] of Object.entries(faulty.hits)) if (hits > 0) world.faults[kind] = hits
  await clock.advanceBy(sessionTimeout * 4)
  await settle(world, () => converge(world, start('last', 'prune', calm), start('last-backup', 'backup', calm)))
  return { faults: world.faults, violations: world.violations, store: real, secrets }
}

interface Program {
  readonly program: SimulatedProgram
  readonly repository: Repository
  readonly random: SeededRandom
  readonly name: string
}

const count = (world: World, fault: string): void => void (world.faults[fault] = (world.faults[fault] ?? 0) + 1)

/** A program does its work, and is started again when it died. */
async function runProgram(world: World, begin: (life: number) => Program, role: Role): Promise<void> {
  let done = 0
  for (let life = 0; done < actions[role] && life < 20; life++) {
    const program = begin(life)
    const work = async (): Promise<void> => {
      while (done < actions[role]) {
        done++
        await sleep(randomBelow(program.random, 120_000), { clock: program.program.clock })
        await attempt(world, () => (role === 'backup' ? backup(world, program, done) : pruneOrForget(world, program)))
      }
    }
    await Promise.race([work(), program.program.death])
  }
}

/** Errors of ours are what a store in trouble may cause; anything else is a bug. */
async function attempt(world: World, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!ExprsnError.is(error)) world.violations.push(`an error without a code: ${(error as Error).stack}`)
    else count(world, `error/${error.code}`)
  }
}

async function backup(world: World, { repository, random, name }: Program, number: number): Promise<void> {
  const tag = `${name}/${number}`
  const previous = [...world.attempts.values()].at(-1)
  const files = randomFiles(random, previous)
  world.attempts.set(tag, files)
  const id = await backupOnce(repository, tag, files, world.attempts)
  // Somebody may have seen and forgotten the snapshot before it was acknowledged.
  if (!world.forgotten.has(tag)) world.promised.add(tag)
  await attempt(world, async () => compare(world, tag, await readBack(repository, id), 'right after'))
}

function compare(world: World, tag: string, found: Files, when: string): void {
  const wanted = world.attempts.get(tag)
  const sorted = (files: Files | undefined): string =>
    JSON.stringify([...(files ?? [])].map(([path, text]) => `${path}=${text}`).sort())
  if (sorted(wanted) !== sorted(found)) world.violations.push(`${tag} came back with other content ${when}`)
}

async function pruneOrForget(world: World, { repository, random }: Program): Promise<void> {
  const snapshots = await repository.snapshots()
  if (snapshots.length > 1 && randomFraction(random) < 0.7) {
    const chosen = snapshots[randomBelow(random, snapshots.length)]!
    world.promised.delete(chosen.tags[0]!)
    world.forgotten.add(chosen.tags[0]!)
    await repository.forget([chosen.id])
  }
  const { removed, kept, waitingFor, repack } = await repository.prune({
    maxUnused: randomFraction(random) < 0.5 ? 0 : 0.3,
  })
  if (removed.length > 0) count(world, 'swept')
  if (kept.length > 0) count(world, 'kept')
  if (waitingFor.length > 0) count(world, 'waited')
  if (repack.length > 0) count(world, 'repacked')
}

/** Runs something while time passes for it. */
async function settle(world: World, work: () => Promise<void>): Promise<void> {
  let ended = false
  const running = work()
    .catch((error: unknown) => {
      const detail = ExprsnError.is(error) ? JSON.stringify(error.toJSON()) : (error as Error).stack
      world.violations.push(`after the storm: ${detail}`)
    })
    .finally(() => (ended = true))
  for (let step = 0; !ended && step < 2_000; step++) await world.clock.advanceBy('10s')
  if (!ended) world.violations.push('the end was not reached')
  else await running
}

/** When the storm is over everything promised is there, everything visible is whole, and nothing else is left. */
async function converge(world: World, { repository }: Program, last: Program): Promise<void> {
  const verify = async (when: string): Promise<void> => {
    const fresh = repositoryWithKey(world.secrets, { store: world.real, clock: world.clock, random: world.random })
    const snapshots = await fresh.snapshots()
    const visible = new Set(snapshots.map(({ tags }) => tags[0]!))
    for (const tag of world.promised) if (!visible.has(tag)) world.violations.push(`${tag} is lost ${when}`)
    for (const { id, tags } of snapshots) {
      try {
        compare(world, tags[0]!, await readBack(fresh, id), when)
      } catch (error) {
        world.violations.push(`${tags[0]} cannot be restored ${when}: ${(error as Error).message}`)
      }
    }
  }
  await verify('after the storm')
  await backup(world, last, 1)
  await repository.prune({ maxUnused: 0 })
  await sleep(10_000, { clock: world.clock })
  await repository.prune({ maxUnused: 0 })
  await sleep(10_000, { clock: world.clock })
  await repository.prune({ maxUnused: 0 })
  await verify('after the last prune')
  world.violations.push(...(await checkStore(world)))
}
