// The JSON form of opentelemetry/proto/metrics/v1/metrics.proto: 64-bit integers are text, ids hexadecimal.

/** One attribute of a resource or a data point. */
export interface OtlpAttribute {
  readonly key: string
  readonly value: { readonly stringValue: string } | { readonly boolValue: boolean }
}

/** One example in a data point. */
export interface OtlpExemplar {
  readonly timeUnixNano: string
  readonly asDouble: number
  readonly traceId?: string | undefined
  readonly spanId?: string | undefined
  readonly filteredAttributes: readonly OtlpAttribute[]
}

/** What all data points have. */
export interface OtlpPoint {
  readonly attributes: readonly OtlpAttribute[]
  readonly startTimeUnixNano: string
  readonly timeUnixNano: string
}

/** The value of a counter or a gauge. */
export interface OtlpNumberPoint extends OtlpPoint {
  readonly asDouble: number
  readonly exemplars?: readonly OtlpExemplar[] | undefined
}

/** What both kinds of histogram have. */
export interface OtlpDistributionPoint extends OtlpPoint {
  readonly count: string
  readonly sum: number
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly exemplars?: readonly OtlpExemplar[] | undefined
}

/** A histogram with bounds. */
export interface OtlpHistogramPoint extends OtlpDistributionPoint {
  readonly bucketCounts: readonly string[]
  readonly explicitBounds: readonly number[]
}

/** An exponential histogram. */
export interface OtlpExponentialPoint extends OtlpDistributionPoint {
  readonly scale: number
  readonly zeroCount: string
  readonly positive: { readonly offset: number; readonly bucketCounts: readonly string[] }
}

/** One instrument. `aggregationTemporality` 2 is cumulative. */
export interface OtlpMetric {
  readonly name: string
  readonly description: string
  readonly unit: string
  readonly sum?: {
    readonly dataPoints: readonly OtlpNumberPoint[]
    readonly aggregationTemporality: 2
    readonly isMonotonic: true
  }
  readonly gauge?: { readonly dataPoints: readonly OtlpNumberPoint[] }
  readonly histogram?: { readonly dataPoints: readonly OtlpHistogramPoint[]; readonly aggregationTemporality: 2 }
  readonly exponentialHistogram?: {
    readonly dataPoints: readonly OtlpExponentialPoint[]
    readonly aggregationTemporality: 2
  }
}

/** The body of a request to `/v1/metrics`. */
export interface OtlpMetricsRequest {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] }
    readonly scopeMetrics: readonly {
      readonly scope: { readonly name: string }
      readonly metrics: readonly OtlpMetric[]
    }[]
  }[]
}
