/**
 * Who is it, and may they: API keys in a database, JSON Web Tokens, rules over roles, scopes and attributes.
 *
 * @packageDocumentation
 */
export { allow, type AllowOptions, type Decision, type Rule, type RuleInput } from './allow.ts'
export { parseApiKey, type ApiKeyParts } from './api-key-format.ts'
export { apiKeyMigrations } from './api-key-migrations.ts'
export {
  createApiKeys,
  type ApiKey,
  type ApiKeyCallOptions,
  type ApiKeys,
  type ApiKeysOptions,
  type IssuedApiKey,
  type NewApiKey,
} from './api-keys.ts'
export { authErrors } from './errors.ts'
export type { Identity } from './identity.ts'
export { createJwtVerifier, type JwtAlgorithm, type JwtVerifier, type JwtVerifierOptions } from './jwt-verifier.ts'
