/**
 * Publishes a host's items to the AT Protocol, each exactly once: mappings, an outbox in the host's own transaction, threads,
 * edits, deletions, rate limits and conflicts.
 *
 * @packageDocumentation
 */
export { createPublisher } from './create-publisher.ts'
export type { CreatePublisherOptions } from './publisher-options.ts'
export { publishErrors } from './errors.ts'
export { fetchAccount, type FetchAccountOptions } from './fetch-account.ts'
export {
  createRequestBudget,
  officialRequests,
  type RequestBudget,
  type RequestBudgetOptions,
} from './request-budget.ts'
export { followAccount, type AccountMove, type FollowAccountOptions } from './follow-account.ts'
export type { ItemState } from './item-rows.ts'
export { createLoginBudget, officialLogins, type LoginBudget, type LoginBudgetOptions } from './login-budget.ts'
export {
  defineMapping,
  type ConflictPolicy,
  type EditPolicy,
  type IncomingRecord,
  type Mapping,
  type MergeVersions,
  type ThreadPolicy,
  type TwoWayPolicy,
} from './mapping.ts'
export { publishMigrations } from './migrations.ts'
export {
  passwordAccount,
  type PasswordAccountOptions,
  type PasswordSession,
  type SessionStore,
} from './password-account.ts'
export {
  draftText,
  PostDraft,
  type DraftText,
  type LinkCard,
  type MediaFile,
  type PostSettings,
  type StrongRef,
  type WhoMayReply,
} from './post-draft.ts'
export type { PublishAccount, XrpcAnswer, XrpcRequest } from './publish-account.ts'
export type { PublishedItem, Publisher, PutOptions, PutResult } from './publisher.ts'
export { readBudgets, type BudgetUse } from './read-budgets.ts'
export { createRecordMap, type AdoptedRecord, type RecordMap, type RecordPlace } from './record-map.ts'
export { splitPost, type SplitPostOptions } from '../richtext/index.ts'
export { atprotoTarget, crossPostMapping, type CrossPosts } from './targets/atproto-target.ts'
export {
  createCrossPoster,
  type CrossPoster,
  type CrossPosterOptions,
  type CrossPostState,
} from './targets/cross-poster.ts'
export { targetErrors } from './targets/errors.ts'
export { feedTarget, type FeedFormat, type FeedTarget, type FeedTargetOptions } from './targets/feed-target.ts'
export { mastodonTarget, type MastodonTargetOptions } from './targets/mastodon-target.ts'
export { plainText } from './targets/plain-text.ts'
export type {
  CrossPost,
  CrossPostImage,
  PublishTarget,
  TargetCall,
  TargetCapabilities,
  TargetOutcome,
  TargetRecord,
} from './targets/publish-target.ts'
export { readFeed, type ReadFeed, type ReadFeedEntry } from './targets/read-feed.ts'
export { officialBudget, type BudgetWindow } from './budget-window.ts'
