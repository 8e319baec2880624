/**
 * Brings lines from the write-ahead log to the sinks.
 *
 * @packageDocumentation
 */
export { createShipper, type FlushResult, type Shipper } from './create-shipper.ts'
export type { DeadLetter } from './dead-letters.ts'
export { shipperErrors } from './errors.ts'
export type { LineStream } from './line-stream.ts'
export type { DeadlineOptions, ShipperOptions } from './shipper-options.ts'
export type { ShipperStatus, SinkStatus } from './shipper-status.ts'
export { createStatusHandler } from './status-handler.ts'
