import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { RepositoryContext } from '../repository/context.ts'

/** The header of an Ed25519 private key in PKCS #8 (RFC 8410 §7), before its 32 bytes. */
const header = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The pair of keys that signs a repository's log: derived from its master key (HKDF, RFC 5869), so nobody has to keep it. */
export function signingKey({ key, config }: RepositoryContext): {
  readonly sign: KeyObject
  readonly verify: KeyObject
} {
  const seed = Buffer.from(hkdfSync('sha256', key.encrypt, config.id, 'exprsn snapshot log', 32))
  const sign = createPrivateKey({ key: Buffer.concat([header, seed]), format: 'der', type: 'pkcs8' })
  return { sign, verify: createPublicKey(sign) }
}
