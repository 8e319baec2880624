/**
 * Keeps a host's tables in step with repositories of the AT Protocol: verified, and each change exactly once.
 *
 * @packageDocumentation
 */
export { carSource, type CarSourceOptions } from './car-source.ts'
export { createSync, type ParkedRepo, type RunOnceOptions, type Sync } from './create-sync.ts'
export { syncErrors } from './errors.ts'
export { firehoseSource, type FirehoseSourceOptions } from './firehose-source.ts'
export { guardRecords, type GuardRecordsOptions } from './guard-record.ts'
export { jetstreamSource, type JetstreamSourceOptions } from './jetstream-source.ts'
export type { JsonSourceOptions } from './json-source.ts'
export type { ResolveSigningKey } from './key-cache.ts'
export { syncMigrations } from './migrations.ts'
export type { AccountChange, IdentityChange, RecordChange, RecordDeletion, SyncEvent } from './sync-event.ts'
export type { SyncHandler, SyncOptions } from './sync-options.ts'
export type {
  ListedRepo,
  MessageBase,
  OpenSourceOptions,
  SourceItem,
  SourceMessage,
  SyncSource,
} from './sync-source.ts'
export type { SyncStatus } from './sync-status.ts'
export type { RepoCounts } from './sync-store.ts'
export type { SyncTally } from './sync-tally.ts'
export { tapSource, type TapSourceOptions } from './tap-source.ts'
