import type { Clock } from '../../clock/clock.ts'
import { sleep } from '../../clock/sleep.ts'
import { systemClock } from '../../clock/system-clock.ts'
import type { Metrics } from '../create-metrics.ts'
import { metricsErrors } from '../errors.ts'
import type { OtlpMetric, OtlpMetricsRequest } from './otlp-metrics.ts'
import type { OtlpOptions } from './to-otlp.ts'

/** Options of {@link pushOtlp}. */
export interface PushOtlpOptions extends OtlpOptions {
  /** Where the collector takes metrics, such as `http://localhost:4318/v1/metrics`. */
  readonly url: string | URL
  /** Added to the request, such as an API key. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** What sends the request; give one with your policies. @default fetch */
  readonly fetch?: ((url: string | URL, init: RequestInit) => Promise<Response>) | undefined
  /** The most data points in one request. @default 1000 */
  readonly batch?: number | undefined
  /** Ends the request. */
  readonly signal?: AbortSignal | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Sends all values to an OpenTelemetry collector once (OTLP/HTTP with JSON). Call it from a schedule of yours.
 *
 * @returns How many data points were sent.
 * @throws `CORE_METRICS_PUSH_FAILED` when the collector cannot be reached or refuses; the signal's reason.
 * @example
 * ```ts
 * import { createMetrics, pushOtlp } from '@exprsn/core/metrics'
 *
 * const metrics = createMetrics()
 * metrics.counter({ name: 'starts', help: 'Starts of the program.' }).add(1)
 * const fetch = async () => new Response('{}')
 * const points = await pushOtlp(metrics, { url: 'http://localhost:4318/v1/metrics', fetch })
 * console.log(points) // 1
 * ```
 */
export async function pushOtlp(metrics: Metrics, options: PushOtlpOptions): Promise<number> {
  const { batch = 1_000, signal, clock = systemClock } = options
  const whole = metrics.toOtlp(options)
  let sent = 0
  for (const [request, points] of inBatches(whole, batch)) {
    if (sent > 0) await sleep(0, { clock, signal })
    await send(request, options)
    sent += points
  }
  return sent
}

async function send(
  request: OtlpMetricsRequest,
  { url, headers = {}, fetch = globalThis.fetch, signal }: PushOtlpOptions,
): Promise<void> {
  signal?.throwIfAborted()
  let response: Response
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(request),
      ...(signal && { signal }),
    })
    await response.body?.cancel()
  } catch (cause) {
    signal?.throwIfAborted()
    throw metricsErrors.CORE_METRICS_PUSH_FAILED({ reason: 'it cannot be reached' }, { cause })
  }
  if (!response.ok) throw metricsErrors.CORE_METRICS_PUSH_FAILED({ reason: `status ${response.status}` })
}

const dataKinds = ['sum', 'gauge', 'histogram', 'exponentialHistogram'] as const

/** Requests of at most `size` points, an instrument with more of them in several. */
function* inBatches(whole: OtlpMetricsRequest, size: number): Generator<[OtlpMetricsRequest, number]> {
  const [resource] = whole.resourceMetrics
  const [scope] = resource!.scopeMetrics
  const requestOf = (metrics: OtlpMetric[]): OtlpMetricsRequest => ({
    resourceMetrics: [{ ...resource!, scopeMetrics: [{ ...scope!, metrics }] }],
  })
  let batch: OtlpMetric[] = []
  let points = 0
  for (const metric of scope!.metrics)
    for (const part of partsOf(metric, size)) {
      if (points > 0 && points + part.points > size) {
        yield [requestOf(batch), points]
        batch = []
        points = 0
      }
      batch.push(part.metric)
      points += part.points
    }
  if (points > 0) yield [requestOf(batch), points]
}

function partsOf(metric: OtlpMetric, size: number): { readonly metric: OtlpMetric; readonly points: number }[] {
  const kind = dataKinds.find((each) => metric[each] !== undefined)!
  const data = metric[kind]!
  return Array.from({ length: Math.ceil(data.dataPoints.length / size) }, (_, part) => {
    const dataPoints = data.dataPoints.slice(part * size, (part + 1) * size)
    return { metric: { ...metric, [kind]: { ...data, dataPoints } }, points: dataPoints.length }
  })
}
