import { randomBelow, randomFraction, silentLogger, type Logger } from '@exprsn/core'
import type { Disk } from '@exprsn/core/disk'
import {
  createSimulatedDisk,
  randomFaults,
  SeededRandom,
  SimulatedClock,
  type SimulatedDisk,
  type SimulationResult,
} from '@exprsn/core/testing'
import { createRecord, type Sink } from '@exprsn/logs'
import { createLogStore, type LogStore } from '@exprsn/logs/store'
import { mortalWorld } from '../log-wal/mortal.ts'
import { drive } from '../log-wal/simulate-logs.ts'

/** A mistake that is put between the store and its world, or between it and those who call it. */
export interface PlantedBug {
  readonly disk?: (disk: Disk) => Disk
  readonly sink?: (sink: Sink) => Sink
  readonly store?: (store: LogStore) => LogStore
}

/** What must be true in the end. */
interface Ledger {
  /** Everything that was ever given to the store. */
  readonly given: Set<string>
  /** Acknowledged, and not deleted since. */
  readonly owed: Set<string>
  /** Somebody began to delete them: they may be gone or not. */
  readonly doubtful: Set<string>
  /** Deleted for good. */
  readonly deleted: Set<string>
  /** Lines of the spool, in order: sequences begin with 1. */
  readonly spool: string[]
  /** Whether somebody was told that a segment is part of the store: from then on there is a list of segments. */
  hasList: boolean
}

interface World {
  readonly clock: SimulatedClock
  readonly random: SeededRandom
  readonly ledger: Ledger
  readonly faults: Record<string, number>
}

const source = 'spool-a'
const day = 86_400_000

/** Several lives of a service with a store, each ended in some way; then what the store holds. */
export async function simulateStore(seed: number, bug: PlantedBug = {}): Promise<SimulationResult> {
  const random = new SeededRandom(seed)
  const clock = new SimulatedClock({ now: 1_795_000_000_000 })
  const diskFaults = randomFaults({ random: random.fork('faults'), rate: 0.03, errnos: ['EIO', 'ENOSPC'] })
  const hasFaults = randomBelow(random, 3) === 0
  let isFaulty = false
  const intercept: Parameters<SimulatedDisk['crash']>[0] = {
    intercept: (operation) => (isFaulty ? diskFaults.intercept(operation) : undefined),
  }
  let disk = createSimulatedDisk({ clock, random: random.fork('disk'), ...intercept })
  const ledger: Ledger = {
    given: new Set(),
    owed: new Set(),
    doubtful: new Set(),
    deleted: new Set(),
    spool: [],
    hasList: false,
  }
  const faults: Record<string, number> = {}
  const violations: string[] = []
  const lives = 1 + randomBelow(random, 4)
  for (let life = 0; life < lives; life++) {
    const world = mortalWorld(bug.disk?.(disk) ?? disk, clock)
    const made = createLogStore({
      path: '/store',
      disk: world.disk,
      clock: world.clock,
      random: random.fork(`store ${life}`),
      sealAfter: 0,
      maintenanceInterval: 0,
      adoptInterval: 0,
      compactAt: 2,
      logger: damageLogger(ledger, violations),
    })
    const store = bug.store?.(made) ?? made
    const sink = bug.sink?.(store.sink()) ?? store.sink()
    isFaulty = hasFaults
    const steps = live({ clock, random, ledger, faults }, store, sink, `${life}`)
    const end = randomBelow(random, 3)
    const mostSteps = end === 0 ? Infinity : randomBelow(random, 30)
    let taken = 0
    for (;;) {
      const step = steps.next()
      if (step.done === true) break
      const work = step.value().catch((error: unknown) => {
        // With a failing disk any call may fail; what was acknowledged before is owed all the same.
        if (!isFaulty) violations.push(`A call failed with a disk in order: ${String(error)}.`)
      })
      if (++taken > mostSteps) {
        // The end comes in the middle of the work: some of its calls have happened.
        await clock.advanceBy(0)
        for (let turn = randomBelow(random, 12); turn > 0; turn--) await Promise.resolve()
        break
      }
      await drive(clock, work)
    }
    isFaulty = false
    if (end === 0)
      await drive(clock, store.close()).catch((error: unknown) => violations.push(`Closing failed: ${String(error)}.`))
    else {
      const isPowerLoss = end === 2
      faults[isPowerLoss ? 'power-loss' : 'kill'] = (faults[isPowerLoss ? 'power-loss' : 'kill'] ?? 0) + 1
      await world.kill()
      if (isPowerLoss) disk = disk.crash(intercept)
    }
    await clock.advanceBy(1_000)
  }
  await check(disk, clock, ledger, bug, violations)
  for (const [name, hits] of diskFaults.hits) faults[`disk/${name}`] = hits
  return { faults, violations }
}

/** What one process does, step by step. */
function* live(
  { clock, random, ledger, faults }: World,
  store: LogStore,
  sink: Sink,
  life: string,
): Generator<() => Promise<void>> {
  const signal = new AbortController().signal
  const steps = randomBelow(random, 40)
  let position: number | undefined
  const count = (name: string): void => {
    faults[name] = (faults[name] ?? 0) + 1
  }
  for (let index = 0; index < steps; index++) {
    const choice = randomFraction(random)
    if (choice < 0.45) {
      const lines = Array.from({ length: 1 + randomBelow(random, 4) }, (_, at) =>
        lineOf(random, `${life}.${index}.${at}`, clock.now()),
      )
      for (const line of lines) ledger.given.add(line)
      yield async () => {
        await store.append(lines)
        for (const line of lines) ledger.owed.add(line)
      }
    } else if (choice < 0.7) {
      const fresh = Array.from({ length: 1 + randomBelow(random, 6) }, (_, at) =>
        lineOf(random, `s${life}.${index}.${at}`, clock.now()),
      )
      for (const line of fresh) ledger.given.add(line)
      ledger.spool.push(...fresh)
      yield async () => {
        position ??= await sink.places!.positionOf(source)
        await send(sink, ledger, position, signal)
        position = ledger.spool.length + 1
      }
    } else if (choice < 0.8) {
      yield async () => {
        await store.flush()
        ledger.hasList ||= store.status().segments.length > 0
        count('flush')
      }
    } else if (choice < 0.9) {
      yield async () => {
        const { compacted } = await store.maintain()
        if (compacted > 0) count('compaction')
      }
    } else if (choice < 0.95) {
      const user = `user${randomBelow(random, 5)}`
      yield async () => {
        // What the store has not taken from the spool yet cannot be deleted from it.
        const taken = ledger.spool.slice(0, position === undefined ? 0 : position - 1)
        const concerned = [...ledger.owed, ...taken].filter((line) => line.includes(`"user":"${user}"`))
        for (const line of ledger.given) if (line.includes(`"user":"${user}"`)) ledger.doubtful.add(line)
        await store.delete(`user:=${user}`)
        count('delete')
        for (const line of concerned) ledger.deleted.add(line)
      }
    } else {
      yield async () => {
        const result = await store.query('*', { limit: 10_000 })
        if (result.kind !== 'lines') return
        const texts = new Set(result.lines.map(({ text }) => text))
        const lost = [...ledger.owed].filter((line) => !texts.has(line) && !ledger.doubtful.has(line))
        if (lost.length > 0) ledger.given.delete(lost[0]!)
      }
    }
  }
}

async function send(sink: Sink, { spool }: Ledger, from: number, signal: AbortSignal): Promise<void> {
  const records = spool
    .slice(from - 1)
    .map((line, index) => createRecord({ id: `${source}-${from + index}`, bytes: Buffer.from(line), fallbackTime: 0 }))
  await sink.send({ records, id: `${source}-${from}+${records.length}` }, { signal, attempt: 1 })
}

function lineOf(random: SeededRandom, id: string, now: number): string {
  const time = now - randomBelow(random, 2 * day)
  const filler = randomBelow(random, 20) === 0 ? 'x'.repeat(randomBelow(random, 4_000)) : ''
  return JSON.stringify({ time, user: `user${randomBelow(random, 5)}`, msg: `line ${id} ${filler}` })
}

/** A life in which everything works: the spool gives what is not safe, and the store is looked through. */
async function check(
  disk: SimulatedDisk,
  clock: SimulatedClock,
  ledger: Ledger,
  bug: PlantedBug,
  violations: string[],
): Promise<void> {
  const made = createLogStore({
    path: '/store',
    disk: bug.disk?.(disk) ?? disk,
    clock,
    sealAfter: 0,
    maintenanceInterval: 0,
    adoptInterval: 0,
    logger: damageLogger(ledger, violations),
  })
  const store = bug.store?.(made) ?? made
  const sink = bug.sink?.(store.sink()) ?? store.sink()
  const position = await drive(clock, sink.places!.positionOf(source))
  if (position > ledger.spool.length + 1)
    violations.push(`The place in the spool is ${position} of ${ledger.spool.length + 1}.`)
  await drive(clock, send(sink, ledger, position, new AbortController().signal))
  await drive(clock, sink.places!.settle({ signal: new AbortController().signal, attempt: 1 }))
  const found: string[] = []
  for await (const { text } of store.export()) found.push(text)
  const counts = new Map<string, number>()
  for (const text of found) counts.set(text, (counts.get(text) ?? 0) + 1)
  for (const line of ledger.owed)
    if (!counts.has(line) && !ledger.doubtful.has(line)) violations.push(`A line is lost: ${line.slice(0, 80)}.`)
  for (const line of ledger.spool)
    if (!counts.has(line) && !ledger.doubtful.has(line))
      violations.push(`A line of the spool is lost: ${line.slice(0, 80)}.`)
  for (const line of ledger.deleted)
    if (counts.has(line)) violations.push(`A deleted line is back: ${line.slice(0, 80)}.`)
  for (const [line, times] of counts) {
    if (times > 1) violations.push(`A line is there ${times} times: ${line.slice(0, 80)}.`)
    if (!ledger.given.has(line)) violations.push(`A line was never given, or was not found: ${line.slice(0, 80)}.`)
  }
  for (const { problem } of await drive(clock, store.verify())) if (problem !== undefined) violations.push(problem)
  const named = new Set(store.status().segments.map(({ name }) => name))
  await drive(clock, store.close())
  for (const { name } of disk.entriesSync('/store/segments'))
    if (!named.has(name)) violations.push(`The file ${name} is no part of the store.`)
  for (const { name } of disk.entriesSync('/store/wal')) violations.push(`The log ${name} is left.`)
}

/** What the store heals by itself is found out as well: nothing here damages a manifest, or takes one away. */
function damageLogger(ledger: Ledger, violations: string[]): Logger {
  return {
    ...silentLogger,
    error: (...words) => void violations.push(JSON.stringify(words)),
    warn(fields: object | string) {
      const { err } = fields as { readonly err?: { readonly code?: string } }
      if (ledger.hasList && err?.code === 'LOGS_STORE_MANIFEST_DAMAGED')
        violations.push('The list of segments is gone.')
    },
  }
}
