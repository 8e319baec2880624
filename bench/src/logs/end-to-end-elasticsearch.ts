import { elasticsearchSink } from '@exprsn/logs/drivers/elasticsearch'
import { endToEnd } from './ship/end-to-end.ts'

/** To `_bulk`. */
export const benchmark = endToEnd({
  name: 'logs/end-to-end-elasticsearch',
  peer: 'pino-elasticsearch',
  sink: (url) => elasticsearchSink({ url, compression: 'none' }),
  options: (url) => ({ node: url, index: 'logs', flushInterval: 1_000, flushBytes: 1_000_000 }),
})
