/**
 * What a host serves for its accounts: handles and did:web documents.
 *
 * @packageDocumentation
 */
export { createIdentityHandler } from './create-identity-handler.ts'
export { servingErrors } from './errors.ts'
export { identityRouter, type IdentityRouterOptions } from './identity-router.ts'
