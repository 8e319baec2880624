/**
 * What a host serves: handles and did:web documents, feeds, repositories, and the settings of cross-posting.
 *
 * @packageDocumentation
 */
export {
  acceptWebSocket,
  refuseUpgrade,
  type AcceptWebSocketOptions,
  type ServerSocket,
  type UpgradeRequest,
} from './web-socket/accept-web-socket.ts'
export { createIdentityHandler } from './create-identity-handler.ts'
export { createRepoStream, type RepoStream, type RepoStreamOptions } from './create-repo-stream.ts'
export { servingErrors } from './errors.ts'
export { createFeedHandler, feedRouter, type FeedRouterOptions } from './feed-router.ts'
export { identityRouter, type IdentityRouterOptions } from './identity-router.ts'
export { createRepoHandler, repoRouter, type RepoRouterOptions } from './repo-router.ts'
export {
  createSettingsHandler,
  settingsRouter,
  type SettingsAccount,
  type SettingsLogin,
  type SettingsMapping,
  type SettingsRouterOptions,
} from './settings-router.ts'
