import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import {
  createScheduler,
  every,
  type JobOptions,
  type ScheduleEvent,
  type Scheduler,
  type SchedulerOptions,
} from '@exprsn/core/schedule'
import { SimulatedClock } from '@exprsn/core/testing'
import { afterEach, beforeEach } from 'vitest'

/** A simulated clock, an empty database with the scheduler's tables, and the schedulers made on them. */
export class SchedulerStage {
  readonly clock = new SimulatedClock({ now: new Date('2026-01-01T00:00:30Z') })
  readonly database: Database = sqliteDatabase({ path: ':memory:', clock: this.clock })
  readonly events: ScheduleEvent[] = []
  readonly #open: Scheduler[] = []

  scheduler(options: Partial<SchedulerOptions> = {}): Scheduler {
    const { database, clock, events } = this
    const made = createScheduler({ database, clock, onEvent: (event) => events.push(event), ...options })
    this.#open.push(made)
    return made
  }

  /** Lets time pass until the work is over. */
  async settled<Result>(work: Promise<Result>): Promise<Result> {
    let isOver = false
    const end = (): void => {
      isOver = true
    }
    void work.then(end, end)
    while (!isOver) await this.clock.advanceBy(100)
    return work
  }

  typesOfEvents(): string[] {
    return this.events.map(({ type }) => type)
  }

  async end(): Promise<void> {
    await this.settled(Promise.all(this.#open.map((each) => each.close({ deadline: 0 }))))
    await this.database.close()
  }
}

/** A new stage for each test of the file. */
export function useStage(set: (stage: SchedulerStage) => void): void {
  let stage: SchedulerStage
  beforeEach(async () => {
    stage = new SchedulerStage()
    set(stage)
    await migrate(stage.database, [stage.scheduler().migrations])
  })
  afterEach(() => stage.end())
}

/** A job that notes the minute of its slots. */
export function noting(slots: string[], job: Partial<JobOptions> = {}): JobOptions {
  return { id: 'job', when: every('1m'), run: ({ slot }) => slots.push(minuteOf(slot)), ...job }
}

export function minuteOf(slot: Date): string {
  return slot.toISOString().slice(11, 16)
}
