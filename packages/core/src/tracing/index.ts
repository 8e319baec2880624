/**
 * W3C trace context through asynchronous code and over the wire, and spans where something records them.
 *
 * @packageDocumentation
 */
export { currentTrace, withTrace } from './current-trace.ts'
export { tracingErrors } from './errors.ts'
export { extract, inject, type IncomingHeaders, type OutgoingHeaders } from './propagation.ts'
export { useSpanRecorder } from './recorder.ts'
export type { Attributes, AttributeValue, Span, SpanKind, SpanOptions, SpanRecorder } from './span.ts'
export { startTrace, type StartTraceOptions, type TraceContext } from './trace-context.ts'
export { traceExemplar } from './trace-exemplar.ts'
export { formatTraceparent, parseTraceparent, type TraceParent } from './traceparent.ts'
export { formatTracestate, parseTracestate, type TraceStateEntry } from './tracestate.ts'
export { withSpan, type WithSpanOptions } from './with-span.ts'
