/** The members of `@opentelemetry/api` that are used, so that any copy and version with them will do. */
export interface OpenTelemetryApiLike {
  readonly trace: {
    getTracer(name: string, version?: string): TracerLike
    getSpanContext(context: unknown): SpanContextLike | undefined
    setSpan(context: never, span: never): unknown
    setSpanContext(context: never, spanContext: never): unknown
  }
  readonly context: {
    active(): unknown
    with<Result>(context: never, work: () => Result): Result
  }
  createTraceState(text?: string): unknown
}

/** What begins spans. */
export interface TracerLike {
  startSpan(name: string, options?: never, context?: never): SpanLike
}

/** A span of OpenTelemetry. */
export interface SpanLike {
  spanContext(): SpanContextLike
  isRecording(): boolean
  setAttribute(name: string, value: string | number | boolean): unknown
  addEvent(name: string, attributes?: Readonly<Record<string, string | number | boolean>>): unknown
  recordException(error: Error | string): void
  setStatus(status: { readonly code: number; readonly message?: string }): unknown
  end(): void
}

/** Where a span stands in its trace. */
export interface SpanContextLike {
  readonly traceId: string
  readonly spanId: string
  readonly traceFlags: number
  readonly traceState?: { serialize(): string } | undefined
}
