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
export {
  createServedRepos,
  servedRepoMigrations,
  type HostBlob,
  type HostRepo,
  type ServedHead,
  type ServedRepos,
  type ServedReposOptions,
} from './served-repos.ts'
export { createServiceAuth, type ServiceAuth, type ServiceAuthOptions, type ServiceCaller } from './service-auth.ts'
export { databaseTokens, memoryTokens, usedTokenMigrations, type UsedTokens } from './used-tokens.ts'
