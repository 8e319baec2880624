import type { Client } from '@exprsn/core/client'
import { answerOf, httpRequest } from './fetch-account.ts'
import { publishErrors } from './errors.ts'
import type { LoginBudget } from './login-budget.ts'
import type { PublishAccount, XrpcAnswer, XrpcRequest } from './publish-account.ts'

/** The tokens of a login. Keep them as you keep passwords. */
export interface PasswordSession {
  readonly accessJwt: string
  readonly refreshJwt: string
  /** The host that gave them: another is not shown them. @default any */
  readonly service?: string | undefined
}

/** Keeps sessions over restarts, so that logins, of which hosts allow 300 a day, are not used up. */
export interface SessionStore {
  load(did: string): Promise<PasswordSession | undefined>
  save(did: string, session: PasswordSession): Promise<void>
}

/** Options of {@link passwordAccount}. */
export interface PasswordAccountOptions {
  /** The account that is written to. */
  readonly did: string
  /** Base URL of the account's host. */
  readonly service: string
  /** An app password of the account; `new Secret(…)` has a `reveal`. */
  readonly password: string | { reveal(): string }
  /** The way out; its guard keeps requests from private addresses. */
  readonly client: Client
  /** @default in memory */
  readonly sessions?: SessionStore | undefined
  /** Counts logins, for all processes together: `createLoginBudget({ database })`. @default they are not counted */
  readonly logins?: Pick<LoginBudget, 'spend'> | undefined
}

const server = 'com.atproto.server'

/**
 * An account with an app password. It logs in when a method is called for the first time, takes a new token when the old one
 * has expired, and keeps both in the session store. Calls at the same time share one refresh.
 *
 * @example
 * ```ts
 * import { createClient } from '@exprsn/core/client'
 * import { passwordAccount } from '@exprsn/atproto/publish'
 * import { createFakePds } from '@exprsn/atproto/testing'
 *
 * await using pds = createFakePds()
 * await pds.start()
 * const { did } = pds.host.createAccount({ handle: 'alice.test', password: 'app-password' })
 * await using client = createClient({ allow: { loopbackAddresses: true } })
 * const account = passwordAccount({ did, service: pds.url, password: 'app-password', client })
 * const { body } = await account.call('com.atproto.server.getSession', {})
 * console.log(body.handle) // alice.test
 * ```
 */
export function passwordAccount(options: PasswordAccountOptions): PublishAccount {
  return new PasswordAccount(options)
}

class PasswordAccount implements PublishAccount {
  readonly did: string
  readonly #options: PasswordAccountOptions
  #session: PasswordSession | undefined
  #renewal: Promise<PasswordSession> | undefined

  constructor(options: PasswordAccountOptions) {
    this.#options = options
    this.did = options.did
  }

  async call(method: string, request: XrpcRequest): Promise<XrpcAnswer> {
    this.#session ??= await this.#stored()
    let session = this.#session ?? (await this.#renew(undefined))
    let answer = await this.#send(method, request, session.accessJwt)
    if (isExpired(answer)) {
      session = await this.#renew(session)
      answer = await this.#send(method, request, session.accessJwt)
    }
    return answer
  }

  /** An account that has moved here left its session at the host before. */
  async #stored(): Promise<PasswordSession | undefined> {
    const { sessions, service } = this.#options
    const stored = await sessions?.load(this.did)
    return stored?.service === undefined || stored.service === service ? stored : undefined
  }

  /** One at a time; whoever comes while one is on its way gets its result. */
  #renew(old: PasswordSession | undefined): Promise<PasswordSession> {
    if (old !== undefined && this.#session !== undefined && this.#session !== old) return Promise.resolve(this.#session)
    this.#renewal ??= this.#newSession(old).finally(() => (this.#renewal = undefined))
    return this.#renewal
  }

  async #newSession(old: PasswordSession | undefined): Promise<PasswordSession> {
    const refreshed = old === undefined ? undefined : await this.#refresh(old)
    const session = { ...(refreshed ?? (await this.#login())), service: this.#options.service }
    this.#session = session
    await this.#options.sessions?.save(this.did, session)
    return session
  }

  async #refresh({ refreshJwt }: PasswordSession): Promise<PasswordSession | undefined> {
    const answer = await this.#send(`${server}.refreshSession`, { input: {} }, refreshJwt, true)
    if (answer.status >= 500 || answer.status === 429) throw unavailable('refreshSession', answer)
    return answer.status === 200 ? sessionOf(answer) : undefined
  }

  async #login(): Promise<PasswordSession> {
    const { password, service, logins } = this.#options
    const input = { identifier: this.did, password: typeof password === 'string' ? password : password.reveal() }
    const send = () => this.#send(`${server}.createSession`, { input }, undefined)
    const answer = await (logins === undefined ? send() : logins.spend(this.did, send))
    if (answer.status >= 500 || answer.status === 429) throw unavailable('createSession', answer)
    const session = answer.status === 200 ? sessionOf(answer) : undefined
    if (session !== undefined) return session
    const { error, message } = answer.body
    const reason = typeof message === 'string' ? message : typeof error === 'string' ? error : `status ${answer.status}`
    throw publishErrors.ATPROTO_PUBLISH_LOGIN_FAILED({ service, reason })
  }

  async #send(method: string, request: XrpcRequest, token: string | undefined, isBare = false): Promise<XrpcAnswer> {
    const { path, init } = httpRequest(method, request)
    const headers = {
      ...(isBare ? {} : (init.headers as Record<string, string> | undefined)),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
    const body = isBare ? null : (init.body ?? null)
    const url = new URL(path, this.#options.service)
    return answerOf(await this.#options.client.fetch(url, { ...init, body, headers }))
  }
}

function isExpired({ status, body }: XrpcAnswer): boolean {
  return (status === 400 || status === 401) && (body.error === 'ExpiredToken' || body.error === 'InvalidToken')
}

function sessionOf({ body: { accessJwt, refreshJwt } }: XrpcAnswer): PasswordSession | undefined {
  return typeof accessJwt === 'string' && typeof refreshJwt === 'string' ? { accessJwt, refreshJwt } : undefined
}

function unavailable(method: string, { status, body }: XrpcAnswer): Error {
  const error = typeof body.error === 'string' ? body.error : ''
  return publishErrors.ATPROTO_PUBLISH_UNAVAILABLE({ method: `${server}.${method}`, status, error })
}
