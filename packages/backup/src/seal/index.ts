/**
 * Sealing as restic does it: AES-256-CTR with Poly1305-AES authenticators.
 *
 * @packageDocumentation
 */
export { isAuthentic, openSealed, sealInto, sealOverhead, sealPlain, type SealingKey } from './sealing.ts'
export { ownMemory } from './own-memory.ts'
export { release } from './release.ts'
