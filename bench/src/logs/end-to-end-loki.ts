import { lokiSink } from '@exprsn/logs/drivers/loki'
import { endToEnd } from './ship/end-to-end.ts'

/** To Loki's push API, JSON on both sides. */
export const benchmark = endToEnd({
  name: 'logs/end-to-end-loki',
  peer: 'pino-loki',
  sink: (url) => lokiSink({ url, encoding: 'json', compression: 'none' }),
  options: (url) => ({ host: url, labels: { job: 'app' }, batching: { interval: 1, maxBufferSize: 1_000_000 } }),
})
