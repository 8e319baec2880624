/**
 * Publishes a host's items to the AT Protocol, each exactly once: mappings, an outbox in the host's own transaction, threads,
 * edits, deletions, rate limits and conflicts.
 *
 * @packageDocumentation
 */
export { createPublisher, type CreatePublisherOptions } from './create-publisher.ts'
export { publishErrors } from './errors.ts'
export { fetchAccount, type FetchAccountOptions } from './fetch-account.ts'
export type { ItemState } from './item-rows.ts'
export { defineMapping, type ConflictPolicy, type EditPolicy, type Mapping } from './mapping.ts'
export { publishMigrations } from './migrations.ts'
export {
  passwordAccount,
  type PasswordAccountOptions,
  type PasswordSession,
  type SessionStore,
} from './password-account.ts'
export { PostDraft, type DraftText, type LinkCard, type PostSettings, type StrongRef } from './post-draft.ts'
export type { PublishAccount, XrpcAnswer, XrpcRequest } from './publish-account.ts'
export type { PublishedItem, Publisher, PutOptions, PutResult } from './publisher.ts'
export { splitPost, type SplitPostOptions } from '../richtext/index.ts'
export { officialBudget, type BudgetWindow } from './write-budget.ts'
