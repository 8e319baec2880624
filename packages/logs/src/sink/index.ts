/**
 * The port that every destination of log lines implements, and what they share.
 *
 * @packageDocumentation
 */
export { sinkErrors } from './errors.ts'
export {
  httpConnection,
  type HttpConnection,
  type HttpSinkOptions,
  type SinkCompression,
  type SinkRequest,
} from './http-sink.ts'
export { jsonBytes, ndjson } from './ndjson.ts'
export { sinkErrorOf } from './sink-error.ts'
export type { LogBatch, RejectedLine, Sink, SinkContext, SinkLimits, SinkOutcome } from './sink.ts'
