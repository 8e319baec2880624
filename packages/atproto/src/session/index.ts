/**
 * OAuth sessions that many processes share, sealed in the host's database.
 *
 * @packageDocumentation
 */
export { createOAuthSessions, type OAuthSessions, type OAuthSessionsOptions } from './create-oauth-sessions.ts'
export { sessionErrors } from './errors.ts'
export { sessionMigrations } from './migrations.ts'
export type { StoredSession } from './sealed-store.ts'
export type {
  OAuthClientLike,
  OAuthLibrary,
  OAuthSessionLike,
  OAuthStore,
  OAuthStores,
} from '../drivers/oauth-client-node.ts'
