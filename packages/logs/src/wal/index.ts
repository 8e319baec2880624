/**
 * The write-ahead log: lines go to a file before they go anywhere else.
 *
 * @packageDocumentation
 */
export { walErrors } from './errors.ts'
export { Spool, type SpoolLosses } from './spool.ts'
export type { FullPolicy, SpoolOptions } from './spool-options.ts'
export type { Durability, WriteOutcome } from './spool-writer.ts'
export type { AdoptedFolder } from './adopt-folders.ts'
export type { Segment, SegmentLog } from './segment-log.ts'
export { openCheckpoint, type Checkpoint } from './checkpoint.ts'
export { SpoolReader, type LossReason, type ReadBatch, type SegmentSource } from './spool-reader.ts'
