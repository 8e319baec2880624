import { AsyncLocalStorage } from 'node:async_hooks'
import { installedRecorder } from './recorder.ts'
import type { TraceContext } from './trace-context.ts'

/** Made on first use: until somebody brings a trace, asking for one costs a comparison. */
let storage: AsyncLocalStorage<TraceContext> | undefined

/** The trace that the running code belongs to, however deep below {@link withTrace} or a span; undefined outside one. */
export function currentTrace(): TraceContext | undefined {
  return installedRecorder()?.active() ?? storage?.getStore()
}

/**
 * Runs work as part of a trace, usually one that came with a request or a job.
 *
 * @example
 * ```ts
 * import { currentTrace, extract, startTrace, withTrace } from '@exprsn/core/tracing'
 *
 * const request = new Request('http://localhost/', {
 *   headers: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
 * })
 * await withTrace(extract(request.headers) ?? startTrace(), async () => {
 *   console.log(currentTrace()?.traceId) // 4bf92f3577b34da6a3ce929d0e0e4736
 * })
 * ```
 */
export function withTrace<Result>(context: TraceContext, work: () => Result): Result {
  const recorder = installedRecorder()
  if (recorder === undefined) return storeTrace(context, work)
  return recorder.within(context, () => storeTrace(context, work))
}

/** Runs work with this as the current trace of our own storage alone. */
export function storeTrace<Result>(context: TraceContext, work: () => Result): Result {
  storage ??= new AsyncLocalStorage()
  return storage.run(context, work)
}
