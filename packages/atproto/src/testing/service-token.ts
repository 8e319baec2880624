import { verifySignature } from '../crypto/index.ts'
import type { FakeAccount } from './fake-account.ts'

/** What a token for another service says: for whom it is, for which method, and until when. */
export interface ServiceClaims {
  readonly aud: string
  readonly lxm: string | undefined
  /** Seconds since 1970. */
  readonly exp: number
}

/** A token that an account's host gives out, signed with the key of the account. */
export function serviceToken({ did, repo }: FakeAccount, claims: ServiceClaims): string {
  const alg = repo.key.curve === 'k256' ? 'ES256K' : 'ES256'
  const text = `${encode({ typ: 'JWT', alg })}.${encode({ iss: did, ...claims })}`
  return `${text}.${Buffer.from(repo.key.sign(Buffer.from(text))).toString('base64url')}`
}

/** The claims of a token; undefined when the account did not sign it. */
export function readServiceToken(token: string, { did, repo }: FakeAccount): ServiceClaims | undefined {
  const [header = '', body = '', signature = ''] = token.split('.')
  const message = Buffer.from(`${header}.${body}`)
  if (!verifySignature(repo.key.didKey, message, Buffer.from(signature, 'base64url'))) return undefined
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as ServiceClaims & { readonly iss: string }
  return claims.iss === did ? claims : undefined
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
