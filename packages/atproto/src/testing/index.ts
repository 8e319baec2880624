/**
 * A PDS and a directory in memory, with faults on demand, and the contract that holds them against real servers.
 *
 * @packageDocumentation
 */
export type { AccountStatus, FakeAccount, FakeBlob } from './fake-account.ts'
export { EventLog, type StoredFrame } from './event-log.ts'
export type { FakeFault } from './fake-faults.ts'
export { FakeHost, type FakeHostOptions, type NewAccount } from './fake-host.ts'
export { createFakeVideoService, type FakeVideoService, type FakeVideoServiceOptions } from './fake-video-service.ts'
export { createFakePds, type FakePds, type FakePdsOptions } from './fake-pds.ts'
export {
  createFakeMastodon,
  type FakeAttachment,
  type FakeMastodon,
  type FakeMastodonOptions,
  type FakeStatus,
} from './fake-mastodon.ts'
export { FakePlc, type FakeIdentity, type FakePlcOptions } from './fake-plc.ts'
export { FakeRepo, type StoredRecord } from './fake-repo.ts'
export type { FakeSession, FakeSessions } from './fake-sessions.ts'
export type { PdsSubject } from './contract/pds-subject.ts'
export { pdsContract } from './pds-contract.ts'
export { publishTargetConformance, type TargetSubject } from './target-conformance.ts'
export { officialLimits, type FakeRateLimits, type RateWindow } from './rate-limits.ts'
export type { FrameFilter } from './subscription.ts'
