import { runGuarded, type Guard } from './guard.ts'
import { runRacingSignal } from './race-signal.ts'
import { Scope } from './scope.ts'

/** What a policy hands to the work it runs. */
export interface PolicyContext {
  /** Aborted when the caller gives up or a time limit is reached. Made when first read: work that ignores it costs nothing. */
  readonly signal: AbortSignal
  /** 1 for the first attempt. */
  readonly attempt: number
}

/** The operation that a policy protects. */
export type Work<Result> = (context: PolicyContext) => Promise<Result> | Result

/** Options of one call through a policy. */
export interface PolicyCallOptions {
  /** Gives up the whole call: attempts, waits between them and waits in queues. */
  readonly signal?: AbortSignal | undefined
}

/** Layers composed into one function. `Extra` is what a fallback may return instead of the work's result. */
export interface Policy<Extra = never> {
  <Result>(work: Work<Result>, options?: PolicyCallOptions): Promise<Result | Extra>
  /** What the layers are, the outermost first: for logs, metrics and start-up reports. */
  describe(): readonly LayerDescription[]
}

/** What a layer is. */
export interface LayerDescription {
  /** The factory that made it: `retry`, `timeout`, `circuitBreaker`, … */
  readonly kind: string
  /** The name it was given; its kind when it was given none. */
  readonly name: string
  /** Its settings in plain values; times in milliseconds. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** One step of the way from a policy to the work. */
export type Operation = (scope: Scope) => Promise<unknown>

/** A layer of a policy: retry, timeout, circuit breaker, bulkhead, … */
export interface PolicyLayer<Extra = never> extends LayerDescription {
  /** Puts this layer around the next one. Called once, when the policy is composed. */
  wrap(next: Operation): Operation
  /** Set when the layer only looks at the beginning and the end of a call. */
  readonly guard?: Guard
  /** Only a type: what the layer may return instead of the work's result. */
  readonly extra?: Extra
}

type ExtraOf<Layers extends readonly PolicyLayer<unknown>[]> = {
  [Index in keyof Layers]: Layers[Index] extends PolicyLayer<infer Extra> ? Extra : never
}[number]

/**
 * Composes layers into one function; the first layer is the outermost. In `policy(retry(), timeout('2s'))` the time limit
 * holds for each attempt, in `policy(timeout('2s'), retry())` for all of them together.
 *
 * Layers with state (breakers, bulkheads, limits) may be shared between policies.
 *
 * @throws Whatever the work throws, or the layers' own errors: `CORE_TIMEOUT`, `CORE_CIRCUIT_OPEN`, `CORE_BULKHEAD_FULL`,
 * `CORE_RATE_LIMITED`; the signal's reason when the caller gave up.
 * @example
 * ```ts
 * import { bulkhead, circuitBreaker, policy, retry, timeout } from '@exprsn/core/resilience'
 *
 * const resilient = policy(retry({ attempts: 4 }), timeout('2s'), circuitBreaker(), bulkhead({ limit: 20 }))
 * const answer = await resilient(async ({ attempt }) => `answered at attempt ${attempt}`)
 * console.log(answer) // answered at attempt 1
 * ```
 */
export function policy<const Layers extends readonly PolicyLayer<unknown>[]>(
  ...layers: Layers
): Policy<ExtraOf<Layers>> {
  // Composed once: a call allocates one scope and walks plain functions.
  const run = compose(layers)
  const call = (work: Work<unknown>, options?: PolicyCallOptions): Promise<unknown> => {
    const signal = options?.signal
    return signal === undefined ? run(new Scope(work, undefined, 1, true)) : runRacingSignal(run, work, signal)
  }
  const describe = (): readonly LayerDescription[] =>
    layers.map(({ kind, name, settings }) => ({ kind, name, settings }))
  return Object.assign(call, { describe }) as Policy<ExtraOf<Layers>>
}

/** Layers from the inside out; neighbouring guards become one step. */
function compose(layers: readonly PolicyLayer<unknown>[]): Operation {
  let operation = callWork
  let guards: Guard[] = []
  const flush = (): void => {
    if (guards.length > 0) operation = runGuarded(guards, operation)
    guards = []
  }
  for (const layer of layers.toReversed()) {
    const { guard } = layer
    if (guard !== undefined) guards = [guard, ...guards]
    else {
      flush()
      operation = layer.wrap(operation)
    }
  }
  flush()
  return operation
}

/** The innermost operation: what the work throws at once becomes a rejection; a thenable of any kind is awaited. */
function callWork(scope: Scope): Promise<unknown> {
  try {
    const result = scope.work(scope)
    return result instanceof Promise ? result : Promise.resolve(result)
  } catch (error) {
    return Promise.reject(error as Error)
  }
}
