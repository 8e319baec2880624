import { systemRandom, type Random } from '@exprsn/core'
import type { FakeAccount } from './fake-account.ts'
import type { FakeHost } from './fake-host.ts'
import { XrpcError } from './xrpc-error.ts'

/** What a login gives. */
export interface FakeSession {
  readonly did: string
  readonly handle: string
  readonly accessJwt: string
  readonly refreshJwt: string
  readonly active: boolean
}

/** Who is logged in. The tokens are opaque here, though they go where the real ones go. */
export class FakeSessions {
  readonly #random: Random
  readonly #access = new Map<string, string>()
  readonly #refresh = new Map<string, string>()

  constructor(random: Random = systemRandom) {
    this.#random = random
  }

  /** Logs in with a handle or DID and the password. */
  create(host: FakeHost, identifier: string, password: string): FakeSession {
    const account = host.account(identifier)
    if (account?.password !== password)
      throw new XrpcError(401, 'AuthenticationRequired', 'Invalid identifier or password')
    return this.open(account)
  }

  /** A new session of an account. */
  open({ did, handle, status }: FakeAccount): FakeSession {
    const accessJwt = this.#token()
    const refreshJwt = this.#token()
    this.#access.set(accessJwt, did)
    this.#refresh.set(refreshJwt, did)
    return { did, handle, accessJwt, refreshJwt, active: status === 'active' }
  }

  /** A new pair of tokens. The old one stays good for a while on the real server, and here. */
  refresh(host: FakeHost, token: string | undefined): FakeSession {
    const account = host.accounts.get(this.#refresh.get(token ?? '') ?? '')
    if (account === undefined) throw new XrpcError(400, 'ExpiredToken', 'Token has been revoked')
    return this.open(account)
  }

  /** Ends every access token, as time does. */
  expireAll(): void {
    this.#access.clear()
  }

  /** Whose token it is. */
  require(host: FakeHost, token: string | undefined): FakeAccount {
    if (token === undefined) throw new XrpcError(401, 'AuthMissing', 'Authentication Required')
    const account = host.accounts.get(this.#access.get(token) ?? '')
    if (account === undefined) throw new XrpcError(400, 'ExpiredToken', 'Token has expired')
    return account
  }

  #token(): string {
    return `fake.${Buffer.from(this.#random.bytes(18)).toString('base64url')}.token`
  }
}
