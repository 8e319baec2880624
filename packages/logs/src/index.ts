/**
 * Log shippers with a write-ahead log and an embedded, searchable store.
 *
 * @packageDocumentation
 */
export { memorySink, type MemorySink, type MemorySinkOptions } from './drivers/memory.ts'
export { bunyanStream, type BunyanStream, type BunyanStreamOptions } from './front/bunyan-stream.ts'
export { captureConsole, type CaptureConsoleOptions, type ConsoleLike } from './front/console-capture.ts'
export { createLogger, type CreateLoggerOptions } from './front/create-logger.ts'
export { frontErrors } from './front/errors.ts'
export type { PinoLike, PinoLogger } from './front/load-pino.ts'
export { winstonTransport, type WinstonTransportOptions } from './front/winston-transport.ts'
export { createPipeline, type Pipeline, type PipelineCounts } from './pipeline/create-pipeline.ts'
export {
  atLeast,
  dropWhen,
  limitPerKey,
  sample,
  type LimitPerKeyOptions,
  type SampleOptions,
} from './pipeline/drop-steps.ts'
export { pipelineErrors } from './pipeline/errors.ts'
export { enrich, mask, parseJson, removeFields, rename } from './pipeline/field-steps.ts'
export { joinLines, type JoinLinesOptions, type LineJoiner } from './pipeline/join-lines.ts'
export type { PipelineEvent, PipelineStep } from './pipeline/step.ts'
export { tailSample, type TailSampleOptions } from './pipeline/tail-sample.ts'
export { levelNames, levelOf, type LevelName } from './record/level.ts'
export { createRecord, type LogFields, type LogRecord, type LogRecordParts } from './record/log-record.ts'
export { createShipper, type FlushResult, type Shipper } from './shipper/create-shipper.ts'
export type { DeadLetter } from './shipper/dead-letters.ts'
export { shipperErrors } from './shipper/errors.ts'
export type { LineStream } from './shipper/line-stream.ts'
export type { DeadlineOptions, ShipperOptions } from './shipper/shipper-options.ts'
export type { ShipperStatus, SinkStatus } from './shipper/shipper-status.ts'
export { sinkErrors } from './sink/errors.ts'
export type { HttpSinkOptions, SinkCompression } from './sink/http-sink.ts'
export type { ServiceOptions } from './sink/service-client.ts'
export type { KeptPlaces, LogBatch, RejectedLine, Sink, SinkContext, SinkLimits, SinkOutcome } from './sink/sink.ts'
export { walErrors } from './wal/errors.ts'
export type { FullPolicy, SpoolOptions } from './wal/spool-options.ts'
export type { Durability, WriteOutcome } from './wal/spool-writer.ts'
export { createLogStore, type LogStore, type LogStoreOptions } from './store/index.ts'
