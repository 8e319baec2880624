import { ExprsnError, randomBelow, randomFraction, silentLogger, type Logger } from '@exprsn/core'
import type { Disk } from '@exprsn/core/disk'
import { createSimulatedDisk, SeededRandom, SimulatedClock, type SimulationResult } from '@exprsn/core/testing'
import { createRecord, type Sink } from '@exprsn/logs'
import { createLogStore, type LogStore } from '@exprsn/logs/store'
import { mortalWorld, type MortalWorld } from '../log-wal/mortal.ts'
import { drive } from '../log-wal/simulate-logs.ts'

/** A mistake that is put between a store and its world, or between a store and its shipper. */
export interface PlantedBug {
  readonly disk?: (disk: Disk) => Disk
  readonly sink?: (sink: Sink) => Sink
}

/** Lines that a shipper keeps until a store has them; those before `removed` are not there any more. */
interface Spool {
  readonly source: string
  readonly lines: string[]
  removed: number
}

interface Process {
  readonly world: MortalWorld
  readonly store: LogStore
  readonly sink: Sink
  readonly spools: Spool[]
  /** Of spools that the sink was asked about. */
  readonly positions: Map<Spool, number>
}

const signal = new AbortController().signal
const options = { path: '/store', sealAfter: 0, maintenanceInterval: 0, adoptInterval: 0, compactAt: 2 } as const

/** Several processes at one store, each of which may die at any moment; then what the store holds. */
export async function simulateHandOver(seed: number, bug: PlantedBug = {}): Promise<SimulationResult> {
  const simulation = new HandOverSimulation(seed, bug)
  await simulation.run()
  return { faults: simulation.faults, violations: simulation.violations }
}

class HandOverSimulation {
  readonly faults: Record<string, number> = {}
  readonly violations: string[] = []
  readonly #random: SeededRandom
  readonly #clock = new SimulatedClock({ now: 1_795_000_000_000 })
  readonly #bug: PlantedBug
  readonly #owed = new Set<string>()
  readonly #given = new Set<string>()
  readonly #orphans: Spool[] = []
  readonly #logger: Logger
  #processes: Process[] = []
  #disk: ReturnType<typeof createSimulatedDisk>
  #started = 0
  #lines = 0

  constructor(seed: number, bug: PlantedBug) {
    this.#random = new SeededRandom(seed)
    this.#bug = bug
    this.#disk = createSimulatedDisk({ clock: this.#clock, random: this.#random.fork('disk') })
    this.#logger = { ...silentLogger, error: (...words) => void this.violations.push(JSON.stringify(words)) }
  }

  async run(): Promise<void> {
    for (let index = 2 + randomBelow(this.#random, 2); index > 0; index--) this.#start()
    for (let step = 15 + randomBelow(this.#random, 40); step > 0; step--) {
      await this.#step()
      const writers = this.#processes.filter(({ store }) => store.status().isWriter)
      if (writers.length > 1) this.violations.push(`${writers.length} processes write.`)
    }
    for (const each of this.#processes) await drive(this.#clock, each.store.close())
    await this.#check()
  }

  async #step(): Promise<void> {
    const random = this.#random
    const process = this.#processes[randomBelow(random, this.#processes.length)]!
    const choice = randomFraction(random)
    if (choice < 0.08) return this.#powerLoss()
    if (randomBelow(random, 4) === 0) return this.#together(process)
    const work = this.#workOf(process, choice)
    if (randomBelow(random, 6) > 0) {
      await drive(this.#clock, work).catch((error: unknown) => this.#mayFail(error))
      return
    }
    // The end comes in the middle of the work: some of its calls have happened.
    work.catch((error: unknown) => {
      if (!process.world.isDead()) this.#mayFail(error)
    })
    for (let turn = randomBelow(random, 140); turn > 0; turn--) await Promise.resolve()
    await this.#kill(process)
  }

  /** All at once, each beginning a little later: their calls take turns. */
  async #together(first: Process): Promise<void> {
    this.#count('together')
    const works: Promise<unknown>[] = []
    for (const process of [first, ...this.#processes.filter((each) => each !== first)]) {
      const work = this.#workOf(process, randomFraction(this.#random))
      works.push(work.catch((error: unknown) => this.#mayFail(error)))
      for (let turn = randomBelow(this.#random, 140); turn > 0; turn--) await Promise.resolve()
    }
    await drive(this.#clock, Promise.all(works))
  }

  #workOf(process: Process, choice: number): Promise<unknown> {
    if (choice < 0.4) return this.#append(process)
    if (choice < 0.7) return this.#ship(process)
    if (choice < 0.8) {
      // As the timer does it.
      this.#count('adopt')
      return process.sink.places!.settle({ signal, attempt: 1 }).then(() => process.store.flush())
    }
    if (choice < 0.95) return process.store.flush()
    return process.store.maintain()
  }

  async #append({ store }: Process): Promise<void> {
    const lines = this.#newLines()
    if (!store.status().isWriter) this.#count('hand over')
    await store.append(lines)
    for (const line of lines) this.#owed.add(line)
  }

  /** As a shipper does: asks where to begin, gives what is there, and removes what is safe. */
  async #ship({ sink, spools, positions }: Process): Promise<void> {
    const spool = spools[randomBelow(this.#random, spools.length)]!
    // In its own spool only does a process log.
    if (spool === spools[0]) spool.lines.push(...this.#newLines())
    const at = positions.get(spool)
    if (at !== undefined && randomBelow(this.#random, 5) > 0) spool.removed = Math.max(spool.removed, at - 1)
    const from = Math.max(spool.removed + 1, at ?? (await sink.places!.positionOf(spool.source)))
    const records = spool.lines.slice(from - 1).map((line, index) => {
      return createRecord({ id: `${spool.source}-${from + index}`, bytes: Buffer.from(line), fallbackTime: 0 })
    })
    await sink.send({ records, id: `${spool.source}-${from}` }, { signal, attempt: 1 })
    positions.set(spool, Math.max(from, await sink.places!.positionOf(spool.source)))
  }

  #newLines(): string[] {
    const lines = Array.from({ length: 1 + randomBelow(this.#random, 3) }, () => `line ${++this.#lines}`)
    for (const line of lines) this.#given.add(line)
    return lines
  }

  #start(): void {
    const name = `p${++this.#started}`
    const { disk, clock, ...world } = mortalWorld(this.#bug.disk?.(this.#disk) ?? this.#disk, this.#clock)
    const logger = this.#logger
    const store = createLogStore({ ...options, disk, clock, logger, random: this.#random.fork(name) })
    const sink = this.#bug.sink?.(store.sink()) ?? store.sink()
    // What the dead have left is taken over, by one of the living.
    const spools = [{ source: `spool-${name}`, lines: [], removed: 0 }, ...this.#orphans.splice(0)]
    this.#processes.push({ world: { disk, clock, ...world }, store, sink, spools, positions: new Map() })
  }

  async #kill(process: Process): Promise<void> {
    this.#count(process.store.status().isWriter ? 'kill of the writer' : 'kill')
    await process.world.kill()
    this.#processes = this.#processes.filter((each) => each !== process)
    this.#orphans.push(...process.spools)
    const [heir] = this.#processes
    if (heir !== undefined && randomBelow(this.#random, 2) === 0) heir.spools.push(...this.#orphans.splice(0))
    this.#start()
  }

  async #powerLoss(): Promise<void> {
    this.#count('power loss')
    const { length } = this.#processes
    for (const process of [...this.#processes]) {
      await process.world.kill()
      this.#orphans.push(...process.spools)
    }
    this.#processes = []
    this.#disk = this.#disk.crash()
    for (let index = 0; index < length; index++) this.#start()
  }

  async #check(): Promise<void> {
    const disk = this.#bug.disk?.(this.#disk) ?? this.#disk
    const store = createLogStore({ ...options, disk, clock: this.#clock, logger: this.#logger })
    const sink = this.#bug.sink?.(store.sink()) ?? store.sink()
    const spools = [...this.#orphans, ...this.#processes.flatMap((each) => each.spools)]
    for (const spool of spools) {
      const from = Math.max(spool.removed + 1, await drive(this.#clock, sink.places!.positionOf(spool.source)))
      const records = spool.lines.slice(from - 1).map((line, index) => {
        return createRecord({ id: `${spool.source}-${from + index}`, bytes: Buffer.from(line), fallbackTime: 0 })
      })
      await drive(this.#clock, sink.send({ records, id: 'all' }, { signal, attempt: 1 }) as Promise<unknown>)
      for (const line of spool.lines) this.#owed.add(line)
    }
    await drive(this.#clock, store.flush())
    const counts = new Map<string, number>()
    for await (const { text } of store.export()) counts.set(text, (counts.get(text) ?? 0) + 1)
    for (const line of this.#owed) if (!counts.has(line)) this.violations.push(`"${line}" is lost.`)
    for (const [line, times] of counts) {
      if (times > 1) this.violations.push(`"${line}" is there ${times} times.`)
      if (!this.#given.has(line)) this.violations.push(`"${line}" was never given.`)
    }
    await drive(this.#clock, store.close())
    for (const folder of ['handover', 'wal'])
      for (const { name } of this.#disk.entriesSync(`/store/${folder}`))
        if (!name.startsWith('.exprsn-tmp-')) this.violations.push(`${folder}/${name} is left.`)
  }

  /** Whoever has to wait for another process is told so. */
  #mayFail(error: unknown): void {
    const isToWait = ExprsnError.is(error) && error.code === 'LOGS_STORE_HAND_OVER_PENDING'
    if (isToWait) this.#count('pending')
    else this.violations.push(`A call failed: ${String(error)}`)
  }

  #count(name: string): void {
    this.faults[name] = (this.faults[name] ?? 0) + 1
  }
}
