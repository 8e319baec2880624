import type { Metrics } from './create-metrics.ts'
import { chooseTextFormat, textContentTypes } from './text/text-format.ts'

/**
 * Answers scrapes: `GET` and `HEAD` on whatever path it is mounted, in OpenMetrics when the request accepts it and in the
 * Prometheus format otherwise. The text is written while it is sent, with pauses for other requests.
 * It does not ask who scrapes: mount it behind your own guard, or on a port that only the scraper reaches.
 *
 * @example
 * ```ts
 * import { createMetrics, createMetricsHandler } from '@exprsn/core/metrics'
 *
 * const metrics = createMetrics()
 * metrics.gauge({ name: 'queue_length', help: 'Jobs waiting.' }).set(3)
 * const handler = createMetricsHandler(metrics)
 * const response = await handler(new Request('http://localhost/metrics'))
 * console.log(await response.text())
 * ```
 */
export function createMetricsHandler(metrics: Metrics): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })
    const format = chooseTextFormat(request.headers.get('accept'))
    const headers = { 'content-type': textContentTypes[format], 'cache-control': 'no-store', vary: 'accept' }
    if (request.method === 'HEAD') return new Response(null, { headers })
    return new Response(byteStream(metrics.text({ format, signal: request.signal })), { headers })
  }
}

function byteStream(texts: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = texts[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done === true) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}
