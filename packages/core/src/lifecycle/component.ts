import type { Duration } from '../duration/duration.ts'

/** What a step of a component is given. */
export interface StepContext {
  /** Aborts when the step should end at once: another start failed, or the time to drain or stop is up. */
  readonly signal: AbortSignal
}

/** A part of a program that is started and stopped: a database, a server, a queue's workers. */
export interface LifecycleComponent {
  /** Unique; stands in errors and log lines. */
  readonly name: string
  /** Components that are started before this one and stopped after it. @default [] */
  readonly dependsOn?: readonly string[] | undefined
  /** Gets it going; resolves when it is ready for those that depend on it. */
  readonly start?: ((context: StepContext) => unknown) | undefined
  /** Takes no new work and finishes what is under way. Runs before `stop`. */
  readonly drain?: ((context: StepContext) => unknown) | undefined
  /** Releases what it holds. Runs also when `drain` failed or took too long. */
  readonly stop?: ((context: StepContext) => unknown) | undefined
  /** How long `drain` and `stop` may take together. @default the lifecycle's deadline */
  readonly deadline?: Duration | undefined
}
