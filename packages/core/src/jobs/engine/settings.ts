import type { Clock } from '../../clock/clock.ts'
import type { Logger } from '../../logger/logger.ts'
import type { Random } from '../../random/random.ts'
import type { JobBackend, KeepFinished } from '../backend.ts'
import type { JobEvent } from '../job-event.ts'
import type { JobDefinition } from '../job-handler.ts'

/** What the parts of a worker share; times in milliseconds. */
export interface WorkerSettings {
  readonly backend: JobBackend
  readonly handlers: ReadonlyMap<string, JobDefinition<unknown>>
  readonly concurrency: number
  readonly prefetch: number
  readonly lease: number
  /** How long a handler may go on after its signal was aborted. */
  readonly grace: number
  readonly poll: { readonly minimum: number; readonly maximum: number }
  readonly keep: KeepFinished
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly emit: (event: JobEvent) => void
}
