/**
 * Log shippers with a write-ahead log and an embedded, searchable store.
 *
 * @packageDocumentation
 */
export { memorySink, type MemorySink, type MemorySinkOptions } from './drivers/memory.ts'
export { levelNames, levelOf, type LevelName } from './record/level.ts'
export { createRecord, type LogFields, type LogRecord, type LogRecordParts } from './record/log-record.ts'
export { createShipper, type FlushResult, type Shipper } from './shipper/create-shipper.ts'
export type { DeadLetter } from './shipper/dead-letters.ts'
export { shipperErrors } from './shipper/errors.ts'
export type { LineStream } from './shipper/line-stream.ts'
export type { DeadlineOptions, ShipperOptions } from './shipper/shipper-options.ts'
export type { ShipperStatus, SinkStatus } from './shipper/shipper-status.ts'
export { createStatusHandler } from './shipper/status-handler.ts'
export { sinkErrors } from './sink/errors.ts'
export type { LogBatch, RejectedLine, Sink, SinkContext, SinkLimits, SinkOutcome } from './sink/sink.ts'
export { walErrors } from './wal/errors.ts'
export type { FullPolicy, SpoolOptions } from './wal/spool-options.ts'
export type { Durability, WriteOutcome } from './wal/spool-writer.ts'
