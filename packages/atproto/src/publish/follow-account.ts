import { silentLogger, type ExprsnError, type Logger } from '@exprsn/core'
import type { IdentityResolver } from '../identity/index.ts'
import { publishErrors } from './errors.ts'
import { needsLogin } from './needs-login.ts'
import type { PublishAccount, XrpcAnswer, XrpcRequest } from './publish-account.ts'

/** A change of an account's host. */
export interface AccountMove {
  readonly did: string
  /** Base URL of the host that it has left. */
  readonly from: string
  /** Base URL of the host that its identity names now. */
  readonly to: string
}

/** Options of {@link followAccount}. */
export interface FollowAccountOptions {
  /** The account that is written to. */
  readonly did: string
  /**
   * Tells the account's host; asked anew at most once in its `refreshInterval`. With `plcTrust: 'log'` nobody but the owner of
   * the identity can send logins elsewhere.
   */
  readonly identities: Pick<IdentityResolver, 'resolveDid'>
  /**
   * The account at a host: `(service) => passwordAccount({ did, service, password, client })`, or
   * `(service) => sessions.account(did, { service })`. Called once for each host.
   */
  readonly open: (service: string) => PublishAccount
  /** Told of each move: the account may need a new login then. @default nothing */
  readonly onMove?: ((move: AccountMove) => void) | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
}

/**
 * An account that is followed when it moves to another host: when its host has put it out of use, or is not there any more, its
 * identity is asked where it is now, and the call is made there. As passwords do not move, the new host may refuse the login:
 * items then wait, and say so.
 *
 * @example
 * ```ts
 * import { createClient } from '@exprsn/core/client'
 * import { createIdentityResolver } from '@exprsn/atproto/identity'
 * import { followAccount, passwordAccount } from '@exprsn/atproto/publish'
 * import { createFakePds } from '@exprsn/atproto/testing'
 *
 * await using pds = createFakePds()
 * await pds.start()
 * const { did } = pds.host.createAccount({ handle: 'alice.test', password: 'app-password' })
 * await using client = createClient({ allow: { loopbackAddresses: true } })
 * await using identities = createIdentityResolver({ client, plcDirectory: pds.plcUrl, allowHttp: true })
 * const account = followAccount({
 *   did,
 *   identities,
 *   open: (service) => passwordAccount({ did, service, password: 'app-password', client }),
 * })
 * const { body } = await account.call('com.atproto.server.getSession', {})
 * console.log(body.handle) // alice.test
 * ```
 */
export function followAccount(options: FollowAccountOptions): PublishAccount {
  return new FollowedAccount(options)
}

/** The account at the host where it was found. */
interface Place {
  readonly service: string
  readonly account: PublishAccount
  /** Whether it has moved there and nothing has succeeded there yet. */
  isNew: boolean
}

class FollowedAccount implements PublishAccount {
  readonly did: string
  readonly #options: FollowAccountOptions
  readonly #logger: Logger
  #place: Promise<Place> | undefined
  #search: Promise<Place> | undefined

  constructor(options: FollowAccountOptions) {
    this.#options = options
    this.did = options.did
    this.#logger = options.logger ?? silentLogger
  }

  async call(method: string, request: XrpcRequest): Promise<XrpcAnswer> {
    const place = await this.#current()
    let refused: XrpcAnswer | Error
    try {
      const answer = await callAt(place, method, request)
      if (!mayBeElsewhere(answer)) return answer
      refused = answer
    } catch (error) {
      request.signal?.throwIfAborted()
      refused = error as Error
    }
    const next = await this.#moved(place)
    // What an outage has done nobody knows: whoever called finds out, at the new host.
    if (next !== place && isCertain(refused)) return callAt(next, method, request)
    if (refused instanceof Error) throw refused
    return refused
  }

  #current(): Promise<Place> {
    this.#place ??= this.#find(false).catch((error: unknown) => {
      this.#place = undefined
      throw error
    })
    return this.#place
  }

  /** Where the account is now: one search at a time, for all who ask. */
  #moved(place: Place): Promise<Place> {
    this.#search ??= this.#follow(place).finally(() => (this.#search = undefined))
    return this.#search
  }

  async #follow(place: Place): Promise<Place> {
    const { did } = this
    const current = await this.#current()
    if (current !== place) return current
    try {
      const found = await this.#find(true)
      if (found.service === place.service) return place
      this.#place = Promise.resolve(found)
      this.#logger.warn({ did, from: place.service, to: found.service }, 'the account has moved to another host')
      this.#options.onMove?.({ did, from: place.service, to: found.service })
      return found
    } catch (error) {
      this.#logger.warn({ did, error }, 'the host of the account could not be found out')
      return place
    }
  }

  async #find(refresh: boolean): Promise<Place> {
    const { did, identities, open } = this.#options
    const { pds: service } = await identities.resolveDid(did, { refresh })
    if (service === undefined) {
      const reason = 'its identity names no host'
      throw publishErrors.ATPROTO_PUBLISH_LOGIN_FAILED({ service: did, reason })
    }
    return { service, account: open(service), isNew: refresh }
  }
}

async function callAt(place: Place, method: string, request: XrpcRequest): Promise<XrpcAnswer> {
  const { service, account } = place
  try {
    const answer = await account.call(method, request)
    if (answer.status < 400) place.isNew = false
    return answer
  } catch (error) {
    if (!place.isNew || !needsLogin(error)) throw error
    const details = { did: account.did, service, reason: String((error as ExprsnError).details?.reason) }
    throw publishErrors.ATPROTO_PUBLISH_ACCOUNT_MOVED(details, { cause: error })
  }
}

/** Whether a host that the account has left would answer so: it is out of use there, unknown, or the host is gone. */
function mayBeElsewhere({ status, body: { error, message } }: XrpcAnswer): boolean {
  if (status === 401 || status === 403 || status === 404 || status === 410 || status >= 500) return true
  const isUnknown = typeof message === 'string' && /could not find (repo|account|user)/i.test(message)
  return status === 400 && (error === 'RepoNotFound' || error === 'AccountNotFound' || isUnknown)
}

function isCertain(refused: XrpcAnswer | Error): boolean {
  return refused instanceof Error ? needsLogin(refused) : refused.status < 500
}
