import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import { silentLogger, type Logger } from '../logger/logger.ts'
import type { LifecycleComponent } from './component.ts'
import { lifecycleErrors } from './errors.ts'
import { listenToSignals } from './signals.ts'
import { startComponents } from './start-components.ts'
import { startOrder } from './start-order.ts'
import { stopComponents, type StopProblem } from './stop-components.ts'
import { within } from './within.ts'

/** Options of {@link createLifecycle}. */
export interface LifecycleOptions {
  /** @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** Signals that stop the program; listened to from `start()` until everything is stopped. @default ['SIGTERM', 'SIGINT'] */
  readonly signals?: readonly NodeJS.Signals[] | undefined
  /** How long one component may take to drain and stop, and how long everything may take together. @default '30s' */
  readonly deadline?: Duration | undefined
  /**
   * Ends the process after a signal: with 0 when everything stopped cleanly, with 1 when not or when a second signal
   * came meanwhile. Never called when the program itself calls `stop()`. @default process.exit
   */
  readonly exit?: ((code: number) => void) | undefined
}

/** Where a lifecycle is. */
export type LifecycleState = 'idle' | 'starting' | 'running' | 'stopping' | 'stopped'

/** What made a lifecycle stop: a signal, or a call. */
export type ShutdownReason = NodeJS.Signals | 'stop'

/** Starts and stops the components of a program in the order of their dependencies. */
export interface Lifecycle extends AsyncDisposable {
  readonly state: LifecycleState
  /** Adds a component before the start. @throws `CORE_LIFECYCLE_NAME_TAKEN`, `CORE_LIFECYCLE_STATE` */
  add(component: LifecycleComponent): void
  /**
   * Starts every component as soon as those it depends on have started. When one fails, those that had started are
   * stopped again, latest first. Calling it again while it starts or runs waits for the same start.
   *
   * @throws `CORE_LIFECYCLE_START_FAILED` naming the component, with its error as cause;
   * `CORE_LIFECYCLE_START_INTERRUPTED`; `CORE_LIFECYCLE_NAME_UNKNOWN`; `CORE_LIFECYCLE_CYCLE`; `CORE_LIFECYCLE_STATE`.
   */
  start(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>
  /**
   * Drains and stops every component before those it depends on, and never takes longer than the deadline.
   * Calling it again waits for the same stop.
   *
   * @throws `CORE_LIFECYCLE_STOP_FAILED` after all were stopped, when some failed or took too long.
   */
  stop(options?: { readonly deadline?: Duration | undefined }): Promise<void>
  /** Calls back once, when stopping begins; returns a function that takes the callback off again. */
  onShutdown(callback: (reason: ShutdownReason) => void): () => void
}

/**
 * Starts and stops the parts of a program in order, also on SIGTERM and SIGINT. Nothing happens before `start()`.
 *
 * @example
 * ```ts
 * import { createLifecycle } from '@exprsn/core/lifecycle'
 *
 * const lifecycle = createLifecycle({ deadline: '10s' })
 * lifecycle.add({ name: 'server', dependsOn: ['database'], start: () => console.log('listening') })
 * lifecycle.add({ name: 'database', start: () => console.log('connected'), stop: () => console.log('closed') })
 * await lifecycle.start() // connected, listening
 * await lifecycle.stop() // closed
 * ```
 */
export function createLifecycle(options: LifecycleOptions = {}): Lifecycle {
  return new ComponentLifecycle(options)
}

class ComponentLifecycle implements Lifecycle {
  readonly #logger: Logger
  readonly #clock: Clock
  readonly #signals: readonly NodeJS.Signals[]
  readonly #deadline: Duration
  readonly #exit: (code: number) => void
  readonly #components = new Map<string, LifecycleComponent>()
  readonly #callbacks = new Set<(reason: ShutdownReason) => void>()
  readonly #interruption = new AbortController()
  readonly #started: LifecycleComponent[] = []
  #state: LifecycleState = 'idle'
  #startFailure: Error | undefined
  #startSteps: Promise<void> | undefined
  #starting: Promise<void> | undefined
  #stopping: Promise<void> | undefined
  #isSignalled = false
  #ignoreSignals: () => void = () => {}

  constructor({ logger, clock, signals, deadline, exit }: LifecycleOptions) {
    this.#logger = logger ?? silentLogger
    this.#clock = clock ?? systemClock
    this.#signals = signals ?? ['SIGTERM', 'SIGINT']
    this.#deadline = deadline ?? '30s'
    this.#exit = exit ?? ((code) => process.exit(code))
  }

  get state(): LifecycleState {
    return this.#state
  }

  add(component: LifecycleComponent): void {
    if (this.#state !== 'idle') throw lifecycleErrors.CORE_LIFECYCLE_STATE({ state: this.#state, action: 'add' })
    const { name } = component
    if (this.#components.has(name)) throw lifecycleErrors.CORE_LIFECYCLE_NAME_TAKEN({ name })
    this.#components.set(name, component)
  }

  async start({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    if (this.#stopping !== undefined)
      throw lifecycleErrors.CORE_LIFECYCLE_STATE({ state: this.#state, action: 'start' })
    this.#starting ??= this.#startAll(startOrder(this.#components), signal)
    await this.#starting
  }

  async stop({ deadline = this.#deadline }: { readonly deadline?: Duration | undefined } = {}): Promise<void> {
    await this.#stopBecause('stop', deadline)
  }

  onShutdown(callback: (reason: ShutdownReason) => void): () => void {
    this.#callbacks.add(callback)
    return () => void this.#callbacks.delete(callback)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #startAll(order: readonly LifecycleComponent[], outside: AbortSignal | undefined): Promise<void> {
    const { signal } = this.#interruption
    const interrupt = (): void => void this.#stopBecause('stop', this.#deadline).catch(() => {})
    const interrupted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    this.#state = 'starting'
    this.#ignoreSignals = listenToSignals(this.#signals, (name) => this.#onSignal(name))
    if (outside?.aborted) interrupt()
    outside?.addEventListener('abort', interrupt, { once: true })
    this.#startSteps = startComponents(order, {
      signal,
      onStarted: (component) => this.#onStarted(component),
      onFailed: (component, cause) => {
        if (!signal.aborted)
          this.#startFailure = lifecycleErrors.CORE_LIFECYCLE_START_FAILED({ name: component.name }, { cause })
        interrupt()
      },
    })
    await Promise.race([this.#startSteps, interrupted])
    outside?.removeEventListener('abort', interrupt)
    if (signal.aborted) {
      await this.#stopping?.catch(() => {})
      throw this.#startFailure ?? lifecycleErrors.CORE_LIFECYCLE_START_INTERRUPTED()
    }
    this.#state = 'running'
    this.#logger.info({ components: order.map(({ name }) => name) }, 'started')
  }

  /** A start that ignored its signal beyond the deadline may still succeed: then it is undone on its own. */
  #onStarted(component: LifecycleComponent): void {
    this.#logger.debug({ component: component.name }, 'component started')
    if (this.#state !== 'stopped') this.#started.push(component)
    else void stopComponents([component], { clock: this.#clock, total: this.#deadline, each: this.#deadline })
  }

  #onSignal(name: NodeJS.Signals): void {
    if (this.#isSignalled) {
      this.#logger.warn({ signal: name }, 'second signal: not waiting any longer')
      this.#exit(1)
      return
    }
    this.#isSignalled = true
    this.#stopBecause(name, this.#deadline).then(
      () => this.#exit(0),
      () => this.#exit(1),
    )
  }

  #stopBecause(reason: ShutdownReason, deadline: Duration): Promise<void> {
    this.#stopping ??= this.#stopAll(reason, deadline)
    return this.#stopping
  }

  async #stopAll(reason: ShutdownReason, deadline: Duration): Promise<void> {
    const end = this.#clock.monotonic() + milliseconds(deadline)
    this.#state = 'stopping'
    this.#logger.info({ reason }, 'stopping')
    this.#interruption.abort()
    for (const callback of this.#callbacks) this.#notify(callback, reason)
    await within(this.#clock, milliseconds(deadline), () => this.#startSteps)
    const total = Math.max(0, end - this.#clock.monotonic())
    const problems = await stopComponents([...this.#started], { clock: this.#clock, total, each: this.#deadline })
    this.#state = 'stopped'
    this.#ignoreSignals()
    for (const { name, error } of problems)
      this.#logger.error({ component: name, err: error }, 'component did not stop cleanly')
    this.#logger.info({ problems: problems.length }, 'stopped')
    if (problems.length > 0) throw stopFailed(problems)
  }

  #notify(callback: (reason: ShutdownReason) => void, reason: ShutdownReason): void {
    try {
      callback(reason)
    } catch (error) {
      this.#logger.error({ err: error }, 'shutdown callback failed')
    }
  }
}

function stopFailed(problems: readonly StopProblem[]): Error {
  const names = [...new Set(problems.map(({ name }) => name))]
  const cause = new AggregateError(problems.map(({ error }) => error))
  return lifecycleErrors.CORE_LIFECYCLE_STOP_FAILED({ names }, { cause })
}
