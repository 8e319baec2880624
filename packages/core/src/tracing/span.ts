import type { TraceContext } from './trace-context.ts'

/** What an attribute of a span may be. */
export type AttributeValue = string | number | boolean

/** Facts about a span, such as `{ 'db.system': 'postgresql' }`. */
export type Attributes = Readonly<Record<string, AttributeValue>>

/** A piece of work that is being traced. Where nobody records, its methods do nothing. */
export interface Span {
  /** Where it stands in its trace; undefined outside any trace. */
  readonly context: TraceContext | undefined
  /** Whether anything is done with attributes and events: ask before computing expensive ones. */
  readonly isRecording: boolean
  setAttribute(name: string, value: AttributeValue): void
  addEvent(name: string, attributes?: Attributes): void
}

/** How a span stands to others (OpenTelemetry, "SpanKind"). */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'

/** Options of a span. */
export interface SpanOptions {
  /** @default 'internal' */
  readonly kind?: SpanKind | undefined
  /** @default none */
  readonly attributes?: Attributes | undefined
}

/** What records spans: `useOpenTelemetry` from `@exprsn/core/drivers/opentelemetry` makes one. */
export interface SpanRecorder {
  /** The context of the span that is active in the recorder's own view; undefined without one. */
  active(): TraceContext | undefined
  /** Runs work as part of a trace that came from elsewhere. */
  within<Result>(context: TraceContext, work: () => Result): Result
  /** Runs work in a span that ends when the work, or the promise it returns, ends. `parent` is that of {@link active} or one it does not know. */
  span<Result>(
    name: string,
    options: SpanOptions,
    parent: TraceContext | undefined,
    work: (span: Span) => Result,
  ): Result
}

/** The span of work that nobody records. */
export function unrecordedSpan(context: TraceContext | undefined): Span {
  return { context, isRecording: false, setAttribute: ignore, addEvent: ignore }
}

/** The one outside any trace, shared by all. */
export const noSpan: Span = unrecordedSpan(undefined)

function ignore(): void {}
