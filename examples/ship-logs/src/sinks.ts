import { createPipeline, dropWhen, type Sink } from '@exprsn/logs'
import { elasticsearchSink } from '@exprsn/logs/drivers/elasticsearch'
import { fileSink } from '@exprsn/logs/drivers/file'
import { lokiSink } from '@exprsn/logs/drivers/loki'

/** The sinks that the environment names, without the lines of health checks. */
export function sinksFrom(environment: Readonly<Record<string, string | undefined>>, folder: string): Sink[] {
  const { LOKI_URL: loki, ELASTICSEARCH_URL: elasticsearch } = environment
  const sinks: Sink[] = []
  if (loki !== undefined) sinks.push(lokiSink({ url: loki, labels: { job: 'ship-logs' } }))
  if (elasticsearch !== undefined) sinks.push(elasticsearchSink({ url: elasticsearch, index: 'logs-shop-default' }))
  if (sinks.length === 0) sinks.push(fileSink({ path: `${folder}/app.ndjson` }))
  const interesting = createPipeline(dropWhen(({ fields }) => isHealthCheck(fields.req)))
  return sinks.map((sink) => interesting.into(sink))
}

function isHealthCheck(request: unknown): boolean {
  return typeof request === 'object' && request !== null && (request as { url?: unknown }).url === '/healthz'
}
