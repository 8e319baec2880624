import type { Span, SpanKind, SpanRecorder } from '../../tracing/span.ts'
import type { TraceContext } from '../../tracing/trace-context.ts'
import type { OpenTelemetryApiLike, SpanContextLike, SpanLike } from './api-like.ts'

/** The numbers of the API's SpanKind. */
const kinds: Readonly<Record<SpanKind, number>> = { internal: 0, server: 1, client: 2, producer: 3, consumer: 4 }

/** The number of the API's SpanStatusCode.ERROR. */
const errorStatus = 2

/** Records spans through the OpenTelemetry API. */
export function openTelemetryRecorder(
  api: OpenTelemetryApiLike,
  name: string,
  version: string | undefined,
): SpanRecorder {
  const { context, trace } = api
  const active = (): TraceContext | undefined => traceContextOf(trace.getSpanContext(context.active()))
  const contextWith = (parent: TraceContext): unknown =>
    trace.setSpanContext(context.active() as never, spanContextOf(api, parent) as never)
  return {
    active,
    within: (parent, work) => context.with(contextWith(parent) as never, work),
    span(spanName, { kind = 'internal', attributes = {} }, parent, work) {
      // Without a context manager OpenTelemetry knows nothing of the trace that is current here.
      const outer = parent !== undefined && active() === undefined ? contextWith(parent) : context.active()
      const options = { kind: kinds[kind], attributes }
      // Asked for each time: an SDK that is registered later is then used as well.
      const span = trace.getTracer(name, version).startSpan(spanName, options as never, outer as never)
      return untilEnd(span, () =>
        context.with(trace.setSpan(outer as never, span as never) as never, () => work(spanOf(span))),
      )
    },
  }
}

/** Ends the span with the work, or with the promise that it returns. */
function untilEnd<Result>(span: SpanLike, work: () => Result): Result {
  let result: Result
  try {
    result = work()
  } catch (error) {
    fail(span, error)
    throw error
  }
  if (!(result instanceof Promise)) {
    span.end()
    return result
  }
  return result.then(
    (value: unknown) => {
      span.end()
      return value
    },
    (error: unknown) => {
      fail(span, error)
      throw error
    },
  ) as Result
}

function fail(span: SpanLike, error: unknown): void {
  span.recordException(error instanceof Error ? error : String(error))
  span.setStatus({ code: errorStatus, ...(error instanceof Error && { message: error.message }) })
  span.end()
}

function spanOf(span: SpanLike): Span {
  return {
    context: traceContextOf(span.spanContext()),
    isRecording: span.isRecording(),
    setAttribute: (name, value) => void span.setAttribute(name, value),
    addEvent: (name, attributes) => void span.addEvent(name, attributes),
  }
}

/** Undefined for the all-zero context of an API without an SDK. */
function traceContextOf(context: SpanContextLike | undefined): TraceContext | undefined {
  if (context === undefined || /^0+$/.test(context.traceId)) return undefined
  const { traceId, spanId, traceFlags, traceState } = context
  return { traceId, spanId, sampled: (traceFlags & 1) === 1, traceState: traceState?.serialize() ?? '' }
}

function spanContextOf(api: OpenTelemetryApiLike, { traceId, spanId, sampled, traceState }: TraceContext): unknown {
  const state = traceState === '' ? {} : { traceState: api.createTraceState(traceState) }
  return { traceId, spanId, traceFlags: sampled ? 1 : 0, isRemote: true, ...state }
}
