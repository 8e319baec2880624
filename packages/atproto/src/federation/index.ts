/**
 * What a host shows to the network: its records as repositories, feeds, and who may ask.
 *
 * @packageDocumentation
 */
export { federationErrors } from './errors.ts'
export {
  createFeedGenerator,
  formatFeedCursor,
  parseFeedCursor,
  type Feed,
  type FeedEntry,
  type FeedGenerator,
  type FeedGeneratorOptions,
  type FeedPage,
  type FeedPosition,
  type FeedRequest,
} from './feed-generator.ts'
export { servedRepoMigrations } from './served-migrations.ts'
export type { HostRepo, ServedStatus } from './served-repo.ts'
export {
  createServedRepos,
  type HostBlob,
  type KeepEventsOptions,
  type ServedHead,
  type ServedRepos,
  type ServedReposOptions,
} from './served-repos.ts'
export { createServiceAuth, type ServiceAuth, type ServiceAuthOptions, type ServiceCaller } from './service-auth.ts'
export { databaseTokens, memoryTokens, usedTokenMigrations, type UsedTokens } from './used-tokens.ts'
