import { randomBelow, randomFraction } from '@exprsn/core'
import { isDiskError, readFile, type Disk } from '@exprsn/core/disk'
import {
  createSimulatedDisk,
  randomFaults,
  SeededRandom,
  SimulatedClock,
  type SimulatedDisk,
  type SimulationResult,
} from '@exprsn/core/testing'
import { createShipper, type Durability, type Shipper, type Sink } from '@exprsn/logs'
import { mortalWorld } from './mortal.ts'
import { SimulatedServer } from './simulated-sink.ts'

/** A mistake that is put between the shipper and its world. */
export interface PlantedBug {
  readonly disk?: (disk: Disk) => Disk
  readonly sink?: (sink: Sink) => Sink
}

const modes: readonly Durability[] = ['line', 'buffered', 'fsync']
const spool = '/spool'
const flushInterval = 10

/** Lines by what must be true of them in the end. */
interface Ledger {
  /** Everything that was ever written. */
  readonly written: Set<string>
  /** Must arrive. */
  readonly owed: Set<string>
  /** Owed only as long as the power stays on. */
  readonly volatile: Set<string>
}

/** Several lives of a service one after another, each ended in some way, then one in which everything works. */
export async function simulateLogs(seed: number, bug: PlantedBug = {}): Promise<SimulationResult> {
  const random = new SeededRandom(seed)
  const clock = new SimulatedClock()
  const durability = modes[seed % modes.length]!
  const server = new SimulatedServer(random.fork('server'))
  const diskFaults = randomFaults({ random: random.fork('faults'), rate: 0.02, errnos: ['EIO', 'ENOSPC'] })
  const hasDiskFaults = randomBelow(random, 3) === 0
  let isFaulty = false
  const intercept: Parameters<SimulatedDisk['crash']>[0] = {
    intercept: (operation) => (isFaulty ? diskFaults.intercept(operation) : undefined),
  }
  let disk = createSimulatedDisk({ clock, random: random.fork('disk'), ...intercept })
  await disk.makeFolder(spool)
  disk.makeDurable()
  const ledger: Ledger = { written: new Set(), owed: new Set(), volatile: new Set() }
  const faults: Record<string, number> = {}
  let isExact = !hasDiskFaults

  const lives = 1 + randomBelow(random, 4)
  for (let life = 0; life < lives; life++) {
    const world = mortalWorld(bug.disk?.(disk) ?? disk, clock)
    const sink = server.sink(world.clock, world.isDead)
    const segmentBytes = 1_024 + randomBelow(random, 4_096)
    const shipper = createShipper({
      sinks: [bug.sink?.(sink) ?? sink],
      spool,
      durability,
      segmentBytes,
      flushInterval,
      linger: 50,
      adoptAfter: 100,
      adoptInterval: 1_000,
      disk: world.disk,
      clock: world.clock,
      random: random.fork(`shipper ${life}`),
    })
    isFaulty = hasDiskFaults
    server.rate = randomItemOf(random, [0, 0.2, 0.9])
    await live({ shipper, clock, random, durability, ledger, name: `${life}`, isFaulty })
    const end = randomBelow(random, 3)
    if (end === 0) {
      isFaulty = false
      const { pending } = await drive(clock, shipper.close({ deadline: randomBelow(random, 2_000) }))
      // A deadline may cut a batch in two: its first part was taken, and is sent again with the rest.
      if (pending > 0) isExact = false
    } else {
      isExact = false
      const isPowerLoss = end === 2
      faults[isPowerLoss ? 'power-loss' : 'kill'] = (faults[isPowerLoss ? 'power-loss' : 'kill'] ?? 0) + 1
      await world.kill()
      isFaulty = false
      if (isPowerLoss) {
        disk = disk.crash(intercept)
        for (const text of ledger.volatile) if (!server.taken.has(text)) ledger.owed.delete(text)
        ledger.volatile.clear()
      }
    }
    await clock.advanceBy(5_000)
  }

  const violations = await lastLife(disk, clock, server, bug, random)
  if (Object.keys(server.faults).includes('sink/answer-lost')) isExact = false
  const buried = await deadLetters(disk)
  for (const text of ledger.owed)
    if (!server.taken.has(text) && !buried.has(text)) violations.push(`A line is lost: ${text} (${durability}).`)
  for (const text of [...server.taken.keys(), ...buried])
    if (!ledger.written.has(text)) violations.push(`A line was never written: ${text.slice(0, 80)}.`)
  const ids = new Map<string, string>()
  for (const [id, text] of server.lines) {
    if (ids.has(text)) violations.push(`A line has two ids: ${text}.`)
    ids.set(text, id)
  }
  if (isExact)
    for (const [text, times] of server.taken) if (times > 1) violations.push(`A line was sent ${times} times: ${text}.`)
  for (const [name, hits] of diskFaults.hits) faults[`disk/${name}`] = hits
  return { faults: { ...faults, ...server.faults }, violations: [...violations, ...server.violations] }
}

interface Life {
  readonly shipper: Shipper
  readonly clock: SimulatedClock
  readonly random: SeededRandom
  readonly durability: Durability
  readonly ledger: Ledger
  readonly name: string
  readonly isFaulty: boolean
}

async function live({ shipper, clock, random, durability, ledger, name, isFaulty }: Life): Promise<void> {
  const lines = randomBelow(random, 120)
  const owe = (text: string): void => {
    ledger.owed.add(text)
    if (durability !== 'fsync') ledger.volatile.add(text)
  }
  if (randomBelow(random, 4) > 0) await drive(clock, shipper.start())
  let held: string[] = []
  for (let index = 0; index < lines; index++) {
    const kind = randomItemOf(random, [
      'plain',
      'plain',
      'plain',
      'plain',
      'plain',
      'plain',
      'plain',
      'refused',
      'rejected',
    ])
    const filler = 'x'.repeat(randomBelow(random, 10) === 0 ? randomBelow(random, 3_000) : randomBelow(random, 60))
    const text = JSON.stringify({ level: 30, msg: `line ${name}/${index}`, kind, filler })
    ledger.written.add(text)
    if (durability === 'fsync')
      void shipper.append(text).then(
        () => owe(text),
        () => {},
      )
    else {
      const outcome = shipper.write(`${text}\n`)
      if (outcome === 'kept') owe(text)
      if (outcome === 'held') held.push(text)
    }
    if (randomFraction(random) < 0.3) {
      const pause = randomBelow(random, 200)
      await clock.advanceBy(pause)
      if (!isFaulty && pause > flushInterval) {
        for (const each of held) owe(each)
        held = []
      }
    }
    if (randomFraction(random) < 0.02) await drive(clock, shipper.flush({ deadline: 500 }))
  }
}

async function lastLife(
  disk: SimulatedDisk,
  clock: SimulatedClock,
  server: SimulatedServer,
  bug: PlantedBug,
  random: SeededRandom,
): Promise<string[]> {
  const violations: string[] = []
  server.rate = 0
  const sink = server.sink(clock, () => false)
  const shipper = createShipper({
    sinks: [bug.sink?.(sink) ?? sink],
    spool,
    linger: 50,
    adoptAfter: 100,
    disk: bug.disk?.(disk) ?? disk,
    clock,
    random: random.fork('last'),
  })
  await drive(clock, shipper.start())
  const { pending } = await drive(clock, shipper.flush({ deadline: '1h' }))
  if (pending > 0) violations.push(`${pending} lines are still pending after an hour of good health.`)
  await drive(clock, shipper.close())
  for await (const { name } of disk.entries(spool))
    if (name !== 'dead-letters')
      violations.push(
        `The spool still holds ${name}: ${disk
          .entriesSync(`${spool}/${name}`)
          .map((entry) => entry.name)
          .join()}.`,
      )
  return violations
}

/** Lets time pass until a promise has settled. */
export async function drive<Value>(clock: SimulatedClock, promise: Promise<Value>): Promise<Value> {
  let isSettled = false
  const settled = promise.finally(() => {
    isSettled = true
  })
  settled.catch(() => {})
  await clock.advanceBy(0)
  for (let steps = 0; !isSettled; steps++) {
    if (steps > 200_000) throw new Error('It does not end.')
    const next = clock.nextTimerAt
    // Whole milliseconds: jittered times are fractions, which do not add up exactly.
    await clock.advanceBy(next === undefined ? 1 : Math.max(1, Math.ceil(next - clock.now())))
  }
  return settled
}

async function deadLetters(disk: Disk): Promise<Set<string>> {
  const lines = new Set<string>()
  try {
    for await (const { name } of disk.entries(`${spool}/dead-letters`)) {
      const text = Buffer.from(await readFile(disk, `${spool}/dead-letters/${name}`)).toString()
      for (const letter of text.split('\n').filter(Boolean)) {
        // The last line of a file may be torn: it was not acknowledged.
        const parsed = parse(letter)
        if (parsed !== undefined) lines.add(parsed.line)
      }
    }
  } catch (thrown) {
    if (!isDiskError(thrown, 'CORE_DISK_NOT_FOUND')) throw thrown
  }
  return lines
}

function parse(text: string): { readonly line: string } | undefined {
  try {
    return JSON.parse(text) as { readonly line: string }
  } catch {
    return undefined
  }
}

function randomItemOf<Item>(random: SeededRandom, items: readonly Item[]): Item {
  return items[randomBelow(random, items.length)]!
}
