import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createShipper, type Sink } from '@exprsn/logs'
import { elasticsearchSink } from '@exprsn/logs/drivers/elasticsearch'
import { lokiSink } from '@exprsn/logs/drivers/loki'
import { pino } from 'pino'

/** Something that sends lines with a number to a service. */
export interface Client {
  log(seq: number): void
  /** Sends what it still has, as far as the client knows how; never longer than its limit. */
  end(): Promise<unknown>
}

/** The clients that are compared, each as its README sets it up, with batches where it has them. */
export const clients: Readonly<Record<string, (url: string) => Client | Promise<Client>>> = {
  'ours, loki': (url) => ourClient(lokiSink({ url, encoding: 'json' })),
  'ours, elasticsearch': (url) => ourClient(elasticsearchSink({ url })),
  'pino-loki': (url) => transportClient('pino-loki', { host: url, labels: { job: 'app' }, batching: { interval: 1 } }),
  'pino-elasticsearch': (url) =>
    transportClient('pino-elasticsearch', { node: url, index: 'logs', flushInterval: 1_000, flushBytes: 100_000 }),
  'pino-opentelemetry-transport': (url) =>
    transportClient('pino-opentelemetry-transport', {
      resourceAttributes: { 'service.name': 'app' },
      logRecordProcessorOptions: [
        {
          recordProcessorType: 'batch',
          exporterOptions: { protocol: 'http', httpExporterOptions: { url: `${url}/v1/logs` } },
        },
      ],
    }),
  'winston http': (url) => winstonClient(url),
}

async function ourClient(sink: Sink): Promise<Client> {
  const folder = mkdtempSync(join(tmpdir(), 'exprsn-bench-loss-'))
  const shipper = createShipper({ sinks: [sink], spool: folder })
  const logger = pino(shipper.stream())
  return {
    log: (seq) => logger.info({ seq }, 'line'),
    async end() {
      await shipper.close({ deadline: '20s' })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function transportClient(target: string, options: object): Client {
  const transport = pino.transport({ target, options }) as ReturnType<typeof pino.transport> & { end(): void }
  transport.on('error', () => {})
  const logger = pino(transport)
  return {
    log: (seq) => logger.info({ seq }, 'line'),
    end: () =>
      new Promise<void>((resolve) => {
        transport.on('close', resolve)
        setTimeout(resolve, 20_000)
        transport.end()
      }),
  }
}

async function winstonClient(url: string): Promise<Client> {
  const { default: winston } = await import('winston')
  const { hostname, port } = new URL(url)
  const transport = new winston.transports.Http({
    host: hostname,
    port: Number(port),
    batch: true,
    batchInterval: 1_000,
    batchCount: 100,
  })
  transport.on('error', () => {})
  const logger = winston.createLogger({ transports: [transport] })
  return {
    log: (seq) => void logger.info('line', { seq }),
    async end() {
      await new Promise((resolve) => setTimeout(resolve, 5_000))
      logger.end()
    },
  }
}
